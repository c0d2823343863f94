/** Closed cases leave the phone after a while, and come back when somebody asks. */
import { type EnvelopeRecord, PersonDb, putMeta, type RowRecord } from "@pwa/platform/db";
import { leaveResting } from "@pwa/platform/resting";
import { putRows } from "@pwa/platform/row_store";
import { absorb } from "@pwa/platform/sync_absorb";
import type { SyncAnswer } from "@pwa/platform/sync_wire";
import Dexie from "dexie";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, settled, shown, unexpected } from "./phone";

const DAY = 86_400_000;
const CLOSED = Date.parse("2026-05-01");
const [OLD, OPEN, VISIT, OTHER] = ["1", "2", "3", "4"].map((digit) => digit.repeat(32)) as [
  string,
  string,
  string,
  string,
];
const TEAM = "t".repeat(32);
const STAMP = ["a".repeat(32), "a".repeat(32), "c".repeat(32)] as const;

let db: PersonDb;

beforeEach(() => {
  Dexie.dependencies.indexedDB = new IDBFactory();
  Dexie.dependencies.IDBKeyRange = IDBKeyRange;
  db = new PersonDb("d".repeat(32));
  unexpected.length = 0;
});

const caseRow = (id: string, closed: string | null): RowRecord => ({
  table: "client_case",
  id,
  created_by: "c".repeat(32),
  stamp: STAMP,
  columns: { kind: "handover", closed },
});
const visitOf = (owner: string, id: string): RowRecord => ({
  ...caseRow(id, null),
  table: "visit",
  columns: { case: owner },
});
const envelopeOf = (owner: string) =>
  ({ key_id: `${owner}${"f".repeat(16)}`, owner, reader: "", box: "" }) as EnvelopeRecord;

async function kept(): Promise<{ rows: string[]; owners: string[] }> {
  const rows = (await db.row.toCollection().primaryKeys()).sort();
  const batches = await db.envelopes.toArray();
  return { rows, owners: batches.flatMap(({ list }) => list.map(({ owner }) => owner)) };
}

const OPEN_ALONE = { rows: [`client_case/${OPEN}`, `visit/${OTHER}`], owners: [OPEN] };

describe("a case that was closed", () => {
  beforeEach(async () => {
    await putRows(db, [caseRow(OLD, "2026-05-01"), caseRow(OPEN, null)]);
    await putRows(db, [visitOf(OLD, VISIT), visitOf(OPEN, OTHER)]);
    await db.envelopes.add({ list: [envelopeOf(OLD), envelopeOf(OPEN)] } as never);
    const settings = { closed_days: 30 };
    const state = { hash: "", members: [], epochs: [], settings };
    await putMeta(db, { team: TEAM, state });
  });

  it("leaves with its rows and keys once its days are over, and is remembered by its id", async () => {
    expect((await leaveResting(db, CLOSED + 31 * DAY)).size).toBe(0);
    expect(await leaveResting(db, CLOSED + 31 * DAY + 1)).toEqual(new Set([OLD, VISIT]));
    expect(await kept()).toEqual(OPEN_ALONE);
    expect((await db.meta.get("resting"))?.value).toEqual([OLD]);
    expect((await leaveResting(db, CLOSED + 90 * DAY)).size).toBe(0);
  });

  it.each(["outbox", "tray", "held"] as const)(
    "stays while something of it is in %s",
    async (place) => {
      await db[place].add({ key: 1, n: 1, kind: "operation", row: VISIT, rest: "" } as never);
      expect((await leaveResting(db, CLOSED + 90 * DAY)).size).toBe(0);
      expect((await kept()).rows).toHaveLength(4);
    },
  );

  it.each([`case:${OLD}`, `visit:new:${OLD}`, `visit:${VISIT}`])(
    "stays for the draft %s",
    async (key) => {
      await db.draft.add({ key, version: 1, changedAt: 0, sealed: "", open: false });
      expect((await leaveResting(db, CLOSED + 90 * DAY)).size).toBe(0);
    },
  );

  it("stays where it was handed to somebody who stands in", async () => {
    await putMeta(db, { team: null });
    expect((await leaveResting(db, CLOSED + 90 * DAY)).size).toBe(0);
  });

  it("does not come back by what others write below it", async () => {
    const now = CLOSED + 90 * DAY;
    await leaveResting(db, now);
    const rows = [
      visitOf(OLD, "5".repeat(32)),
      caseRow(OLD, "2026-05-02"),
      visitOf(OPEN, "6".repeat(32)),
    ];
    const absorbed = await absorb(db, [], answer({ rows, envelopes: [envelopeOf(OLD)] }), now);
    expect(absorbed.records.map(({ id }) => id)).toEqual(["6".repeat(32)]);
    expect((await kept()).owners).toEqual([OPEN]);
    expect(absorbed.meta.wanted ?? []).toEqual([]);
  });

  it("is wanted as a whole when it is open again", async () => {
    const now = CLOSED + 90 * DAY;
    await leaveResting(db, now);
    const absorbed = await absorb(db, [], answer({ rows: [caseRow(OLD, null)] }), now);
    expect(absorbed.meta).toMatchObject({ wanted: [OLD], resting: [] });
    expect((await kept()).rows).toContain(`client_case/${OLD}`);
  });
});

const answer = (parts: Partial<SyncAnswer>): SyncAnswer => ({
  log_id: "l".repeat(32),
  now: CLOSED,
  cursor: "7.visit.x",
  more: false,
  verdicts: [],
  envelopes: [],
  rows: [],
  ...parts,
});

describe("on a phone", () => {
  it("leaves after the sync, is not shown, and comes back readable when asked for", async () => {
    const server = new FakeServer();
    const phone = await firstColleague(server);
    const long_ago = { kind: "handover", name: "Erfundene Person", closed: "2020-01-01" };
    const id = await phone.records.write("client_case", null, long_ago);
    await phone.sync.syncNow();
    const cases = phone.records.watch("client_case");
    await shown(cases, (rows) => rows.length === 0);
    await settled(() => phone.resting.restingCount.value === 1);

    server.down = true;
    await expect(phone.sync.bringBackResting()).rejects.toMatchObject({ code: "unreachable" });
    server.down = false;
    await phone.sync.bringBackResting();
    const [back] = await shown(cases, (rows) => rows.length === 1);
    expect(back).toMatchObject({ id, values: { name: "Erfundene Person" } });
    expect(phone.resting.restingCount.value).toBe(0);

    // It stays for a week.
    await phone.sync.syncNow();
    expect(cases.value).toHaveLength(1);
    expect(unexpected).toEqual([]);
  });
});
