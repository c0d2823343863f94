/**
 * Any order, any repetition of accepted writes: the same row, and no words lost.
 *
 * `described` says what a row is straight from PROTOCOL.md, looking at all writes at once;
 * `applyWrite` must arrive there one write at a time.
 */

import {
  applyWrite,
  type Overwritten,
  type RowState,
  type Value,
  type Version,
  type Write,
} from "@sync/registers";
import fc from "fast-check";
import { expect, it, vi } from "vitest";

// The same examples in every run; a failure prints the path that replays it.
fc.configureGlobal({ seed: 20_150_331, numRuns: 300 });
// Hundreds of examples on a busy machine take longer than one test of one thing.
vi.setConfig({ testTimeout: 60_000 });

const TEXT_COLUMNS = new Set(["note", "wish"]);
// Few stamps, so that writes meet, tie and name each other.
const stamps = fc.integer({ min: 0, max: 11 }).map((n) => String(n).padStart(2, "0"));
const columns = fc.constantFrom("kind", "closed", "name", "note", "wish");
const values: fc.Arbitrary<Value> = fc.constantFrom(null, "Tür zu", "gern", "später");

const writes: fc.Arbitrary<Write> = stamps.chain((claimed) =>
  fc.record({
    set: fc.dictionary(columns, values, { minKeys: 1, noNullPrototype: true }),
    base: fc.dictionary(columns, fc.array(stamps, { maxLength: 3 }), { noNullPrototype: true }),
    claimed: fc.constant(claimed),
    effective: fc.oneof(fc.constant(claimed), stamps),
    author: fc.constantFrom("anna", "ben", "cem"),
  }),
);
const many = fc.array(writes, { minLength: 1, maxLength: 8 });

function merged(all: readonly Write[]): [RowState, Overwritten[]] {
  let state: RowState | null = null;
  const lost: Overwritten[] = [];
  for (const write of all) {
    const [next, overwritten] = applyWrite(state, write, TEXT_COLUMNS);
    state = next;
    lost.push(...overwritten);
  }
  return [state as unknown as RowState, lost];
}

function versionOf(write: Write, column: string): Version {
  return [write.set[column] as Value, write.claimed, write.effective, write.author];
}

function order(a: Version, b: Version): number {
  const rank = ([value, claimed, effective, author]: Version) =>
    [effective, claimed, author, JSON.stringify(value)].join(" ");
  return rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b));
}

function setting(all: readonly Write[], column: string): Write[] {
  return all.filter((write) => Object.hasOwn(write.set, column));
}

function columnsOf(all: readonly Write[]): string[] {
  return [...new Set(all.flatMap((write) => Object.keys(write.set)))];
}

function namedIn(all: readonly Write[], column: string): Set<string> {
  const named = setting(all, column).flatMap((write) =>
    (write.base[column] ?? []).filter((stamp) => stamp !== write.claimed),
  );
  return new Set(named);
}

/** Registers, names and versions of a set of writes, in the words of the protocol. */
function described(all: readonly Write[]) {
  const registers: Record<string, Version> = {};
  const named: Record<string, Set<string>> = {};
  const versions: Record<string, Set<string>> = {};
  for (const column of columnsOf(all)) {
    const every = setting(all, column).map((write) => versionOf(write, column));
    registers[column] = every.toSorted(order).at(-1) as Version;
    if (!TEXT_COLUMNS.has(column)) continue;
    const names = namedIn(all, column);
    if (names.size > 0) named[column] = names;
    const left = every.filter(([, claimed]) => !names.has(claimed));
    versions[column] = new Set(left.map((version) => JSON.stringify(version)));
  }
  return { registers, named, versions };
}

function registersOf(state: RowState): Record<string, Version> {
  const entries = Object.entries(state.columns).map(([column, value]) => {
    const version: Version = [value, ...(state.stamps[column] ?? state.stamp)];
    return [column, version] as const;
  });
  return Object.fromEntries(entries);
}

function versionsOf(state: RowState): Record<string, Set<string>> {
  const entries = Object.entries(registersOf(state))
    .filter(([column]) => TEXT_COLUMNS.has(column))
    .map(([column, register]) => {
      const versions = state.versions[column] ?? [register];
      return [column, new Set(versions.map((version) => JSON.stringify(version)))] as const;
    });
  return Object.fromEntries(entries);
}

it("the row is what the protocol says", () => {
  fc.assert(
    fc.property(many, (all) => {
      const [state] = merged(all);
      const named = Object.entries(state.named).map(([column, names]) => [column, new Set(names)]);
      expect({
        registers: registersOf(state),
        named: Object.fromEntries(named),
        versions: versionsOf(state),
      }).toEqual(described(all));
    }),
  );
});

it("any order and any repetition give the same row", () => {
  const orders = many.chain((all) => {
    const repeated = fc.array(fc.constantFrom(...all), { maxLength: 6 });
    const shuffled = repeated.chain((again) => {
      const both = [...all, ...again];
      return fc.shuffledSubarray(both, { minLength: both.length });
    });
    return fc.tuple(fc.constant(all), shuffled);
  });
  fc.assert(
    fc.property(orders, ([all, shuffled]) => {
      expect(merged(shuffled)[0]).toEqual(merged(all)[0]);
    }),
  );
});

it("words that nobody named never disappear", () => {
  fc.assert(
    fc.property(many, (all) => {
      const shown = versionsOf(merged(all)[0]);
      for (const column of TEXT_COLUMNS) {
        for (const write of setting(all, column)) {
          if (namedIn(all, column).has(write.claimed)) continue;
          expect(shown[column]).toContain(JSON.stringify(versionOf(write, column)));
        }
      }
    }),
  );
});

it("every value is the register or in the history", () => {
  fc.assert(
    fc.property(many, (all) => {
      const [state, lost] = merged(all);
      const kept = Object.entries(registersOf(state)).map(([column, register]) =>
        JSON.stringify([column, ...register]),
      );
      const history = lost.map((o) =>
        JSON.stringify([o.column, o.value, o.claimed, o.effective, o.author]),
      );
      const written = columnsOf(all).flatMap((column) =>
        setting(all, column).map((write) => JSON.stringify([column, ...versionOf(write, column)])),
      );
      expect(new Set([...kept, ...history])).toEqual(new Set(written));
    }),
  );
});

it("the row is written in one way, and small", () => {
  fc.assert(
    fc.property(many, (all) => {
      const [state] = merged(all);
      const own = Object.values(registersOf(state)).map(([, ...rest]) => rest.join(" "));
      const count = (stamp: string) => own.filter((other) => other === stamp).length;
      const shared = state.stamp.join(" ");
      expect(Object.values(state.stamps).map((stamp) => stamp.join(" "))).not.toContain(shared);
      expect(count(shared)).toBe(Math.max(...own.map(count)));
      for (const [column, left] of Object.entries(state.versions)) {
        expect(left).toEqual(left.toSorted((a, b) => order(b, a)));
        expect(left).not.toEqual([registersOf(state)[column]]);
      }
    }),
  );
});
