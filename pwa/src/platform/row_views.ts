/**
 * Questions to the open store and their answers, kept fresh by writes and pulls.
 *
 * Values are opened only for the asked columns, in the vault, and remembered with their record: a
 * record is replaced whenever anything of its row changes.
 */
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { RowRecord } from "./db";
import { type Entry, entryOf, type OpenedValues, type Shown, unopened } from "./entry";
import type { Keyring } from "./keyring";
import { reportTrouble } from "./problems";
import { outbox, tray } from "./queue";
import { currentStore, currentVault } from "./store";
import { TableRows } from "./table_rows";
import { newsTaken } from "./team_news";

/** Values opened per message to the vault: a tap is answered in between. */
const OPEN_AT_ONCE = 1000;

export interface Filter {
  /** Rows of this case only. */
  case?: string;
  ids?: readonly string[];
  /** The columns to open; all when left out. */
  columns?: readonly string[];
}

const views = new Map<string, RowView>();
let tables = new Map<string, TableRows>();
let openedValues = new WeakMap<RowRecord, OpenedValues>();

/** The entries of a table; null while they are being read. The same question gives the same signal. */
export function watchRows(table: string, filter: Filter): ReadonlySignal<Entry[] | null> {
  const key = JSON.stringify([table, filter.case, filter.ids, filter.columns]);
  const view = views.get(key) ?? new RowView(table, filter);
  views.set(key, view);
  view.wake();
  return view.entries;
}

/** Rows that were just stored by this tab. */
export function rowsArrived(records: readonly RowRecord[]): void {
  for (const [name, rows] of tables) {
    rows.arrive(records.filter((record) => record.table === name));
  }
  for (const view of views.values()) view.doubt(records);
  touchViews();
}

/** Rows that have just left the store, by their ids; nothing else on the screens moves. */
export function rowsLeft(ids: ReadonlySet<string>): void {
  for (const rows of tables.values()) rows.leave(ids);
  touchViews();
}

/** Rows that were just stored by another tab. */
export async function rowsElsewhere(table: string, ids: readonly string[]): Promise<void> {
  await tables.get(table)?.reread(ids);
  touchViews();
}

/** Forgets all rows and everything opened; asked questions are asked again when there is a vault. */
export function resetViews(): void {
  tables = new Map();
  openedValues = new WeakMap();
  for (const view of views.values()) view.reset();
}

/** Something changed that may change any answer (keys arrived, outbox changed). */
export function touchViews(): void {
  for (const view of views.values()) view.touch();
}

effect(() => {
  // An unlock, another outbox, another tray: one rule for all of them.
  void [outbox.value, tray.value, currentVault.value];
  touchViews();
});

class RowView {
  readonly entries: Signal<Entry[] | null>;
  private readonly known = new Map<string, { record: RowRecord; settled: boolean; entry: Entry }>();
  private subscribed = false;
  private dirty = true;
  private running = false;
  private readonly table: string;
  private readonly filter: Filter;

  constructor(table: string, filter: Filter) {
    this.table = table;
    this.filter = filter;
    this.entries = signal<Entry[] | null>(null, {
      watched: () => {
        this.subscribed = true;
        this.wake();
      },
      unwatched: () => {
        this.subscribed = false;
      },
    });
  }

  /** Marks the answer stale; it is made anew when somebody looks. */
  touch(): void {
    this.dirty = true;
    if (this.subscribed) this.wake();
  }

  /** That a table is empty is wrong as soon as something has come for it, and not known before. */
  doubt(records: readonly RowRecord[]): void {
    const whole = this.filter.case === undefined && this.filter.ids === undefined;
    if (!whole || this.entries.peek()?.length !== 0) return;
    if (records.some(({ table }) => table === this.table)) this.entries.value = null;
  }

  reset(): void {
    this.known.clear();
    this.entries.value = null;
    this.touch();
  }

  /** Answers anew when stale. One run at a time; what changes meanwhile leads to another. */
  wake(): void {
    if (!this.dirty || this.running || !currentVault.peek()) return;
    this.running = true;
    const vault = currentVault.peek();
    void this.answer()
      .catch((error: unknown) => {
        // A lock in the middle is no trouble; the question is asked again after unlocking.
        if (currentVault.peek() === vault) reportTrouble(error);
      })
      .finally(() => {
        this.running = false;
        if (this.subscribed) this.wake();
      });
  }

  private async answer(): Promise<void> {
    this.dirty = false;
    const [store, vault] = [currentStore.peek(), currentVault.peek()];
    if (!store || !vault) return;
    const rows = tableRows(this.table);
    await rows.load();
    await newsTaken();
    const shown = [...this.matching(rows)];
    await openMissing(
      shown.filter((one) => !this.settled(one)),
      this.filter.columns,
      vault,
    );
    if (currentVault.peek() === vault) this.entries.value = shown.map((one) => this.entry(one));
  }

  private *matching(rows: TableRows): Iterable<Shown> {
    for (const id of this.filter.ids ?? rows.ids()) {
      const shown = rows.shown(id);
      if (!shown) continue;
      if (this.filter.case && shown.record.columns.case !== this.filter.case) continue;
      yield shown;
    }
  }

  /** The entry made before, when nothing about it has changed and all of it is opened. */
  private settled({ record, pending, clarify }: Shown): Entry | null {
    const known = this.known.get(record.id);
    if (known?.record !== record || !known.settled) return null;
    return known.entry.pending === pending && known.entry.clarify === clarify ? known.entry : null;
  }

  private entry(shown: Shown): Entry {
    const before = this.settled(shown);
    if (before) return before;
    const { record } = shown;
    const opened = openedOf(record);
    const entry = entryOf(shown, this.filter.columns, opened);
    const settled = unopened(record, this.filter.columns, opened).length === 0;
    this.known.set(record.id, { record, settled, entry });
    return entry;
  }
}

function tableRows(name: string): TableRows {
  const store = currentStore.peek();
  if (!store) throw new Error("no store");
  const rows = tables.get(name) ?? new TableRows(store.db, name);
  tables.set(name, rows);
  return rows;
}

function openedOf(record: RowRecord): OpenedValues {
  const opened = openedValues.get(record) ?? new Map();
  openedValues.set(record, opened);
  return opened;
}

/** Opens what the asked columns need; what the vault cannot open is remembered as such. */
async function openMissing(
  shown: readonly Shown[],
  columns: readonly string[] | undefined,
  vault: Keyring,
): Promise<void> {
  const missing = shown.flatMap(({ record }) => {
    const opened = openedOf(record);
    return unopened(record, columns, opened).map((one) => ({ ...one, opened }));
  });
  for (let i = 0; i < missing.length; i += OPEN_AT_ONCE) {
    const part = missing.slice(i, i + OPEN_AT_ONCE);
    const values = await vault.ask(
      "openValues",
      part.map(({ job }) => job),
    );
    values.forEach((value, at) => {
      const { opened, place } = part[at] as (typeof part)[number];
      opened.set(place, value);
    });
  }
}
