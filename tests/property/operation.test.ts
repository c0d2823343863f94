/** What holds for whatever a phone, or somebody else, sends: a verdict, never an exception. */

import {
  checkOperation,
  keyOwner,
  MAX_PADDED,
  PADDED_LENGTHS,
  paddedLength,
  REQUEST_HEAD_BYTES,
  SEALED_OVERHEAD,
  sealedKeyId,
  splitBatches,
  type Table,
} from "@sync/operation";
import fc from "fast-check";
import { expect, it, vi } from "vitest";

// The same examples in every run; a failure prints the path that replays it.
fc.configureGlobal({ seed: 20_260_706, numRuns: 300 });
// Hundreds of examples on a busy machine take longer than one test of one thing.
vi.setConfig({ testTimeout: 60_000 });

const CASE = "0190a0000000700080000000000000c1";
const VISIT: Table = {
  name: "visit",
  key: "case",
  parent: "case",
  columns: {
    case: { kind: "id", create: true, required: true, link: "client_case" },
    reference: { kind: "label" },
    means: { kind: "code", codes: ["foot", "car"] },
    contact_made: { kind: "day" },
    verbis_open: { kind: "bool" },
    minutes: { kind: "int", required: true },
    deleted_at: { kind: "instant" },
    happened_at: { kind: "sealed" },
    observation: { kind: "text" },
  },
};
const CODES = new Set(
  [
    "operation_malformed unknown_table unknown_column column_given_by_server column_fixed",
    "column_required wrong_type unknown_code sealed_malformed wrong_key base_not_text",
  ].flatMap((codes) => codes.split(" ")),
);

const hex = (length: number) =>
  fc.string({
    unit: fc.constantFrom(..."0123456789abcdef"),
    minLength: length,
    maxLength: length,
  });
const seconds = { noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31T23:59:59Z") };
const dates = fc.date(seconds);

function sealedFor(owner: string): fc.Arbitrary<string> {
  return fc.constantFrom(...PADDED_LENGTHS.slice(0, 3)).chain((padded) => {
    const length = SEALED_OVERHEAD - 17 + padded;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((body) => Buffer.concat([Uint8Array.of(1), Buffer.from(owner, "hex"), body]))
      .map((body) => body.toString("base64url"));
  });
}

const operations = fc
  .record(
    {
      case: fc.constant(CASE),
      minutes: fc.maxSafeInteger(),
      means: fc.constantFrom("foot", "car"),
      contact_made: dates.map((date) => date.toISOString().slice(0, 10)),
      verbis_open: fc.boolean(),
      deleted_at: dates.map((date) => `${date.toISOString().slice(0, 19)}Z`),
      happened_at: sealedFor(CASE),
      observation: sealedFor(CASE),
    },
    { requiredKeys: ["case", "minutes"], noNullPrototype: true },
  )
  .chain((set) =>
    fc.record(
      {
        n: fc.integer({ min: 1 }),
        table: fc.constant("visit"),
        row: hex(32),
        stamp: hex(31).map((rest) => `0${rest}`),
        set: fc.constant<Record<string, unknown>>(set),
        base: fc.constant<Record<string, unknown>>(
          "observation" in set ? { observation: ["f".repeat(32)] } : {},
        ),
      },
      { requiredKeys: ["n", "table", "row", "stamp", "set"], noNullPrototype: true },
    ),
  );

it("a good creation passes", () => {
  fc.assert(
    fc.property(operations, (op) => {
      expect(checkOperation(VISIT, op, true)).toBeNull();
    }),
  );
});

it("any JSON gets a verdict", () => {
  const owners = fc.option(fc.oneof(fc.string(), fc.constant(CASE)));
  fc.assert(
    fc.property(fc.jsonValue(), fc.boolean(), owners, (op, creating, owner) => {
      expect(CODES).toContain(checkOperation(VISIT, op, creating, owner)?.code);
    }),
  );
});

it("any part may be anything: a verdict that echoes nobody's words", () => {
  const fields = new Set(["operation", "n", "row", "stamp", "set", "base", "table"]);
  const keys = [...Object.keys(VISIT.columns), "n", "base", "constructor", "__proto__", "Ä"];
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("0".repeat(32), "01", "2024-02-30", ["0".repeat(32)], [], {}),
    fc.constant(undefined),
  );
  const place = fc.constantFrom("op", "set", "set", "set", "base");
  fc.assert(
    fc.property(
      operations,
      place,
      fc.constantFrom(...keys),
      anything,
      fc.boolean(),
      (good, where, key, value, creating) => {
        const op: Record<string, unknown> = structuredClone({ base: {}, ...good });
        const target = where === "op" ? op : (op[where] as Record<string, unknown>);
        if (value === undefined) delete target[key];
        else Object.defineProperty(target, key, { value, enumerable: true, configurable: true });
        const problem = checkOperation(VISIT, op, creating, CASE);
        if (problem === null) return;
        expect(CODES).toContain(problem.code);
        const echoed = problem.code === "unknown_column" && /^[a-z0-9_]+$/.test(problem.field);
        expect(echoed || fields.has(problem.field) || problem.field in VISIT.columns).toBe(true);
      },
    ),
  );
});

it("a value opens for its row alone", () => {
  const owned = fc
    .oneof(fc.constant(CASE), hex(32))
    .chain((owner) => fc.tuple(fc.constant(owner), sealedFor(owner)));
  const column = fc.constantFrom("happened_at", "observation");
  fc.assert(
    fc.property(operations, column, owned, (op, name, [owner, value]) => {
      const set = { ...op.set, [name]: value };
      const problem = checkOperation(VISIT, { ...op, set }, true);
      expect(keyOwner(sealedKeyId(value))).toBe(owner);
      expect(problem).toEqual(owner === CASE ? null : { code: "wrong_key", field: name });
    }),
  );
});

it("padding leaves room for its first byte and no step more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_PADDED - 1 }), (n) => {
      const length = paddedLength(n);
      expect(PADDED_LENGTHS).toContain(length);
      expect(n < length && (length === 64 || n >= length / 4)).toBe(true);
    }),
  );
});

it("batches keep limits, order and everything, and are as few as the order allows", () => {
  const items = fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { maxLength: 40 });
  const counts = fc.integer({ min: 1, max: 10 });
  const bytes = fc.integer({ min: 0, max: REQUEST_HEAD_BYTES + 200 });
  const size = (batch: readonly string[]) =>
    batch.reduce((sum, item) => sum + Buffer.byteLength(item) + 1, REQUEST_HEAD_BYTES);
  fc.assert(
    fc.property(items, counts, bytes, (all, maxCount, maxBytes) => {
      const batches = splitBatches(all, maxCount, maxBytes);
      expect(batches.flat()).toEqual(all);
      batches.forEach((batch, i) => {
        expect(batch.length > 0 && batch.length <= maxCount).toBe(true);
        expect(batch.length === 1 || size(batch) <= maxBytes).toBe(true);
        const next = batches[i + 1]?.slice(0, 1);
        const full = batch.length === maxCount || (next && size([...batch, ...next]) > maxBytes);
        expect(next === undefined || full).toBe(true);
      });
    }),
  );
});
