/** Everything that was ever written into a row, told write by write. Pure. */
import type { Version } from "@sync/registers";
import type { RowRecord } from "./db";
import { livingValues, timeOf } from "./entry";

/** One write to a row. */
export interface HistoryItem {
  author: string;
  /** Milliseconds since 1970. */
  at: number;
  /** It made the row; what it filled in is not listed. */
  created: boolean;
  /**
   * What it changed, with the value that stood there before. A text comes with its own value when
   * somebody chose it again: that is how one decides between versions.
   */
  columns: { column: string; before: unknown; value: unknown }[];
}

/** One write to one column, as it travelled. */
export type ColumnWrite = readonly [column: string, version: Version];

/** The writes that show in a row now. */
export function livingWrites(record: RowRecord): ColumnWrite[] {
  return Object.keys(record.columns).flatMap((column) =>
    livingValues(record, column).map((version): ColumnWrite => [column, version]),
  );
}

/** Writes to single columns, in any order and some of them twice, as a story: newest first. */
export function historyOf(
  createdBy: string,
  writes: readonly ColumnWrite[],
  open: (write: ColumnWrite) => unknown,
  texts: ReadonlySet<string> = new Set(),
): HistoryItem[] {
  const items = new Map<string, HistoryItem>();
  const values = new Map<string, unknown>();
  const seen = new Set<string>();
  const inOrder = [...writes].sort(([, a], [, b]) => (rank(a) < rank(b) ? -1 : 1));
  const first = inOrder.find(([, [, , , author]]) => author === createdBy)?.[1][1];
  for (const write of inOrder) {
    const [column, [, stamp, effective, author]] = write;
    const place = `${column} ${stamp}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const created = stamp === first;
    const item = items.get(stamp) ?? {
      author,
      at: timeOf([stamp, effective]),
      created,
      columns: [],
    };
    items.set(stamp, item);
    const [before, value] = [values.get(column) ?? null, open(write)];
    const told = texts.has(column) || (before ?? "") !== (value ?? "");
    if (!created && told) item.columns.push({ column, before, value });
    values.set(column, value);
  }
  return [...items.values()].filter((item) => item.created || item.columns.length > 0).reverse();
}

// By time, and at the same time by stamp: two writes of one phone may share their millisecond.
function rank([, claimed, effective]: Version): string {
  return `${String(timeOf([claimed, effective])).padStart(16, "0")} ${claimed}`;
}
