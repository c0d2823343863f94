/**
 * A row as the screens see it: opened values, when and by whom, whether something of it waits.
 * Pure.
 */
import type { Stamps, Value, Version as WireVersion } from "@sync/registers";
import type { RowRecord } from "./db";
import type { Opened, OpenJob } from "./keyring";
import { isPendingRank, tableOf } from "./sends";

/** Stands for a value this phone cannot open: „Auf diesem Gerät nicht lesbar“. */
export const UNREADABLE: unique symbol = Symbol("unreadable");

/** By column: plain values, null for what was never written, UNREADABLE for what does not open. */
export type Values = Record<string, unknown>;

/** One living version of a text. `stamp` is the claimed stamp, the one `base` names. */
export interface Version {
  value: unknown;
  stamp: string;
  author: string;
  at: number;
}

/** Whoever wrote something; `at` in milliseconds since 1970. */
export interface Writer {
  author: string;
  at: number;
  /** Its place in the order of all writes, which many of one millisecond have too. */
  rank: string;
}

export interface Entry<V = Values> {
  id: string;
  table: string;
  values: V;
  createdBy: string;
  /** Milliseconds since 1970, like `changedAt`. */
  createdAt: number;
  changedAt: number;
  /** Something of it waits in the outbox. */
  pending: boolean;
  /** Its creation was refused and lies in the tray for a person to clear up. */
  clarify: boolean;
  deleted: boolean;
  /** Claimed stamp per column that was ever written. */
  stamps: Record<string, string>;
  /** Who wrote what shows in a column, and when; null when nobody ever did. */
  writer(column: string): Writer | null;
  /** Only text columns with more than one living version, the shown one first. */
  versions?: Record<string, Version[]>;
}

/** A row with the outbox on top. */
export interface Shown {
  record: RowRecord;
  pending: boolean;
  clarify: boolean;
}

/** What was opened of one record, by `place`. */
export type OpenedValues = Map<string, Opened>;

/** The sealed values among the asked columns (all when undefined) that are not opened yet. */
export function unopened(
  record: RowRecord,
  asked: readonly string[] | undefined,
  opened: OpenedValues,
): { place: string; job: OpenJob }[] {
  const jobs: { place: string; job: OpenJob }[] = [];
  const { table, id: row } = record;
  const owner = ownerOf(record);
  for (const column of columnsOf(record.table, asked)) {
    if (!isSealedColumn(record.table, column)) continue;
    for (const [value, claimed, , author] of livingValues(record, column)) {
      const place = placeOf(column, claimed, author);
      const state = opened.get(place)?.state;
      if (typeof value !== "string" || (state && state !== "no_key")) continue;
      const job = { table, row, column, stamp: claimed, author, owner, sealed: value };
      jobs.push({ place, job });
    }
  }
  return jobs;
}

/** The entry of a row; sealed values that were not opened come out as UNREADABLE. */
export function entryOf(
  shown: Shown,
  asked: readonly string[] | undefined,
  opened: OpenedValues,
): Entry {
  const { record, pending, clarify } = shown;
  const read = (column: string, [value, claimed, , author]: WireVersion): unknown =>
    typeof value === "string" && isSealedColumn(record.table, column)
      ? plain(opened.get(placeOf(column, claimed, author)))
      : value;
  const values: Values = {};
  for (const column of columnsOf(record.table, asked)) {
    values[column] = read(column, registerOf(record, column));
  }
  const versions = versionsOf(record, asked, read);
  return {
    id: record.id,
    table: record.table,
    values,
    createdBy: record.created_by,
    ...timesOf(record),
    pending,
    clarify,
    deleted: (record.columns.deleted_at ?? null) !== null,
    stamps: claimedStamps(record),
    writer: (column) => writerOf(record, column),
    ...(versions && { versions }),
  };
}

/** The time of a stamp in ms; of the claimed one while the server has not ranked the write. */
export function timeOf([claimed, effective]: Stamps | readonly [string, string]): number {
  const stamp = isPendingRank(effective) ? claimed : effective;
  return Number.parseInt(stamp.slice(0, 12), 16);
}

/** The claimed stamps of a text column's living versions: the `base` of whoever sees them. */
export function shownStamps(record: RowRecord, column: string): string[] {
  if (!Object.hasOwn(record.columns, column)) return [];
  return livingValues(record, column).map(([, claimed]) => claimed);
}

/** Whoever wrote something that shows in the row. */
export function authorsOf({ stamp, stamps }: RowRecord): string[] {
  return [stamp, ...Object.values(stamps ?? {})].map(([, , author]) => author);
}

/** The case whose keys seal a row; empty when nobody can tell, and then nothing of it opens. */
export function ownerOf(record: RowRecord): string {
  const table = tableOf(record.table);
  if (table?.key !== "case") return "";
  const owner = table.parent === null ? record.id : record.columns[table.parent];
  return typeof owner === "string" ? owner : "";
}

/** Whether a column's values travel sealed. */
export function isSealedColumn(table: string, column: string): boolean {
  const kind = tableOf(table)?.columns[column]?.kind;
  return kind === "sealed" || kind === "text";
}

function columnsOf(table: string, asked: readonly string[] | undefined): readonly string[] {
  return asked ?? Object.keys(tableOf(table)?.columns ?? {});
}

/** An opened value, or UNREADABLE. */
export function plain(opened: Opened | undefined): unknown {
  return opened?.state === "open" ? opened.value : UNREADABLE;
}

function placeOf(column: string, claimed: string, author: string): string {
  return `${column}|${claimed}|${author}`;
}

function registerOf(record: RowRecord, column: string): WireVersion {
  const value = Object.hasOwn(record.columns, column) ? record.columns[column] : null;
  return [value as Value, ...(record.stamps?.[column] ?? record.stamp)];
}

/** The versions of a column that show, the register first. */
export function livingValues(record: RowRecord, column: string): readonly WireVersion[] {
  const versions = record.versions?.[column];
  const register = registerOf(record, column);
  if (!versions || versions.length < 2) return [register];
  const others = versions.filter(([, claimed]) => claimed !== register[1]);
  return [register, ...others];
}

function versionsOf(
  record: RowRecord,
  asked: readonly string[] | undefined,
  read: (column: string, version: WireVersion) => unknown,
): Record<string, Version[]> | undefined {
  const asVersion = (column: string) => (version: WireVersion) => {
    const [, claimed, effective, author] = version;
    return {
      value: read(column, version),
      stamp: claimed,
      author,
      at: timeOf([claimed, effective]),
    };
  };
  const named = Object.keys(record.versions ?? {})
    .filter((column) => !asked || asked.includes(column))
    .map((column) => [column, livingValues(record, column).map(asVersion(column))] as const)
    .filter(([, living]) => living.length > 1);
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}

function timesOf(record: RowRecord): { createdAt: number; changedAt: number } {
  const times = [record.stamp, ...Object.values(record.stamps ?? {})].map(timeOf);
  return { createdAt: Math.min(...times), changedAt: Math.max(...times) };
}

function writerOf(record: RowRecord, column: string): Writer | null {
  if (!Object.hasOwn(record.columns, column)) return null;
  const [, claimed, effective, author] = registerOf(record, column);
  return { author, at: timeOf([claimed, effective]), rank: effective };
}

function claimedStamps(record: RowRecord): Record<string, string> {
  const stamps: Record<string, string> = {};
  for (const column of Object.keys(record.columns)) {
    stamps[column] = (record.stamps?.[column] ?? record.stamp)[0];
  }
  return stamps;
}
