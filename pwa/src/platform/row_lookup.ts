/** What this phone knows about one row before it is written. */
import { durable, type PersonDb, type Refused, type RowRecord } from "./db";
import { type Entry, entryOf, type OpenedValues, unopened, type Values } from "./entry";
import type { Keyring } from "./keyring";
import { getRows, rowStores } from "./row_store";
import { operationOf, pendingOf, withPending } from "./sends";

export interface Known {
  /** The row with everything on top that waits; null when nobody has it. */
  record: RowRecord | null;
  /**
   * The row as the server sent it, then after each write that waits: `record` is the last of them.
   * What was overwritten before it ever travelled is found nowhere else.
   */
  steps: RowRecord[];
  /** No server row and nothing queued that makes one: the next write must create it. */
  creating: boolean;
  /**
   * When the row exists in the tray only: its refused sends. The next write takes their values
   * along and replaces them, which is how a refused creation is mended.
   */
  mends: Refused[];
}

/** Reads one row's state from the disk, so that another tab's writes count too. */
export async function lookUp(db: PersonDb, table: string, id: string): Promise<Known> {
  const [[stored], queued, refused] = await durable(db, () =>
    db.transaction("r", [...rowStores(db), db.outbox, db.tray], () =>
      Promise.all([
        getRows(db, table, [id]),
        db.outbox.where("row").equals(id).sortBy("n"),
        db.tray.where("row").equals(id).sortBy("key"),
      ]),
    ),
  );
  const operations = queued.filter(({ kind }) => kind === "operation").map(pendingOf);
  if (stored || operations.length > 0) {
    const steps = [
      stored ?? null,
      ...operations.map((_, i) => {
        return withPending(stored ?? null, operations.slice(0, i + 1), db.user);
      }),
    ].filter((step) => step !== null);
    return { record: steps.at(-1) ?? null, steps, creating: false, mends: [] };
  }
  const mends = refused.filter(({ kind }) => kind === "operation");
  const record = withPending(null, mends.map(operationOf), db.user);
  return { record, steps: record ? [record] : [], creating: true, mends };
}

/** The values of some columns of a row; UNREADABLE where the vault cannot open one. */
export async function openColumns(
  vault: Keyring,
  record: RowRecord,
  columns: readonly string[],
): Promise<Values> {
  return (await openEntry(vault, record, columns)).values;
}

/** A row with the values of some columns, or of all. */
export async function openEntry(
  vault: Keyring,
  record: RowRecord,
  columns?: readonly string[],
): Promise<Entry> {
  const opened: OpenedValues = new Map();
  const jobs = unopened(record, columns, opened);
  if (jobs.length > 0) {
    const values = await vault.ask(
      "openValues",
      jobs.map(({ job }) => job),
    );
    jobs.forEach(({ place }, i) => {
      opened.set(place, values[i] ?? { state: "unreadable" });
    });
  }
  return entryOf({ record, pending: false, clarify: false }, columns, opened);
}
