/** The history of a row: one item per write, the latest included, each with what stood before. */
import type { RowRecord } from "@pwa/platform/db";
import { type ColumnWrite, historyOf, livingWrites } from "@pwa/platform/history";
import { expect, it } from "vitest";

const stamp = (ms: number): string => `${ms.toString(16).padStart(12, "0")}0000device`;
const by = (author: string, ms: number) => [stamp(ms), stamp(ms), author] as const;

const record: RowRecord = {
  table: "visit",
  id: "v1",
  created_by: "jana",
  // The stamp most columns share need not be the one that made the row.
  stamp: by("mira", 5000),
  columns: { case: "c1", place: "Café", outcome: "long_talk", verbis_open: true, wish: "Arbeit" },
  stamps: { case: by("jana", 1000), wish: by("jana", 7000) },
};
const overwritten: ColumnWrite[] = [
  ["outcome", ["short_talk", ...by("jana", 1000)]],
  ["place", ["Park", ...by("jana", 3000)]],
];

const told = (writes: readonly ColumnWrite[]) => historyOf("jana", writes, ([, [value]]) => value);

it("tells every write, the latest first, and with it what stood there before", () => {
  expect(told([...overwritten, ...livingWrites(record)])).toEqual([
    {
      author: "jana",
      at: 7000,
      created: false,
      columns: [{ column: "wish", before: null, value: "Arbeit" }],
    },
    {
      author: "mira",
      at: 5000,
      created: false,
      columns: [
        { column: "place", before: "Park", value: "Café" },
        { column: "outcome", before: "short_talk", value: "long_talk" },
        { column: "verbis_open", before: null, value: true },
      ],
    },
    {
      author: "jana",
      at: 3000,
      created: false,
      columns: [{ column: "place", before: null, value: "Park" }],
    },
    { author: "jana", at: 1000, created: true, columns: [] },
  ]);
});

it("tells a write once that is known twice, and none that changed nothing", () => {
  const writes = livingWrites({ ...record, columns: { case: "c1" } });
  const again: ColumnWrite[] = [
    ...writes,
    ...writes,
    ["wish", ["", ...by("mira", 2000)]],
    ["wish", [null, ...by("mira", 3000)]],
  ];
  expect(told(again)).toEqual([{ author: "jana", at: 1000, created: true, columns: [] }]);
});

it("tells both versions of a text that two people wrote at once", () => {
  const mira = ["Licht", ...by("mira", 2000)] as const;
  const jana = ["Musik", ...by("jana", 3000)] as const;
  const both = {
    ...record,
    columns: { case: "c1", observation: "Musik" },
    stamps: { case: by("jana", 1000), observation: by("jana", 3000) },
    versions: { observation: [jana, mira] },
  };
  const texts = told(livingWrites(both)).flatMap(({ columns }) =>
    columns.map(({ value }) => value),
  );
  expect(texts).toEqual(["Musik", "Licht"]);
});

it("tells of a text that was chosen again: that is how one decides between versions", () => {
  const chosen: RowRecord = {
    ...record,
    columns: { case: "c1", wish: "Arbeit" },
    stamps: { case: by("jana", 1000), wish: by("mira", 9000) },
  };
  const both: ColumnWrite[] = [
    ["wish", ["Ruhe", ...by("mira", 6000)]],
    ["wish", ["Arbeit", ...by("jana", 7000)]],
  ];
  const items = historyOf(
    "jana",
    [...livingWrites(chosen), ...both],
    ([, [value]]) => value,
    new Set(["wish"]),
  );
  expect(items.map(({ author, columns }) => [author, columns[0]])).toEqual([
    ["mira", { column: "wish", before: "Arbeit", value: "Arbeit" }],
    ["jana", { column: "wish", before: "Ruhe", value: "Arbeit" }],
    ["mira", { column: "wish", before: null, value: "Ruhe" }],
    ["jana", undefined],
  ]);
});
