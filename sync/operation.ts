/**
 * What an operation may say: tables, columns, the check of one operation, sealed values, batches.
 *
 * The check knows shapes only. Whether the row exists, whether the person may write it and whether
 * a key's envelope is there, the server decides. See PROTOCOL.md, "Operation" and "Column kinds".
 */

import { isStamp } from "./clock";

export type Kind = "code" | "day" | "instant" | "int" | "bool" | "id" | "label" | "sealed" | "text";
export type KeyKind = "case" | "team" | "own" | "none";

/**
 * One column: `create` = set once, by the operation that creates the row; `required` = never null,
 * and given at creation; `codes` = the values of a `code`; `link` = the table an `id` names.
 */
export interface Column {
  readonly kind: Kind;
  readonly create?: boolean;
  readonly required?: boolean;
  readonly codes?: readonly string[] | null;
  readonly link?: string | null;
}

/**
 * A synced table. `key` says whose key seals it; with `case`, `parent` is the column that holds the
 * case's id, or null when the row is the case.
 */
export interface Table {
  readonly name: string;
  readonly key: KeyKind;
  readonly parent: string | null;
  readonly columns: Readonly<Record<string, Column>>;
}

/** Why an operation is refused: a code of the catalogue, and the column or part it is about. */
export interface Problem {
  readonly code: string;
  readonly field: string;
}

/** The greatest integer both languages hold exactly. */
export const MAX_INT = Number.MAX_SAFE_INTEGER;
export const MAX_BATCH_COUNT = 500;
export const MAX_BATCH_BYTES = 262_144;
/** What a request says besides its operations and envelopes fits into this. */
export const REQUEST_HEAD_BYTES = 2_048;
/** The longest padded plaintext: the next size would not fit into any batch. */
export const MAX_PADDED = 65_536;
/** Version, key id, nonce and authentication tag of a sealed value, in bytes. */
export const SEALED_OVERHEAD = 1 + 24 + 24 + 16;
export const PADDED_LENGTHS: readonly number[] = [64, 256, 1_024, 4_096, 16_384, 65_536];

type Values = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => string | null;

/**
 * What is wrong with an operation, as it came from JSON; null when nothing is. Never throws.
 *
 * `creating` says whether this operation makes the row. `owner` is the id whose keys may seal this
 * row: of the case for a change below a case, of the team (key `team`) or the user (`own`). The
 * case itself, and a creation below it, name it themselves. With no owner known, sealed values are
 * refused as `wrong_key`.
 */
export function checkOperation(
  table: Table,
  op: unknown,
  creating: boolean,
  owner: string | null = null,
): Problem | null {
  if (!isObject(op)) return { code: "operation_malformed", field: "operation" };
  const field = malformed(op);
  if (field !== null) return { code: "operation_malformed", field };
  if (op.table !== table.name) return { code: "unknown_table", field: "table" };
  const values = op.set as Values;
  let keyOf: unknown = owner;
  if (table.key === "case" && table.parent === null) keyOf = op.row;
  else if (table.key === "case" && creating) keyOf = values[table.parent as string];
  return (
    checkValues(table, values, creating) ?? checkKeys(table, values, keyOf) ?? checkBase(table, op)
  );
}

/** The columns of a table that keep versions. */
export function textColumns(table: Table): ReadonlySet<string> {
  const columns = Object.entries(table.columns);
  return new Set(columns.filter(([, column]) => column.kind === "text").map(([name]) => name));
}

/**
 * The key id of a sealed value, 48 hex digits.
 * @throws RangeError when the value is malformed.
 */
export function sealedKeyId(value: string): string {
  if (!isSealed(value)) throw new RangeError("not a sealed value");
  let hex = "";
  for (let i = 0; i < 36; i += 2) {
    const bits = digit(value, i) * 64 + digit(value, i + 1);
    hex += bits.toString(16).padStart(3, "0");
  }
  return hex.slice(2, 50);
}

/**
 * The id of the case, team or user a key belongs to.
 * @throws RangeError when the key id is malformed.
 */
export function keyOwner(keyId: string): string {
  if (typeof keyId !== "string" || !KEY_ID.test(keyId)) {
    throw new RangeError("a key id is 48 lower-case hex digits");
  }
  return keyId.slice(0, 32);
}

/**
 * How long `n` bytes of plaintext become: the next of 64, 256, 1024 … above n.
 * @throws RangeError when n is negative or more than MAX_PADDED - 1: such a value fits no batch.
 */
export function paddedLength(n: number): number {
  const length = PADDED_LENGTHS.find((size) => n >= 0 && n < size);
  if (length === undefined) throw new RangeError(`a value has 0 to ${MAX_PADDED - 1} bytes`);
  return length;
}

/**
 * Cut a queue into requests of at most `maxCount` items and `maxBytes` bytes, order kept.
 *
 * `text` gives an item's serialised JSON. Each item counts its UTF-8 bytes and a comma, each
 * request REQUEST_HEAD_BYTES besides. An item that is too large alone gets a batch of its own: the
 * server refuses that one, and the rest goes on.
 */
