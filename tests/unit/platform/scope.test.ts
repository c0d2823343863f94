/** What a phone may keep: cases handed to somebody who stands in, late work, and the end of both. */
import {
  type EnvelopeRecord,
  getMeta,
  PersonDb,
  putMeta,
  type RowRecord,
  type Send,
} from "@pwa/platform/db";
import { putRows, rowStores } from "@pwa/platform/row_store";
import { forgetEnded, forgetOutside } from "@pwa/platform/scope";
import { absorb } from "@pwa/platform/sync_absorb";
import type { SyncAnswer } from "@pwa/platform/sync_wire";
import Dexie from "dexie";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";

const HOUR = 3_600_000;
const [ONE, OTHER] = ["1".repeat(32), "2".repeat(32)] as const;
const STAMP = ["a".repeat(32), "a".repeat(32), "c".repeat(32)] as const;

let db: PersonDb;

beforeEach(async () => {
  Dexie.dependencies.indexedDB = new IDBFactory();
  Dexie.dependencies.IDBKeyRange = IDBKeyRange;
  db = new PersonDb("d".repeat(32));
  await putRows(db, [caseRow(ONE), caseRow(OTHER), visitOf(ONE, "3"), visitOf(OTHER, "4")]);
  await db.envelopes.bulkAdd([
    { list: [envelopeOf(ONE), envelopeOf(OTHER)] },
    { list: [envelopeOf(OTHER)] },
  ] as never);
});

const caseRow = (id: string): RowRecord => ({
  table: "client_case",
  id,
  created_by: "c".repeat(32),
  stamp: STAMP,
  columns: { kind: "handover" },
});
const visitOf = (owner: string, digit: string): RowRecord => ({
  ...caseRow(digit.repeat(32)),
  table: "visit",
  columns: { case: owner },
});
const envelopeOf = (owner: string) => ({ key_id: `${owner}${"f".repeat(16)}`, owner });

async function kept(): Promise<{ rows: string[]; owners: string[] }> {
  const rows = (await db.row.toCollection().primaryKeys()).sort();
  const owners = (await db.envelopes.toArray()).flatMap(
    ({ list }: { list: readonly EnvelopeRecord[] }) => list.map(({ owner }) => owner),
  );
  return { rows, owners };
}

const OF_ONE = { rows: [`client_case/${ONE}`, `visit/${"3".repeat(32)}`], owners: [ONE] };

const inTransaction = <T>(work: () => Promise<T>) =>
  db.transaction("rw", [...rowStores(db), db.envelopes, db.meta], work);

describe("a scope", () => {
  it("of a team forgets nothing", async () => {
    const before = await kept();
    expect(await inTransaction(() => forgetOutside(db, { team: "t".repeat(32) }))).toBe(false);
    expect(await kept()).toEqual(before);
  });

  it("of one case forgets all others, what hangs below them and their keys", async () => {
    const scope = { team: null, cases: { [ONE]: HOUR } };
    expect(await inTransaction(() => forgetOutside(db, scope))).toBe(true);
    expect(await kept()).toEqual(OF_ONE);
    expect(await inTransaction(() => forgetOutside(db, scope))).toBe(false);
  });

  it("without cases forgets everything", async () => {
    await inTransaction(() => forgetOutside(db, { team: null }));
    expect(await kept()).toEqual({ rows: [], owners: [] });
  });
});

