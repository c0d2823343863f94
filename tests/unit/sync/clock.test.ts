/** The vectors of sync/vectors/clock.json, in TypeScript. */

import { effectiveStamp, isClamped, isStamp, makeStamp, nextStamp, readStamp } from "@sync/clock";
import clock from "@sync/vectors/clock.json";
import { describe, expect, it } from "vitest";

interface Vector {
  name: string;
  call: string;
  args: unknown[];
  gives?: unknown;
  fails?: string;
}

const vectors: Vector[] = clock.vectors;
const calls: Record<string, (...args: never[]) => unknown> = {
  make_stamp: makeStamp,
  read_stamp: readStamp,
  next_stamp: nextStamp,
  effective_stamp: effectiveStamp,
  is_clamped: isClamped,
};

describe("clock", () => {
  it.each(vectors)("$name", ({ call, args, gives, fails }) => {
    const run = () => calls[call]?.(...(args as never[]));
    if (fails === undefined) expect(run()).toEqual(gives);
    else expect(run).toThrow(new RangeError(fails));
  });

  it("has vectors for every call", () => {
    expect(new Set(vectors.map((vector) => vector.call))).toEqual(new Set(Object.keys(calls)));
  });

  it.each([null, 5, ["0".repeat(32)], "0".repeat(31), `${"0".repeat(32)}\n`])(
    "%j is no stamp",
    (value) => {
      expect(isStamp(value)).toBe(false);
      expect(isStamp("0".repeat(32))).toBe(true);
    },
  );
});
