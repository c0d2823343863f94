/** The vectors of sync/vectors/operation.json, in TypeScript, and what is too long for them. */

import {
  checkOperation,
  keyOwner,
  MAX_BATCH_BYTES,
  PADDED_LENGTHS,
  type Problem,
  paddedLength,
  REQUEST_HEAD_BYTES,
  SEALED_OVERHEAD,
  sealedKeyId,
  splitBatches,
  type Table,
  textColumns,
} from "@sync/operation";
import type vectors from "@sync/vectors/operation.json";
import text from "@sync/vectors/operation.json?raw";
import { describe, expect, it } from "vitest";

type Declared = Omit<Table, "name">;
type Given<T> = { name: string; value: T; gives?: T | string; fails?: string };

// Parsed, not imported: a bundler would turn a column named __proto__ into a prototype.
const operation = JSON.parse(text) as typeof vectors;
const CASE = "0190a0000000700080000000000000c1";

function tableOf(name: string): Table {
  const declared = (operation.tables as Record<string, unknown>)[name] as Declared;
  return { name, ...declared };
}

function sealed(padded: number): string {
  const body = Uint8Array.from([1, ...Buffer.from(CASE, "hex")]);
  const rest = new Uint8Array(SEALED_OVERHEAD - 17 + padded);
  return Buffer.concat([body, rest]).toString("base64url");
}

function assertGives<T>(call: (value: T) => unknown, { value, gives, fails }: Given<T>) {
  if (fails === undefined) expect(call(value)).toBe(gives);
  else expect(() => call(value)).toThrow(new RangeError(fails));
}

describe("check_operation", () => {
  it.each(operation.checks)("$name", ({ table, op, creating, owner, gives }) => {
    expect(checkOperation(tableOf(table), op, creating, owner)).toEqual(gives);
  });
});

describe("sealed values and keys", () => {
  it.each(operation.sealed_key_ids)("sealed_key_id: $name", (vector) => {
    assertGives(sealedKeyId, vector);
  });

  it.each(operation.key_owners)("key_owner: $name", (vector) => {
    assertGives(keyOwner, vector);
  });

  it.each(operation.padded_lengths)("padded_length: $name", ({ value, gives, fails }) => {
    if (fails === undefined) expect(paddedLength(value)).toBe(gives);
    else expect(() => paddedLength(value)).toThrow(new RangeError(fails));
  });

  it.each(PADDED_LENGTHS)("a value padded to %i bytes is accepted", (padded) => {
    expect(checkHappenedAt(sealed(padded))).toBeNull();
    expect(sealedKeyId(sealed(padded))).toBe(CASE + "0".repeat(16));
  });

  it("refuses a value no batch could carry", () => {
    const tooLong = sealed(4 * (PADDED_LENGTHS.at(-1) as number));
    expect(tooLong.length).toBeGreaterThan(MAX_BATCH_BYTES);
    expect(checkHappenedAt(tooLong)).toEqual({ code: "sealed_malformed", field: "happened_at" });
  });
});

function checkHappenedAt(value: string): Problem | null {
  const set = { happened_at: value };
  const op = { n: 1, table: "visit", row: CASE, stamp: "0".repeat(32), set };
  return checkOperation(tableOf("visit"), op, false, CASE);
}

describe("split_batches", () => {
  it.each(operation.batches)("$name", ({ items, max_count, max_bytes, gives }) => {
    expect(splitBatches<string>(items, max_count, max_bytes)).toEqual(gives);
  });

  it("cuts anything that has a text", () => {
    const entries = [
      { n: 17, body: "aaaa" },
      { n: 18, body: "bbbb" },
    ];
    const batches = splitBatches(entries, 500, REQUEST_HEAD_BYTES + 5, (entry) => entry.body);
    expect(batches).toEqual(entries.map((entry) => [entry]));
  });
});

it("knows the text columns of a table", () => {
  expect(textColumns(tableOf("visit"))).toEqual(new Set(["observation"]));
});
