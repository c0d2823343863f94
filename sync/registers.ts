/**
 * How accepted writes become one row: the greatest effective stamp wins, words keep versions.
 *
 * `applyWrite` is a function of the *set* of writes: any order and any repetition give the same
 * RowState. See PROTOCOL.md, "Register" and "Versions".
 */

export type Value = string | number | boolean | null;
export type Stamps = readonly [claimed: string, effective: string, author: string];
export type Version = readonly [value: Value, claimed: string, effective: string, author: string];

type Columns<T> = Readonly<Record<string, T>>;

/** One accepted operation: `set` and `base` as the phone sent them, ranked by the server. */
export interface Write {
  readonly set: Columns<Value>;
  readonly base: Columns<readonly string[]>;
  readonly claimed: string;
  readonly effective: string;
  readonly author: string;
}

/**
 * A row: every column that was ever written, and what is needed to merge the next write.
 *
 * `stamp` belongs to all columns without an entry in `stamps`: it is the one most columns share,
 * the older of two that share it equally. `named` holds per text column every claimed stamp that a
 * base has named, sorted. `versions` holds, greatest first, the writes to a text column nobody has
 * named, and only where they are not just the register itself.
 */
export interface RowState {
  readonly stamp: Stamps;
  readonly columns: Columns<Value>;
  readonly stamps: Columns<Stamps>;
  readonly named: Columns<readonly string[]>;
  readonly versions: Columns<readonly Version[]>;
}

/** A value that is not (or never was) the register: it goes to the history. */
export interface Overwritten {
  readonly column: string;
  readonly value: Value;
  readonly claimed: string;
  readonly effective: string;
  readonly author: string;
}

/** One column while a write is merged: its register, everything named, the versions left. */
interface Register {
  readonly value: Value;
  readonly stamps: Stamps;
}

/**
 * Merge one accepted write, never an empty one, into a row (null: the row is new).
 *
 * Returns the new state and what lost: values that were the register until now, and those of the
 * write itself that a greater one beats on arrival. A repeated write changes nothing, but repeats
 * what it lost: who stores a history must not apply it twice. Changes no argument.
 */
export function applyWrite(
  state: RowState | null,
  write: Write,
  textColumns: ReadonlySet<string>,
): [state: RowState, overwritten: Overwritten[]] {
  const ours: Stamps = [write.claimed, write.effective, write.author];
  const registers = new Map<string, Register>();
  for (const column of Object.keys(state?.columns ?? {})) {
    registers.set(column, registerOf(state as RowState, column) as Register);
  }
  const lost: Overwritten[] = [];
  for (const [column, value] of Object.entries(write.set)) {
    const incoming: Register = { value, stamps: ours };
    const current = registers.get(column);
    if (current === undefined || beats(incoming, current)) {
      registers.set(column, incoming);
      if (current !== undefined) lost.push(overwritten(column, current));
    } else if (!same(incoming, current)) {
      lost.push(overwritten(column, incoming));
    }
  }
  return [{ ...columnsOf(registers), ...versionsOf(state, write, textColumns, registers) }, lost];
}

function registerOf(state: RowState, column: string): Register | undefined {
  if (!Object.hasOwn(state.columns, column)) return undefined;
  return {
    value: state.columns[column] as Value,
    stamps: entry(state.stamps, column) ?? state.stamp,
  };
}

function columnsOf(registers: ReadonlyMap<string, Register>) {
  const stamp = shared([...registers.values()].map((register) => register.stamps));
  const columns: Record<string, Value> = {};
  const stamps: Record<string, Stamps> = {};
  for (const [column, register] of registers) {
    columns[column] = register.value;
    if (compare(register.stamps, stamp) !== 0) stamps[column] = register.stamps;
  }
  return { stamp, columns, stamps };
}

/** The stamp most columns share; the older one of two. Canonical, and it keeps a row small. */
function shared(all: readonly Stamps[]): Stamps {
  const counts = new Map<string, number>();
  const count = (stamps: Stamps) => counts.get(stamps.join()) ?? 0;
  for (const stamps of all) counts.set(stamps.join(), count(stamps) + 1);
  return all.reduce((best, stamps) => {
    const more = count(stamps) - count(best);
    return more > 0 || (more === 0 && compare(stamps, best) < 0) ? stamps : best;
  });
}

function versionsOf(
  state: RowState | null,
  write: Write,
  textColumns: ReadonlySet<string>,
  registers: ReadonlyMap<string, Register>,
) {
  const named: Record<string, readonly string[]> = { ...state?.named };
  const versions: Record<string, readonly Version[]> = { ...state?.versions };
  for (const [column, value] of Object.entries(write.set)) {
    if (!textColumns.has(column)) continue;
    const names = (entry(write.base, column) ?? []).filter((stamp) => stamp !== write.claimed);
    if (names.length > 0) named[column] = union(entry(named, column) ?? [], names);
    const known = new Set(entry(named, column));
    const shown = [...shownOf(state, column), version(value, write)];
    const left = distinct(shown).filter(([, claimed]) => !known.has(claimed));
    const [only] = left;
    const plain =
      left.length === 1 && same(register(only as Version), registers.get(column) as Register);
    if (plain) delete versions[column];
    else versions[column] = left;
  }
  return { named, versions };
}

/** The versions of a text column, the unspoken one included. */
function shownOf(state: RowState | null, column: string): readonly Version[] {
  const versions = state && entry(state.versions, column);
  if (versions) return versions;
  const current = state && registerOf(state, column);
  return current ? [[current.value, ...current.stamps]] : [];
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort();
}

/** Each version once, greatest first. */
function distinct(versions: readonly Version[]): Version[] {
  const sorted = [...versions].sort((a, b) => -compareRegisters(register(a), register(b)));
  return sorted.filter((v, i) => i === 0 || !same(register(v), register(sorted[i - 1] as Version)));
}

function version(value: Value, write: Write): Version {
  return [value, write.claimed, write.effective, write.author];
}

function register([value, claimed, effective, author]: Version): Register {
  return { value, stamps: [claimed, effective, author] };
}

function overwritten(column: string, { value, stamps }: Register): Overwritten {
  const [claimed, effective, author] = stamps;
  return { column, value, claimed, effective, author };
}

function beats(a: Register, b: Register): boolean {
  return compareRegisters(a, b) > 0;
}

function same(a: Register, b: Register): boolean {
  return compareRegisters(a, b) === 0;
}

function compareRegisters(a: Register, b: Register): number {
  const order = compare(a.stamps, b.stamps);
  if (order !== 0 || a.value === b.value) return order;
  // The same stamps with another value: two copies of one phone. Any rule will do, if it is one.
  return compareText(JSON.stringify(a.value), JSON.stringify(b.value));
}

/** Rank: effective, then claimed, then author. */
function compare(a: Stamps, b: Stamps): number {
  return compareText(a[1], b[1]) || compareText(a[0], b[0]) || compareText(a[2], b[2]);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An own entry; a column named like a property of Object must not find that. */
function entry<T>(columns: Columns<T>, column: string): T | undefined {
  return Object.hasOwn(columns, column) ? columns[column] : undefined;
}
