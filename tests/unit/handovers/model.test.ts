/** Handing a case over: what is missing, when it is in force, when it ends. */
import {
  blankHandover,
  current,
  dayBefore,
  type Handover,
  handoverProblems,
  standing,
} from "@pwa/features/handovers/model";
import { shownValue } from "@pwa/features/handovers/words";
import { describe, expect, it } from "vitest";

const TODAY = "2026-11-26";
const handover = (starts: string, until: string, id = "x"): Handover => ({
  id,
  caseId: "c",
  deputy: "d",
  starts,
  until,
  note: null,
});
const FORM = { deputy: "d", starts: TODAY, until: "2026-11-30", note: "Zweimal läuten." };

describe("a handover", () => {
  it.each([
    ["later", "2026-11-27", "2026-11-30"],
    ["now", "2026-11-26", "2026-11-26"],
    ["now", "2026-11-01", "2026-11-26"],
    ["over", "2026-11-01", "2026-11-25"],
    ["over", "2026-11-26", "2026-11-25"],
  ])("stands %s from %s until %s", (expected, starts, until) => {
    expect(standing(handover(starts, until), TODAY)).toBe(expected);
  });

  it("is listed while it is, or will be, in force: what ends first comes first", () => {
    const [late, soon, over] = [
      handover(TODAY, "2026-12-24", "late"),
      handover("2026-11-28", "2026-11-29", "soon"),
      handover("2026-11-01", "2026-11-02", "over"),
    ];
    expect(current([late, over, soon], TODAY).map(({ id }) => id)).toEqual(["soon", "late"]);
  });

  it("ends with the day before, over months, leap days and the change of clocks", () => {
    expect(dayBefore("2026-03-01")).toBe("2026-02-28");
    expect(dayBefore("2028-03-01")).toBe("2028-02-29");
    expect(dayBefore("2026-03-30")).toBe("2026-03-29");
    expect(dayBefore("2027-01-01")).toBe("2026-12-31");
  });
});

describe("the form", () => {
  it("chooses nobody of several, and the only one at once", () => {
    expect(blankHandover(TODAY, [{ user: "a" }, { user: "b" }]).deputy).toBe("");
    expect(blankHandover(TODAY, [{ user: "a" }])).toEqual({
      deputy: "a",
      starts: TODAY,
      until: "",
      note: "",
    });
  });

  it("is complete", () => {
    expect(handoverProblems(FORM, TODAY)).toEqual({});
  });

  it.each([
    ["deputy", { deputy: "" }],
    ["starts", { starts: "" }],
    ["until", { until: "" }],
    ["until", { starts: "2026-10-01", until: "2026-11-25" }],
    ["until", { starts: "2026-12-02", until: "2026-12-01" }],
    ["note", { note: "  " }],
  ])("names what is wrong with %s", (field, change) => {
    expect(Object.keys(handoverProblems({ ...FORM, ...change }, TODAY))).toEqual([field]);
  });
});

it("shows late work in the words of the catalogue", () => {
  expect(shownValue("outcome", "message_left")).toBe("Nachricht hinterlassen");
  expect(shownValue("topics", ["housing", "debts"])).toContain(", ");
  expect(shownValue("contact_made", "2026-11-26")).toBe("26.11.2026");
  expect(shownValue("observation", "Licht an")).toBe("Licht an");
  expect(shownValue("verbis_open", true)).toBe("ja");
});
