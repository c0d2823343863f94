/**
 * One table of the current store in memory: the server's registers, with outbox and tray on top.
 */
import { durable, type PersonDb, type RowRecord } from "./db";
import type { Shown } from "./entry";
import { pendingByRow, trayByRow } from "./queue";
import { allRows, getRows } from "./row_store";
import { withPending } from "./sends";

/** From here on reading a whole table is faster than reading rows one by one. */
const REREAD_ROWS_MAX = 200;

export class TableRows {
  private readonly rows = new Map<string, RowRecord>();
  private readonly merged = new Map<string, { from: readonly unknown[]; shown: Shown | null }>();
  private early: RowRecord[] | null = [];
  private loading: Promise<void> | null = null;
  private readonly db: PersonDb;
  readonly name: string;

  constructor(db: PersonDb, name: string) {
    this.db = db;
    this.name = name;
  }

  /** Reads the table once. */
  load(): Promise<void> {
    this.loading ??= this.readAll().then(() => {
      this.arriveLater();
    });
    return this.loading;
  }

  /** Takes in rows that a pull or an accepted write has just stored. */
  arrive(records: readonly RowRecord[]): void {
    this.early?.push(...records);
    for (const record of records) this.rows.set(record.id, record);
  }

  /** Lets go of rows that have left the store. */
  leave(ids: ReadonlySet<string>): void {
    for (const id of ids) this.rows.delete(id);
  }

  /** Takes in rows that another tab has stored. */
  async reread(ids: readonly string[]): Promise<void> {
    if (ids.length > REREAD_ROWS_MAX) return this.readAll();
    this.arrive(await durable(this.db, () => getRows(this.db, this.name, ids)));
  }

  /** A row as it is shown, or null when nobody has it. */
  shown(id: string): Shown | null {
    const record = this.rows.get(id) ?? null;
    const pending = pendingByRow.peek().get(id) ?? [];
    // A refused change is shown in the tray alone; a refused creation would otherwise vanish.
    const refused = record ? [] : (trayByRow.peek().get(id) ?? []);
    const operations = [...refused, ...pending];
    if (operations.length === 0) return record && { record, pending: false, clarify: false };
    if (operations[0]?.table !== this.name) return null;
    const from = [record, ...operations];
    const known = this.merged.get(id);
    if (known && sameItems(known.from, from)) return known.shown;
    const merged = withPending(record, operations, this.db.user);
    const shown = merged && {
      record: merged,
      pending: pending.length > 0,
      clarify: refused.length > 0,
    };
    this.merged.set(id, { from, shown });
    return shown;
  }

  /** The ids of all rows, those known from outbox and tray alone included. */
  *ids(): Iterable<string> {
    yield* this.rows.keys();
    const unstored = new Set([...trayByRow.peek().keys(), ...pendingByRow.peek().keys()]);
    for (const id of unstored) if (!this.rows.has(id)) yield id;
  }

  private async readAll(): Promise<void> {
    const records = await durable(this.db, () => allRows(this.db, this.name));
    for (const record of records) this.rows.set(record.id, record);
  }

  /** What arrived while the table was being read is newer than what was read. */
  private arriveLater(): void {
    const early = this.early ?? [];
    this.early = null;
    this.arrive(early);
  }
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
