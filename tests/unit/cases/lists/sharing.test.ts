import { loadOf, shareHints, shareOut } from "@pwa/features/cases/lists/sharing";
import type { CaseKind } from "@pwa/features/cases/model";
import { describe, expect, it } from "vitest";

const TEAM = [
  { user: "a", name: "Anna" },
  { user: "b", name: "Berta" },
];
const cases = (count: number, counsellor: string | null, kind: CaseKind = "handover") =>
  Array.from({ length: count }, () => ({ kind, counsellor }));
const kinds = (count: number): CaseKind[] => Array.from({ length: count }, () => "handover");

describe("sharing out", () => {
  it("gives each case to the one with fewer open ones", () => {
    const load = loadOf([...cases(3, "a"), ...cases(1, "b"), ...cases(9, null)], TEAM);
    expect(shareOut(kinds(6), load, "").counsellors).toEqual(["b", "b", "a", "b", "a", "b"]);
    expect(load.handover.get("b")).toBe(1);
  });

  it("counts single orders for themselves", () => {
    const load = loadOf(cases(5, "a", "individual_order"), TEAM);
    expect(shareOut(["handover", "individual_order", "handover"], load, "").counsellors).toEqual([
      "a",
      "b",
      "b",
    ]);
  });

  it("gives all to one when asked, and says what that means", () => {
    const { counsellors, after } = shareOut(kinds(51), loadOf([], TEAM), "b");
    expect(new Set(counsellors)).toEqual(new Set(["b"]));
    expect(shareHints(after, TEAM)).toEqual([
      "Die Fälle sind ungleich verteilt: Der Unterschied beträgt 51 Fälle.",
      "Damit sind es 51 offene Fallübergaben. Vorgesehen sind etwa 50.",
    ]);
    expect(shareHints(shareOut(kinds(50), loadOf([], TEAM), "").after, TEAM)).toEqual([]);
  });

  it("leaves a case to nobody where there is nobody", () => {
    expect(shareOut(kinds(1), loadOf([], []), "").counsellors).toEqual([""]);
  });
});
