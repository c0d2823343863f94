/** What holds for every clock, however wrong: order, clamping, carrying. */

import {
  CLAMP_MS,
  effectiveStamp,
  isClamped,
  isStamp,
  MAX_COUNTER,
  MAX_MS,
  makeStamp,
  nextStamp,
  readStamp,
} from "@sync/clock";
import fc from "fast-check";
import { expect, it, vi } from "vitest";

// The same examples in every run; a failure prints the path that replays it.
fc.configureGlobal({ seed: 20_140_401, numRuns: 300 });
// Hundreds of examples on a busy machine take longer than one test of one thing.
vi.setConfig({ testTimeout: 60_000 });

type Parts = [ms: number, counter: number, node: string];

const NOW = 1_700_000_000_000;
const digits = fc.constantFrom(..."0123456789abcdef");
const nodes = fc.string({ unit: digits, minLength: 16, maxLength: 16 });
const counters = fc.oneof(
  fc.integer({ min: 0, max: MAX_COUNTER }),
  fc.constantFrom(0, 1, MAX_COUNTER - 1, MAX_COUNTER),
);
// Around now, around the clamp, anywhere: a wrong clock is wrong by a little or by years.
const times = fc.oneof(
  fc.integer({ min: NOW - 5, max: NOW + 5 }),
  fc.integer({ min: NOW + CLAMP_MS - 2, max: NOW + CLAMP_MS + 2 }),
  fc.maxSafeNat().map((ms) => ms % (MAX_MS - 1_000_000)),
);
const parts = fc.tuple(times, counters, nodes);
const clocks = fc.oneof(
  times,
  times.map((ms) => -ms),
);

function step([ms, counter]: Parts): [number, number] {
  return counter < MAX_COUNTER ? [ms, counter + 1] : [ms + 1, 0];
}

function compare(a: Parts, b: Parts): number {
  return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : Number(a[2] > b[2]));
}

it("text order is time order", () => {
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      expect(makeStamp(...one) < makeStamp(...other)).toBe(compare(one, other) < 0);
      expect(readStamp(makeStamp(...one))).toEqual(one);
    }),
  );
});

it("reading anything gives parts or a RangeError", () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: digits, minLength: 30, maxLength: 34 }));
  fc.assert(
    fc.property(texts, (text) => {
      if (isStamp(text)) expect(makeStamp(...readStamp(text))).toBe(text);
      else expect(() => readStamp(text)).toThrow(RangeError);
    }),
  );
});

it("a device never goes back, whatever its wall clock does and whatever arrives", () => {
  const moments = fc.array(fc.tuple(clocks, fc.option(parts)), { maxLength: 30 });
  fc.assert(
    fc.property(nodes, moments, (node, all) => {
      let last: string | null = null;
      for (const [now, received] of all) {
        const arrived = received === null ? null : makeStamp(...received);
        if (arrived !== null && arrived > (last ?? "")) last = arrived;
        const stamp: string = nextStamp(last, now, node);
        expect(last === null || stamp > last).toBe(true);
        expect(readStamp(stamp)[0]).toBeGreaterThanOrEqual(now);
        expect(readStamp(stamp)[2]).toBe(node);
        last = stamp;
      }
    }),
  );
});

it("a full counter carries into the time", () => {
  const nearlyFull = fc.integer({ min: MAX_COUNTER - 3, max: MAX_COUNTER });
  fc.assert(
    fc.property(nearlyFull, nodes, fc.integer({ min: 1, max: 8 }), (counter, node, steps) => {
      let stamp = makeStamp(NOW, counter, node);
      for (let i = 0; i < steps; i++) stamp = nextStamp(stamp, NOW - 1, node);
      const total = counter + steps;
      const carried = Math.floor(total / (MAX_COUNTER + 1));
      expect(readStamp(stamp)).toEqual([NOW + carried, total % (MAX_COUNTER + 1), node]);
    }),
  );
});

it("the effective stamps of a device only rise", () => {
  const receipts = fc.array(fc.tuple(parts, times), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(receipts, (all) => {
      let last: string | null = null;
      for (const [claimed, now] of all) {
        const stamp: string = effectiveStamp(makeStamp(...claimed), now, last);
        expect(last === null || stamp.slice(0, 16) > last.slice(0, 16)).toBe(true);
        expect(stamp.slice(16)).toBe(claimed[2]);
        last = stamp;
      }
    }),
  );
});

it("the clamping rule", () => {
  fc.assert(
    fc.property(parts, times, fc.option(parts), (claimed, now, last) => {
      const stamp = makeStamp(...claimed);
      const effective = effectiveStamp(stamp, now, last && makeStamp(...last));
      const [ms, counter] = readStamp(effective);
      expect(isClamped(stamp, now)).toBe(claimed[0] > now + CLAMP_MS);
      if (last && compare([ms, counter, ""], [...step(last), ""]) === 0) return;
      if (last) expect(compare([ms, counter, ""], [...step(last), ""])).toBeGreaterThan(0);
      if (isClamped(stamp, now)) expect([ms, counter]).toEqual([now + CLAMP_MS, 0]);
      else expect(effective).toBe(stamp);
    }),
  );
});
