/**
 * Reading and writing the rows of the open store: what features build on.
 *
 * `watch` answers with the server's registers and the outbox on top, opened in the vault. `write`
 * is durable when it resolves, whatever happens to network, tab or phone afterwards.
 */
import type { ReadonlySignal } from "@preact/signals";
import type { Value } from "@sync/registers";
import type { TableName } from "@sync/tables";
import { get } from "./api";
import { type Entry, isSealedColumn, ownerOf, plain, type Values } from "./entry";
import type { ColumnWrite, HistoryItem } from "./history";
import type { OpenJob } from "./keyring";
import { lookUp } from "./row_lookup";
import { type Filter, watchRows } from "./row_views";
import { textColumnsOf } from "./sends";
import { opened } from "./store";
import { type Change, writeAll } from "./writes";

export type { TableName } from "@sync/tables";
export { type Entry, UNREADABLE, type Values, type Version, type Writer } from "./entry";
export type { HistoryItem } from "./history";
export { newId } from "./ids";
export type { Filter } from "./row_views";
export { type Change, writeAll } from "./writes";
export type WriteOptions = Pick<Change, "base" | "create" | "handTo" | "overwriteUnreadable">;

interface WireHistoryItem {
  column: string;
  value: Value;
  claimed: string;
  effective: string;
  author: string;
}

/**
 * The rows of a table, null while they are being read. The same question gives the same signal;
 * deleted rows are among them (`deleted`), columns not asked for are missing in `values`.
 */
export function watch<V = Values>(
  table: TableName,
  filter: Filter = {},
): ReadonlySignal<Entry<V>[] | null> {
  // V is the caller's word for the columns of `table`: the rows of a table have its columns.
  return watchRows(table, filter) as ReadonlySignal<Entry<V>[] | null>;
}

/**
 * Writes some columns of one row (id null: of a new one); resolves with its id once it lies on the
 * disk and was read back. A new case gets its key in the same transaction.
 * @throws ApiProblem, see `writeAll`. Nothing was written then.
 */
export async function write(
  table: TableName,
  id: string | null,
  set: Values,
  options: WriteOptions = {},
): Promise<string> {
  const [row] = await writeAll([{ table, id, set, ...options }]);
  return row as string;
}

/**
 * Everything that was ever written into a row, what shows now and what still waits included:
 * newest first, opened.
 * @throws Unreachable without a network, ApiProblem `not_found` or `locked`.
 */
export async function history(table: TableName, id: string): Promise<HistoryItem[]> {
  const { store, vault } = opened();
  const answer = await get<{ history: WireHistoryItem[] }>(`/api/history/${table}/${id}`);
  const { historyOf, livingWrites } = await import("./seldom");
  const { record, steps } = await lookUp(store.db, table, id);
  if (!record) return [];
  const overwritten = answer.history.map(
    ({ column, value, claimed, effective, author }): ColumnWrite => [
      column,
      [value, claimed, effective, author],
    ],
  );
  const writes = [...overwritten, ...steps.flatMap(livingWrites)];
  const owner = ownerOf(record);
  const sealed = writes.filter(
    ([column, [value]]) => typeof value === "string" && isSealedColumn(table, column),
  );
  const jobs = sealed.map(([column, [value, stamp, , author]]): OpenJob => {
    return { table, row: id, column, stamp, author, owner, sealed: value as string };
  });
  const values = await vault.ask("openValues", jobs);
  const readable = new Map(sealed.map((write, at) => [write, plain(values[at])]));
  const open = (write: ColumnWrite) => (readable.has(write) ? readable.get(write) : write[1][0]);
  return historyOf(record.created_by, writes, open, textColumnsOf(table));
}
