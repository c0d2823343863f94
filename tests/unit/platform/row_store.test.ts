/** Rows alone and in pages: however they were written, the last write of each counts. */
import { PersonDb, type RowRecord } from "@pwa/platform/db";
import { allRows, deleteRows, getRows, putRows, rowStores } from "@pwa/platform/row_store";
import Dexie from "dexie";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import fc from "fast-check";
import { expect, it } from "vitest";

const IDS = 260;
const TABLES = ["client_case", "visit"] as const;

const rowOf = (number: number, content: number): RowRecord => ({
  table: TABLES[number % 2] as string,
  id: number.toString(16).padStart(32, "0"),
  created_by: "c".repeat(32),
  stamp: ["a".repeat(32), "a".repeat(32), "c".repeat(32)],
  columns: { pseudonym: String(content) },
});

type Deed = { kind: "put" | "delete"; from: number; count: number };
const deeds = fc.array(
  fc.record<Deed>({
    kind: fc.constantFrom("put", "put", "put", "delete"),
    from: fc.nat(IDS - 1),
    // Some at once, and so many that they lie in pages.
    count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 60, max: IDS })),
  }),
  { maxLength: 12 },
);

function freshStore(): PersonDb {
  Dexie.dependencies.indexedDB = new IDBFactory();
  Dexie.dependencies.IDBKeyRange = IDBKeyRange;
  return new PersonDb("d".repeat(32));
}

async function contents(db: PersonDb): Promise<Map<string, unknown>> {
  const rows = (await Promise.all(TABLES.map((table) => allRows(db, table)))).flat();
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  return new Map(rows.map(({ id, columns }) => [id, columns.pseudonym]));
}

it("holds what was written last, and nothing of what was deleted", async () => {
  await fc.assert(
    fc.asyncProperty(deeds, async (all) => {
      const db = freshStore();
      const model = new Map<string, unknown>();
      for (const [step, { kind, from, count }] of all.entries()) {
        const numbers = Array.from({ length: count }, (_, i) => (from + i) % IDS);
        const rows = numbers.map((number) => rowOf(number, step));
        const ids = new Set(rows.map(({ id }) => id));
        await db.transaction("rw", rowStores(db), () =>
          kind === "put" ? putRows(db, rows) : deleteRows(db, ids),
        );
        if (kind === "delete") for (const id of ids) model.delete(id);
        else for (const row of rows) model.set(row.id, row.columns.pseudonym);
        expect(await contents(db)).toEqual(model);
        for (const table of TABLES) {
          const wanted = [...ids, "f".repeat(32)];
          const found = await getRows(db, table, wanted);
          const meant = rows.filter((row) => row.table === table && model.has(row.id));
          expect(new Map(found.map(({ id, columns }) => [id, columns.pseudonym]))).toEqual(
            new Map(meant.map(({ id }) => [id, model.get(id)])),
          );
        }
        const pages = JSON.stringify(await db.page.toArray());
        if (kind === "delete") for (const id of ids) expect(pages).not.toContain(id);
      }
      db.close();
    }),
    { numRuns: 25 },
  );
});

it("takes thousands in with few writes", async () => {
  const db = freshStore();
  await putRows(
    db,
    Array.from({ length: 2_000 }, (_, number) => rowOf(number, 0)),
  );
  expect([await db.row.count(), await db.page.count()]).toEqual([0, 20]);
});
