/**
 * Writing: stamp, seal, serialise, queue; all of it or nothing, and only what was read back after
 * the commit counts as saved.
 */
import { checkOperation, type Table } from "@sync/operation";
import type { Value } from "@sync/registers";
import { readClock, takeStamps } from "./clock_state";
import type { ClockState, EnvelopeRecord, PersonDb } from "./db";
import { durable } from "./db";
import { authorsOf, isSealedColumn, shownStamps, UNREADABLE, type Values } from "./entry";
import { instantNow, newId } from "./ids";
import { type Keyring, type SealJob, spoken } from "./keyring";
import { keepSends, type NewSend } from "./outbox";
import { ApiProblem, problem } from "./problems";
import { type Known, lookUp, openColumns } from "./row_lookup";
import { type Operation, restOf, tableOf } from "./sends";
import { opened } from "./store";
import { alone, writing } from "./tabs";

/** One deed on one row. */
export interface Change {
  table: string;
  /** null makes a new row; so does an id nobody has. */
  id: string | null;
  set: Values;
  /** Per text column the claimed stamps of the versions the person saw; else those shown now. */
  base?: Record<string, string[]>;
  /** Only create: of a row that is there already only what differs is written (saved twice). */
  create?: boolean;
  /** Hands the row's case to this user: its keys are closed for her and sent before the row. */
  handTo?: string;
  /** The person was told that the old value does not open here, and replaces it on purpose. */
  overwriteUnreadable?: boolean;
}

/** A change with everything about it decided but its sealed values. */
interface Plan {
  change: Change;
  row: string;
  known: Known;
  stamp: string;
  set: Values;
  /** Seals it: a key id, or a case id for that case's newest key. */
  key: string | null;
  /** Sent before it: a new case's key, or the keys of a case that is handed over. */
  envelopes: readonly EnvelopeRecord[];
}

/**
 * Writes changes in one transaction; resolves with their row ids once they lie on the disk and were
 * read back.
 * @throws ApiProblem: `locked`, `not_saved`, `storage_full`, `storage_failed`, `too_long`,
 *   `unreadable_value`, `key_missing`, `not_admitted`, or what is wrong with a value, by field.
 */
export async function writeAll(changes: readonly Change[]): Promise<string[]> {
  const { store, vault } = opened();
  return alone(writing(store.db.user), async () => {
    const rows = changes.map((change) => change.id ?? newId());
    const { plans, clock } = await planAll(store.db, vault, changes, rows);
    const operations = await sealAll(vault, plans).catch(rethrow);
    for (const [i, plan] of plans.entries()) check(plan, operations[i] as Operation);
    await keepSends(store.db, sendsOf(plans, operations), {
      clock,
      envelopes: envelopesOf(plans),
      mended: plans.flatMap(({ known }) => known.mends),
    });
    await learn(vault, envelopesOf(plans));
    return rows;
  });
}

async function planAll(
  db: Parameters<typeof lookUp>[0],
  vault: Keyring,
  changes: readonly Change[],
  rows: readonly string[],
): Promise<{ plans: Plan[]; clock: ClockState }> {
  const [{ clock, skew }, ...known] = await Promise.all([
    durable(db, () => readClock(db)),
    ...changes.map(({ table }, i) => lookUp(db, table, rows[i] as string)),
  ]);
  const taken = takeStamps(clock, Date.now() + skew, changes.length);
  const plans: Plan[] = [];
  for (const [i, change] of changes.entries()) {
    const found = known[i] as Known;
    const asked = await stillToWrite(db, vault, change, found);
    if (!asked) continue;
    const [row, stamp] = [rows[i] as string, taken.stamps[i] as string];
    const next = { change: asked, row, known: found, stamp };
    // By the server's clock: what is closed a year ahead would not count once its author has left.
    const at = instantNow(Date.now() + skew);
    plans.push(await plan(vault, next, plans, at).catch(rethrow));
  }
  return { plans, clock: taken.clock };
}

/**
 * What is left of a change that should only create when the row is there: the words that differ,
 * beside those that are there unless they are her own. Null when nothing does.
 */
async function stillToWrite(
  db: PersonDb,
  vault: Keyring,
  change: Change,
  { record }: Known,
): Promise<Change | null> {
  if (!change.create || !record) return change;
  const columns = Object.keys(change.set);
  const there = await openColumns(vault, record, columns);
  const fixed = tableOf(change.table)?.columns ?? {};
  const differs = columns.filter(
    (column) =>
      !fixed[column]?.create &&
      JSON.stringify(change.set[column]) !== JSON.stringify(there[column]),
  );
  if (differs.length === 0) return null;
  const mine = authorsOf(record).every((author) => author === db.user);
  const base = mine ? {} : Object.fromEntries(differs.map((column) => [column, []]));
  const set = Object.fromEntries(differs.map((column) => [column, change.set[column]]));
  return { ...change, set, base };
}