describe("a case that was handed for a time", () => {
  beforeEach(() => putMeta(db, { team: null, cases: { [ONE]: 10 * HOUR, [OTHER]: 5 * HOUR } }));

  it("stays until its last moment and goes by itself", async () => {
    expect(await forgetEnded(db, 5 * HOUR - 1)).toBe(false);
    expect(await forgetEnded(db, 5 * HOUR)).toBe(true);
    expect(await kept()).toEqual(OF_ONE);
    expect(await forgetEnded(db, 9 * HOUR)).toBe(false);
    await forgetEnded(db, 10 * HOUR);
    expect((await kept()).rows).toEqual([]);
  });

  it("ends by the office's clock, whatever this phone's says", async () => {
    await putMeta(db, { skew: 3 * HOUR });
    expect(await forgetEnded(db, 2 * HOUR)).toBe(true);
    await putMeta(db, { skew: -100 * HOUR });
    expect(await forgetEnded(db, 12 * HOUR)).toBe(false);
  });

  it("comes again from the beginning when it went by a clock that was wrong", async () => {
    await putMeta(db, { scopeHash: "h" });
    expect(await forgetEnded(db, 5 * HOUR - 1)).toBe(false);
    expect(await getMeta(db, "scopeHash")).toBe("h");
    await forgetEnded(db, 5 * HOUR);
    expect(await getMeta(db, "scopeHash")).toBeNull();
  });

  it("is no matter for a member of the team", async () => {
    await putMeta(db, { team: "t".repeat(32) });
    expect(await forgetEnded(db, 100 * HOUR)).toBe(false);
    expect((await kept()).rows).toHaveLength(4);
  });
});

describe("an answer", () => {
  const answer = (parts: Partial<SyncAnswer>): SyncAnswer => ({
    log_id: "l".repeat(32),
    now: HOUR,
    cursor: "7.visit.x",
    more: false,
    verdicts: [],
    envelopes: [],
    rows: [],
    ...parts,
  });

  it("that narrows the scope brings its rows and forgets the others in one go", async () => {
    const scope = { hash: "h", team: null, cases: { [ONE]: 9 * HOUR } };
    const absorbed = await absorb(db, [], answer({ scope, rows: [visitOf(ONE, "5")] }), HOUR);
    expect(absorbed.forgot).toBe(true);
    expect((await kept()).rows).toEqual([...OF_ONE.rows, `visit/${"5".repeat(32)}`]);
    expect(absorbed.meta).toMatchObject({ team: null, cases: scope.cases, cursor: "7.visit.x" });
  });

  it("that holds late work keeps it apart: not in the outbox, not in the tray", async () => {
    const operation = { table: "visit", row: "6".repeat(32), stamp: STAMP[0], set: { case: ONE } };
    const rest = JSON.stringify(operation).slice(1);
    const { table, row } = operation;
    const send = { key: 1, n: 1, kind: "operation" as const, table, row, at: 0, rest };
    await db.outbox.add(send);
    const verdicts = [{ n: 1, verdict: "held" as const, code: "late_work" }];
    const absorbed = await absorb(db, [send], answer({ verdicts }), HOUR);
    expect(await db.outbox.count()).toBe(0);
    expect(await db.tray.count()).toBe(0);
    expect(await db.held.toArray()).toMatchObject([{ ...send, heldAt: HOUR, code: "late_work" }]);
    expect(absorbed.queue?.held).toHaveLength(1);
    expect(absorbed.meta.acknowledged).toBe(1);
  });

  describe("to a phone whose late work is held", () => {
    const operation = { table: "visit", row: "6".repeat(32), stamp: STAMP[0], set: { case: ONE } };
    const send: Send = {
      key: 1,
      n: 1,
      kind: "operation",
      table: operation.table,
      row: operation.row,
      at: 0,
      rest: JSON.stringify(operation).slice(1),
    };
    const effective = `${"0".repeat(16)}${String(STAMP[0]).slice(16)}`;

    beforeEach(async () => {
      await db.held.add({ ...send, heldAt: HOUR, code: "late_work", effective });
    });

    it("of a server that went back in time makes it wait again, with its rank", async () => {
      const absorbed = await absorb(db, [], answer({ restored: true }), HOUR);
      expect(await db.held.count()).toBe(0);
      const earlier = { effective };
      expect(await db.outbox.toArray()).toEqual([{ ...send, earlier }]);
      expect(absorbed.queue).toMatchObject({ outbox: [{ key: 1, earlier }], held: [] });
    });

    it("that its case was erased leaves nothing of it", async () => {
      const erased = [{ id: ONE, at: "2026-11-26T10:00:00Z" }];
      const absorbed = await absorb(db, [], answer({ erased }), HOUR);
      expect(await db.held.count()).toBe(0);
      expect(absorbed.queue?.held).toEqual([]);
    });
  });
});
