/** The vectors of sync/vectors/seal.json and words.json, in TypeScript. */

import { KEY_PROBLEMS } from "@pwa/platform/key_sentences";
import { loadVault } from "@pwa/platform/keys";
import seal from "@sync/vectors/seal.json";
import browser from "@sync/vectors/seal_browser.json";
import words from "@sync/vectors/words.json";
import { beforeAll, describe, expect, it } from "vitest";
import { browserVectors } from "./browser_vectors";
import { calls, outcome } from "./seal_calls";

interface Vector {
  name: string;
  call: string;
  args: unknown;
  gives?: unknown;
  fails?: string;
}

const vectors = seal.vectors as Vector[];

beforeAll(loadVault);

describe("seal", () => {
  it.each(vectors)("$call: $name", ({ call, args, gives, fails }) => {
    const expected = fails === undefined ? { gives } : { fails };
    expect(outcome(() => calls[call]?.(args))).toEqual(expected);
  });

  it("refuses by every name there is", () => {
    const refused = vectors.flatMap(({ fails, gives }) => [
      ...(fails === undefined ? [] : [fails]),
      ...((gives as { refused?: string[] } | null)?.refused ?? []),
    ]);
    expect(new Set(refused)).toEqual(new Set(Object.keys(KEY_PROBLEMS)));
  });
});

describe("what the browser sealed", () => {
  it("still opens", () => {
    for (const { call, args, gives } of browser.vectors) expect(calls[call]?.(args)).toEqual(gives);
  });

  it("opens when it was sealed just now", () => {
    const made = browserVectors();
    expect(made.map(({ name }) => name)).toEqual(browser.vectors.map(({ name }) => name));
    for (const { call, args, gives } of made) expect(calls[call]?.(args)).toEqual(gives);
  });
});

describe("words", () => {
  it.each(words.vectors)("$call: $arg", ({ call, arg, gives }) => {
    expect(calls[call]?.(arg)).toEqual(gives);
  });

  it("has vectors for every call", () => {
    const named = [...vectors, ...words.vectors].map((vector) => vector.call);
    expect(new Set(named)).toEqual(new Set(Object.keys(calls)));
  });
});