/** `before` are the plans of the same transaction: their new cases' keys count already. */
async function plan(
  vault: Keyring,
  next: Pick<Plan, "change" | "row" | "known" | "stamp">,
  before: readonly Plan[],
  at: string,
): Promise<Plan> {
  const { change, row, known } = next;
  const table = tableOf(change.table);
  if (!table) throw problem("unknown_table", "table");
  const set = await valuesToWrite(vault, table, change, known);
  const isCase = table.key === "case" && table.parent === null;
  const makesKey = isCase && known.creating && known.mends.length === 0;
  const made = makesKey ? [await vault.ask("makeCaseKey", row, at)] : [];
  const parent = table.parent ?? "";
  const owner = isCase ? row : (set[parent] ?? known.record?.columns[parent]);
  const ofCase = typeof owner === "string" ? owner : null;
  const newKeys = [...made, ...before.flatMap(({ envelopes }) => envelopes)];
  const key = newKeys.find((one) => one.owner === owner)?.key_id ?? ofCase;
  const { handTo } = change;
  const handed = handTo && ofCase ? await vault.ask("handCase", ofCase, handTo, at) : [];
  return { ...next, set, key, envelopes: [...made, ...handed] };
}

/** What the operation sets: what was asked, completed where it creates or mends a row. */
async function valuesToWrite(
  vault: Keyring,
  table: Table,
  change: Change,
  { record, creating, mends }: Known,
): Promise<Values> {
  const asked = Object.entries(change.set).filter(([, value]) => value !== undefined);
  const set: Values = Object.fromEntries(asked);
  const touched = mends.length > 0 ? Object.keys(record?.columns ?? {}) : Object.keys(set);
  const before = record ? await openColumns(vault, record, touched) : {};
  for (const column of touched) {
    const lost = before[column] === UNREADABLE && !(column in set && change.overwriteUnreadable);
    if (lost) throw problem("unreadable_value", column);
  }
  if (!creating) return set;
  const fixed = Object.keys(table.columns).filter((column) => table.columns[column]?.create);
  return {
    ...Object.fromEntries(fixed.map((column) => [column, null])),
    ...(mends.length > 0 && before),
    ...set,
  };
}

/** Seals the values of all plans at once. */
async function sealAll(vault: Keyring, plans: readonly Plan[]): Promise<Operation[]> {
  const jobs: SealJob[] = [];
  const places: [set: Record<string, Value>, column: string][] = [];
  const operations = plans.map((plan) => {
    const { change, row, stamp } = plan;
    const set = { ...plan.set } as Record<string, Value>;
    for (const [column, value] of Object.entries(plan.set)) {
      if (value === null || !isSealedColumn(change.table, column)) continue;
      if (plan.key === null) throw problem("key_missing", column);
      jobs.push({ table: change.table, row, column, stamp, key: plan.key, value });
      places.push([set, column]);
    }
    const base = baseOf(plan);
    return { table: change.table, row, stamp, set, ...(base && { base }) };
  });
  const sealed = jobs.length > 0 ? await vault.ask("sealValues", jobs) : [];
  places.forEach(([set, column], i) => {
    set[column] = sealed[i] as string;
  });
  return operations;
}

/** What the person had before her eyes when she wrote over a text. */
function baseOf({ change, known, set }: Plan): Record<string, string[]> | null {
  const { record, creating } = known;
  if (creating || !record) return null;
  const base: Record<string, string[]> = {};
  for (const column of Object.keys(set)) {
    if (tableOf(change.table)?.columns[column]?.kind !== "text") continue;
    const seen = change.base?.[column] ?? shownStamps(record, column);
    if (seen.length > 0) base[column] = seen;
  }
  return Object.keys(base).length > 0 ? base : null;
}

/** The same check the server makes, so that what cannot be accepted is said at once. */
function check({ change, known, key, row }: Plan, operation: Operation): void {
  const table = tableOf(change.table) as Table;
  const owner = key?.slice(0, 32) ?? row;
  const wrong = checkOperation(table, { n: 1, ...operation }, known.creating, owner);
  if (wrong) throw problem(wrong.code, wrong.field);
}

function sendsOf(plans: readonly Plan[], operations: readonly Operation[]): NewSend[] {
  const at = Date.now();
  return plans.flatMap(({ envelopes, row }, i): NewSend[] => {
    const operation = operations[i] as Operation;
    const keys = envelopes.map((envelope): NewSend => {
      const rest = restOf(envelope);
      return { kind: "envelope", table: "envelope", row: envelope.owner, at, rest };
    });
    return [
      ...keys,
      { kind: "operation", table: operation.table, row, at, rest: restOf(operation) },
    ];
  });
}

function envelopesOf(plans: readonly Plan[]): EnvelopeRecord[] {
  return plans.flatMap(({ envelopes }) => envelopes);
}

/** From now on the new key is the case's. A lock in between is no harm: unlocking learns it too. */
async function learn(vault: Keyring, envelopes: EnvelopeRecord[]): Promise<void> {
  if (envelopes.length === 0) return;
  await vault.ask("learn", envelopes).catch((error: unknown) => {
    if (!(error instanceof ApiProblem && error.code === "locked")) throw error;
  });
}

/** The vault's refusals in the words of the screens. */
function rethrow(error: unknown): never {
  throw spoken(error);
}
