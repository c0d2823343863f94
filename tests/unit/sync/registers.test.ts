/** The vectors of sync/vectors/registers.json, in TypeScript. */

import { applyWrite, type Overwritten, type RowState, type Write } from "@sync/registers";
import registers from "@sync/vectors/registers.json";
import { describe, expect, it } from "vitest";

interface Vector {
  name: string;
  writes: Write[];
  state: RowState;
  overwritten: Overwritten[][];
}

const vectors = registers.vectors as unknown as Vector[];
const TEXT_COLUMNS = new Set(registers.text_columns);

function merged(writes: readonly Write[]): [RowState | null, Overwritten[][]] {
  let state: RowState | null = null;
  const lost: Overwritten[][] = [];
  for (const write of writes) {
    const [next, overwritten] = applyWrite(state, write, TEXT_COLUMNS);
    state = next;
    lost.push(overwritten);
  }
  return [state, lost];
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]),
  );
}

describe.each(vectors)("$name", ({ writes, state, overwritten }) => {
  it("gives this state, and what was overwritten", () => {
    expect(merged(writes)).toEqual([state, overwritten]);
  });

  it("gives the same in any order, everything twice", () => {
    for (const order of permutations(writes)) {
      expect(merged([...order, ...order])[0]).toEqual(state);
    }
  });

  it("leaves its arguments as they are", () => {
    let current: RowState | null = null;
    for (const write of writes) {
      const before = structuredClone([current, write]);
      const [next] = applyWrite(current, write, TEXT_COLUMNS);
      expect([current, write]).toEqual(before);
      current = next;
    }
  });
});
