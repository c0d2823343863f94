/**
 * Closed cases leave this phone after a while, and come back when somebody asks or opens them again
 * (PROTOCOL.md, "Closed cases"). What waits, was refused or is a draft keeps its case here.
 */
import { signal } from "@preact/signals";
import { TABLES } from "@sync/tables";
import { post } from "./api";
import {
  allMeta,
  durable,
  type EnvelopeRecord,
  getMeta,
  keepEnvelopes,
  type Meta,
  type PersonDb,
  putMeta,
  type RowRecord,
} from "./db";
import { ownerOf } from "./entry";
import { allRows, deleteRows, putRows, rowStores } from "./row_store";
import { forgetEnvelopes } from "./scope";

const CASE = "client_case";
const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS = 90;
/** So long a case stays that somebody asked for. */
const STAYS_MS = 7 * DAY_MS;
/** As many as the server gives at once. */
const AT_ONCE = 20;

/** How many closed cases are not on this phone any more. */
export const restingCount = signal(0);

/** Counts them anew. */
export async function countResting(db: PersonDb): Promise<void> {
  restingCount.value = ((await durable(db, () => getMeta(db, "resting"))) ?? []).length;
}

type Facts = Pick<Partial<Meta>, "resting" | "borrowed" | "wanted" | "state" | "team">;

/** Whether a case was closed so long ago that phones need not have it. */
function rests({ columns: { closed } }: RowRecord, { state }: Facts, nowMs: number): boolean {
  if (typeof closed !== "string") return false;
  return Date.parse(closed) + (daysHere(state?.settings) + 1) * DAY_MS < nowMs;
}

/** So many days after its last one a closed case stays, by the office's settings. */
export function daysHere(settings?: Record<string, unknown>): number {
  const days = settings?.closed_days;
  return typeof days === "number" && days > 0 ? days : DEFAULT_DAYS;
}

export interface Sorted {
  rows: RowRecord[];
  envelopes: EnvelopeRecord[];
  /** What changes when a case that left is open again: it is fetched as a whole. */
  facts: Partial<Meta>;
}

/** What of an answer this phone keeps: nothing of cases that left it, unless they are open again. */
export function keptHere(
  meta: Facts,
  answer: { rows: RowRecord[]; envelopes: EnvelopeRecord[] },
  nowMs: number,
): Sorted {
  const away = new Set(meta.resting ?? []);
  if (away.size === 0) return { ...answer, facts: {} };
  const woken = answer.rows.filter(({ id }) => away.has(id));
  const open = woken.filter((row) => !rests(row, meta, nowMs)).map(({ id }) => id);
  for (const id of open) away.delete(id);
  const wanted = [...new Set([...(meta.wanted ?? []), ...open])];
  return {
    rows: answer.rows.filter((row) => !away.has(ownerOf(row))),
    envelopes: answer.envelopes.filter(({ owner }) => !away.has(owner)),
    facts: open.length > 0 ? { resting: [...away], wanted } : {},
  };
}

/**
 * Lets go of the cases that were closed long ago; answers the ids of all rows that went. `nowMs` is
 * this phone's clock.
 */
export function leaveResting(db: PersonDb, nowMs: number): Promise<ReadonlySet<string>> {
  const stores = [...rowStores(db), db.outbox, db.tray, db.held, db.draft, db.envelopes, db.meta];
  return durable(db, () =>
    db.transaction("rw", stores, async () => {
      const meta = await allMeta(db);
      // Of a case handed to somebody else the end of the handover decides.
      if (meta.team === null || meta.team === undefined) return new Set();
      const cases = await allRows(db, CASE);
      const borrowed = Object.entries(meta.borrowed ?? {}).filter(([, until]) => nowMs < until);
      const stay = new Set(borrowed.map(([id]) => id));
      const over = cases.filter((row) => !stay.has(row.id) && rests(row, meta, nowMs));
      if (over.length === 0) return new Set();
      const below = await belowOf(db, new Set(over.map(({ id }) => id)));
      const busy = await busyIds(db);
      const gone = new Map([...below].filter(([, ids]) => !ids.some((id) => busy.has(id))));
      if (gone.size === 0) return new Set();
      const ids = new Set([...gone.values()].flat());
      await deleteRows(db, ids);
      await forgetEnvelopes(db, ({ owner }) => !gone.has(owner));
      const resting = [...new Set([...(meta.resting ?? []), ...gone.keys()])];
      await putMeta(db, { resting, borrowed: Object.fromEntries(borrowed) });
      return ids;
    }),
  );
}

/** Case → the ids of its rows, its own first. */
async function belowOf(
  db: PersonDb,
  cases: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string[]>> {
  const below = new Map([...cases].map((id) => [id, [id]]));
  for (const { name, parent } of Object.values(TABLES)) {
    if (parent === null) continue;
    for (const { id, columns } of await allRows(db, name))
      below.get(String(columns[parent]))?.push(id);
  }
  return below;
}

/** Every row something waits for, was refused for or is being written about. */
async function busyIds(db: PersonDb): Promise<ReadonlySet<string>> {
  const sends = await Promise.all([db.outbox.toArray(), db.tray.toArray(), db.held.toArray()]);
  const drafts = await db.draft.toCollection().primaryKeys();
  return new Set([
    ...sends.flat().map(({ row }) => row),
    ...drafts.flatMap((key) => key.split(":")),
  ]);
}

/** Asks for all cases that left; the next run of the sync fetches them. */
export function wantResting(db: PersonDb): Promise<void> {
  return durable(db, () =>
    db.transaction("rw", db.meta, async () => {
      const { resting, wanted } = await allMeta(db);
      await putMeta(db, { wanted: [...new Set([...(wanted ?? []), ...(resting ?? [])])] });
    }),
  );
}

/** What came with a fetch. */
export interface Fetched {
  rows: RowRecord[];
  envelopes: EnvelopeRecord[];
}

/**
 * Fetches some of the wanted cases and stores them; null when none is wanted. Belongs to a run of
 * the sync, with no page on its way.
 * @throws Unreachable or ApiProblem.
 */
export async function fetchWanted(db: PersonDb, nowMs: number): Promise<Fetched | null> {
  const { team, wanted } = await durable(db, () => allMeta(db));
  const cases = (wanted ?? []).slice(0, AT_ONCE);
  if (cases.length === 0 || team === null) return null;
  const fetched = await post<Fetched>("/api/cases", { cases });
  await durable(db, () =>
    db.transaction("rw", [...rowStores(db), db.envelopes, db.meta], async () => {
      const meta = await allMeta(db);
      const without = (ids: readonly string[] = []) => ids.filter((id) => !cases.includes(id));
      const until = Object.fromEntries(cases.map((id) => [id, nowMs + STAYS_MS]));
      await putRows(db, fetched.rows);
      await keepEnvelopes(db, fetched.envelopes);
      await putMeta(db, {
        wanted: without(meta.wanted),
        resting: without(meta.resting),
        borrowed: { ...meta.borrowed, ...until },
      });
    }),
  );
  return fetched;
}
