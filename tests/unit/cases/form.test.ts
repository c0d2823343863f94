import {
  blankCase,
  caseChanges,
  caseForm,
  caseProblems,
  changeCase,
  editedColumns,
  leftOfDraft,
} from "@pwa/features/cases/form";
import { toCase } from "@pwa/features/cases/store";
import type { Entry } from "@pwa/platform/records";
import { describe, expect, it } from "vitest";

const TODAY = "2026-11-25";

describe("the form of a case", () => {
  it("asks for a name and nothing else", () => {
    expect(caseProblems(blankCase("u1"), TODAY).map((problem) => problem.field)).toEqual(["name"]);
    expect(caseProblems({ ...blankCase("u1"), name: "Jannis" }, TODAY)).toEqual([]);
    expect(caseProblems({ ...blankCase("u1"), name: "  " }, TODAY)).toHaveLength(1);
  });

  it("refuses days that are none, lie ahead or end before they begin", () => {
    const form = { ...blankCase("u1"), name: "Jannis" };
    expect(caseProblems({ ...form, dateOfBirth: "2026-11-26" }, TODAY)[0]?.field).toBe(
      "dateOfBirth",
    );
    expect(caseProblems({ ...form, dateOfBirth: "2005-02-30" }, TODAY)[0]?.field).toBe(
      "dateOfBirth",
    );
    const backwards = { ...form, handedOver: "2026-11-20", activationLimit: "2026-11-19" };
    expect(caseProblems(backwards, TODAY)[0]?.field).toBe("activationLimit");
  });

  it("proposes the end of the phase until a person sets one", () => {
    const started = changeCase(blankCase("u1"), { handedOver: "2026-07-06" }, 6);
    expect(started.activationLimit).toBe("2027-01-05");
    const moved = changeCase(started, { handedOver: "2026-08-31" }, 6);
    expect(moved.activationLimit).toBe("2027-02-28");
    const chosen = changeCase(moved, { activationLimit: "2027-03-31" }, 6);
    expect(changeCase(chosen, { handedOver: "2026-09-01" }, 6).activationLimit).toBe("2027-03-31");
  });

  it("knows no phase for a single order", () => {
    const started = changeCase(blankCase("u1"), { handedOver: "2026-07-06" }, 6);
    const order = changeCase(started, { kind: "individual_order" }, 6);
    expect(order.activationLimit).toBe("");
    expect(changeCase(order, { kind: "handover" }, 6).activationLimit).toBe("2027-01-05");
  });

  it("writes what is filled for a new case", () => {
    const form = { ...blankCase("u1"), name: " Jannis ", phone: "0171 000" };
    expect(caseChanges(form, null)).toEqual({
      name: "Jannis",
      kind: "handover",
      phone: "0171 000",
      counsellor: "u1",
    });
  });

  it("writes what changed for an existing one, emptied fields as null", () => {
    const before = { ...blankCase("u1"), name: "Jannis", phone: "0171 000", wishes: "Café" };
    expect(caseChanges({ ...before, phone: "", wishes: "Park" }, before)).toEqual({
      phone: null,
      wishes: "Park",
    });
    expect(caseChanges(before, before)).toEqual({});
  });

  it("replaces no version of a text before somebody has chosen", () => {
    const version = (value: string, stamp: string) => ({ value, stamp, author: "u2", at: 0 });
    const entry = {
      id: "c1",
      values: { name: "Jannis", kind: "handover", situation: "Wohnt allein.", wishes: "Arbeit" },
      stamps: { situation: "s2", wishes: "w1" },
      versions: { situation: [version("Wohnt allein.", "s2"), version("Bei der Tante.", "s1")] },
    };
    const item = toCase(entry as unknown as Entry);
    const form = caseForm(item);
    expect(item.base).toEqual({ situation: ["s2", "s1"], wishes: ["w1"] });
    const draft = { form, before: form, base: item.base };
    expect(editedColumns(draft)).toEqual({});
    const chosen = { ...draft, settled: { situation: { own: "" } } };
    expect(editedColumns(chosen)).toEqual({ situation: "Wohnt allein." });
    expect(leftOfDraft(chosen, item)).toBe(chosen);
    expect(leftOfDraft(chosen, { ...item, versions: {} })).toBe(null);
  });

  it("counts versions that read the same as one, and names all of them", () => {
    const version = (stamp: string) => ({ value: "Wohnt allein.", stamp, author: "u2", at: 0 });
    const entry = {
      id: "c1",
      values: { name: "Jannis", kind: "handover", situation: "Wohnt allein." },
      stamps: { situation: "s2" },
      versions: { situation: [version("s2"), version("s1")] },
    };
    const item = toCase(entry as unknown as Entry);
    expect(item.versions).toEqual({});
    expect(item.base).toEqual({ situation: ["s2", "s1"] });
  });
});
