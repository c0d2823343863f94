/** What an accepted write still adds to a row that may already know of it. */
import { expect, it } from "vitest";
import type { RowRecord } from "../../../pwa/src/platform/db";
import { mergeSend, newsFor, type Operation } from "../../../pwa/src/platform/sends";

const ANNA = "a".repeat(32);
const BEN = "b".repeat(32);
const stamp = (n: number) => n.toString(16).padStart(32, "0");

const made: RowRecord = {
  table: "client_case",
  id: "c".repeat(32),
  created_by: ANNA,
  stamp: [stamp(1), stamp(1), ANNA],
  columns: { kind: "handover", wishes: "am Anfang" },
};
const first: Operation = {
  table: made.table,
  row: made.id,
  stamp: stamp(2),
  set: { wishes: "Annas Worte", closed: "2026-01-05" },
};

/** The row as the server sends it once Ben has answered Anna's words: only it knows they are named. */
const answered: RowRecord = {
  ...made,
  columns: { ...made.columns, wishes: "Bens Antwort", closed: "2026-01-05" },
  stamps: { wishes: [stamp(3), stamp(3), BEN], closed: [stamp(2), stamp(2), ANNA] },
};

it("adds everything to a row that does not know of it yet", () => {
  expect(newsFor(made, first, ANNA, stamp(2))).toEqual(first);
  expect(newsFor(null, first, ANNA, stamp(2))).toEqual(first);
});

it("adds nothing to a row that came later: named words do not come back as a second version", () => {
  expect(mergeSend(answered, first, ANNA, stamp(2)).versions).not.toEqual({});
  expect(newsFor(answered, first, ANNA, stamp(2))).toBeNull();
});

it("adds the columns it still leads in", () => {
  const later = { ...answered, columns: { ...made.columns, wishes: "Bens Antwort" } };
  expect(newsFor(later, first, ANNA, stamp(2))?.set).toEqual({ closed: "2026-01-05" });
});

it("ranks by the effective stamp, not by the claimed one", () => {
  expect(newsFor(answered, first, ANNA, stamp(4))?.set).toEqual(first.set);
  expect(newsFor(answered, { ...first, stamp: stamp(9) }, ANNA, stamp(1))).toBeNull();
});