export function splitBatches<T>(
  items: readonly T[],
  maxCount: number = MAX_BATCH_COUNT,
  maxBytes: number = MAX_BATCH_BYTES,
  text: (item: T) => string = String,
): T[][] {
  const batches: T[][] = [];
  let batch: T[] = [];
  let size = REQUEST_HEAD_BYTES;
  for (const item of items) {
    const length = utf8Length(text(item)) + 1;
    if (batch.length > 0 && (batch.length >= maxCount || size + length > maxBytes)) {
      batches.push(batch);
      batch = [];
      size = REQUEST_HEAD_BYTES;
    }
    batch.push(item);
    size += length;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}

// Everything below is what the checks are made of. A check answers with a code, or with null when
// the value is good.

// Version byte, key id, nonce, padded text and tag are always a multiple of three bytes, so a
// sealed value has no left-over bits and exactly one spelling.
const SEALED_LENGTHS = new Set(
  PADDED_LENGTHS.map((length) => ((SEALED_OVERHEAD + length) / 3) * 4),
);
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const ID = /^[0-9a-f]{32}$/;
const KEY_ID = /^[0-9a-f]{48}$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const TIME = /^T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$/;
const COLUMN = /^[a-z][a-z0-9_]{0,62}$/;
/** The first byte is version 1: the first character, and the upper bits of the second. */
const SEALED = /^A[Q-Za-f][A-Za-z0-9_-]*$/;

const PLAIN: Readonly<Record<string, (value: unknown) => boolean>> = {
  id: isId,
  int: (value) => Number.isSafeInteger(value),
  bool: (value) => typeof value === "boolean",
  day: isDay,
  instant: isInstant,
};

function checkOf(column: Column, creating: boolean): Check {
  if (column.kind === "label") return () => "column_given_by_server";
  if (column.create && !creating) return () => "column_fixed";
  const check = checkOfKind(column);
  const ofNull = column.required ? "column_required" : null;
  return (value) => (value === null ? ofNull : check(value));
}

function checkOfKind(column: Column): Check {
  if (isSealedKind(column)) {
    return (value) =>
      typeof value !== "string" ? "wrong_type" : isSealed(value) ? null : "sealed_malformed";
  }
  if (column.kind === "code") {
    return (value) =>
      typeof value !== "string"
        ? "wrong_type"
        : column.codes?.includes(value)
          ? null
          : "unknown_code";
  }
  const good = PLAIN[column.kind];
  return (value) => (good?.(value) ? null : "wrong_type");
}

function checkValues(table: Table, values: Values, creating: boolean): Problem | null {
  for (const [name, value] of Object.entries(values)) {
    const column = columnOf(table, name);
    if (column === undefined) {
      // A verdict is kept for ever: it echoes names only, nothing else somebody wrote.
      return { code: "unknown_column", field: COLUMN.test(name) ? name : "set" };
    }
    const code = checkOf(column, creating)(value);
    if (code !== null) return { code, field: name };
  }
  const missing = Object.entries(table.columns).find(
    ([name, column]) => (column.create || column.required) && !Object.hasOwn(values, name),
  );
  return creating && missing ? { code: "column_required", field: missing[0] } : null;
}

function checkKeys(table: Table, values: Values, owner: unknown): Problem | null {
  for (const [name, column] of Object.entries(table.columns)) {
    const value = Object.hasOwn(values, name) ? values[name] : null;
    if (!isSealedKind(column) || value === null) continue;
    if (keyOwner(sealedKeyId(value as string)) !== owner) return { code: "wrong_key", field: name };
  }
  return null;
}

function checkBase(table: Table, op: Values): Problem | null {
  for (const [name, stamps] of Object.entries((op.base ?? {}) as Values)) {
    const column = columnOf(table, name);
    if (column?.kind !== "text") return { code: "base_not_text", field: column ? name : "base" };
    const good = Object.hasOwn(op.set as Values, name) && isBase(stamps, op.stamp);
    if (!good) return { code: "operation_malformed", field: "base" };
  }
  return null;
}

function isBase(stamps: unknown, own: unknown): boolean {
  return Array.isArray(stamps) && stamps.every((stamp) => isStamp(stamp) && stamp !== own);
}

/** The part of an operation that is not what it must be, or null. */
function malformed(op: Values): string | null {
  const hasBase = Object.hasOwn(op, "base");
  if (!Number.isSafeInteger(op.n) || (op.n as number) < 1) return "n";
  if (!isId(op.row)) return "row";
  if (!isStamp(op.stamp)) return "stamp";
  if (!isObject(op.set) || Object.keys(op.set).length === 0) return "set";
  if (hasBase && !isObject(op.base)) return "base";
  const complete = Object.hasOwn(op, "table") && Object.keys(op).length === (hasBase ? 6 : 5);
  return complete ? null : "operation";
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSealedKind(column: Column): boolean {
  return column.kind === "sealed" || column.kind === "text";
}

function columnOf(table: Table, name: string): Column | undefined {
  return Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}

function isDay(value: unknown): boolean {
  if (typeof value !== "string" || !DAY.test(value)) return false;
  const [year, month, day] = value.split("-").map(Number) as [number, number, number];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isInstant(value: unknown): boolean {
  return typeof value === "string" && TIME.test(value.slice(10)) && isDay(value.slice(0, 10));
}

function isSealed(value: string): boolean {
  return typeof value === "string" && SEALED_LENGTHS.has(value.length) && SEALED.test(value);
}

function digit(text: string, index: number): number {
  return BASE64URL.indexOf(text.charAt(index));
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return length;
}
