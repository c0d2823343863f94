/**
 * Sends (operations and envelopes) as bytes and as writes, and rows merged with them. Pure.
 *
 * A send is finished when it is queued. Only its number may change, when the phone gets a new
 * device number; that is why `n` stands first in the JSON and `rest` holds everything after it.
 */
import { textColumns } from "@sync/operation";
import { applyWrite, type RowState, type Stamps, type Value, type Write } from "@sync/registers";
import { TABLES } from "@sync/tables";
import type { EnvelopeRecord, RowRecord, Send } from "./db";

export interface Operation {
  table: string;
  row: string;
  stamp: string;
  set: Record<string, Value>;
  base?: Record<string, string[]>;
}

/** An operation that waits; `rank` is the one an earlier log gave it, when it is brought back. */
export interface Pending extends Operation {
  rank?: string;
}

/** The part of a send's JSON that never changes. */
export function restOf(body: Operation | EnvelopeRecord): string {
  return JSON.stringify(body).slice(1);
}

/** The very bytes that travel, as text. */
export function bytesOf(send: Pick<Send, "n" | "rest">): string {
  return `{"n":${send.n},${send.rest}`;
}

/** What an operation says. */
export function operationOf(send: Pick<Send, "rest">): Operation {
  return JSON.parse(`{${send.rest}`) as Operation;
}

/** What an operation that waits says, and how it ranks. */
export function pendingOf(send: Pick<Send, "rest" | "earlier">): Pending {
  const rank = send.earlier?.effective;
  return { ...operationOf(send), ...(rank && { rank }) };
}

/** What an envelope says. */
export function envelopeOf(send: Pick<Send, "rest">): EnvelopeRecord {
  return JSON.parse(`{${send.rest}`) as EnvelopeRecord;
}

/** The row after one more write; `record` null makes it. Changes no argument. */
export function mergeSend(
  record: RowRecord | null,
  operation: Operation,
  author: string,
  effective: string,
): RowRecord {
  const write: Write = {
    set: operation.set,
    base: operation.base ?? {},
    claimed: operation.stamp,
    effective,
    author,
  };
  const [state] = applyWrite(record && stateOf(record), write, textColumnsOf(operation.table));
  return {
    table: operation.table,
    id: operation.row,
    created_by: record?.created_by ?? author,
    ...(state as RowState as Omit<RowRecord, "table" | "id" | "created_by">),
  };
}

/**
 * What of an accepted operation a row cannot know yet; null when that is nothing.
 *
 * A row that came after it was accepted holds it, or something that beats it. Its words may have
 * been named by somebody since, and only the server knows that: they must not come back here.
 */
export function newsFor(
  record: RowRecord | null,
  operation: Operation,
  author: string,
  effective: string,
): Operation | null {
  if (!record) return operation;
  const ours: Stamps = [operation.stamp, effective, author];
  const news = Object.entries(operation.set).filter(
    ([column]) =>
      !Object.hasOwn(record.columns, column) ||
      beats(ours, record.stamps?.[column] ?? record.stamp),
  );
  return news.length > 0 ? { ...operation, set: Object.fromEntries(news) } : null;
}

function beats(ours: Stamps, theirs: Stamps): boolean {
  const rank = ([claimed, effective, author]: Stamps) => effective + claimed + author;
  return rank(ours) > rank(theirs);
}

/**
 * The row as its author sees it: the server's registers, what waits in the outbox on top, in the
 * order it was written. These ranks lie above any real stamp; only what is brought back to a
 * restored server has its own.
 */
export function withPending(
  record: RowRecord | null,
  operations: readonly Pending[],
  author: string,
): RowRecord | null {
  return operations.reduce<RowRecord | null>((row, operation, i) => {
    const { rank } = operation;
    if (rank === undefined) return mergeSend(row, operation, author, pendingRank(i));
    const news = newsFor(row, operation, author, rank);
    return news ? mergeSend(row, news, author, rank) : row;
  }, record);
}

function pendingRank(i: number): string {
  return "f".repeat(16) + i.toString(16).padStart(16, "0");
}

/** Whether a stamp is one of `withPending`'s ranks and not a time. */
export function isPendingRank(effective: string): boolean {
  return effective.startsWith("ffffffffffffffff");
}

function stateOf(record: RowRecord): RowState {
  return {
    stamp: record.stamp,
    columns: record.columns,
    stamps: record.stamps ?? {},
    named: record.named ?? {},
    versions: record.versions ?? {},
  };
}

const texts = new Map<string, ReadonlySet<string>>();

/** The text columns of a table; none for a table this version does not know. */
export function textColumnsOf(name: string): ReadonlySet<string> {
  let columns = texts.get(name);
  if (!columns) {
    const table = tableOf(name);
    columns = table ? textColumns(table) : new Set();
    texts.set(name, columns);
  }
  return columns;
}

/** A table's declaration, or undefined for one this version does not know. */
export function tableOf(name: string) {
  return Object.hasOwn(TABLES, name) ? TABLES[name as keyof typeof TABLES] : undefined;
}
