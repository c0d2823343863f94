/** Deciding between versions: what a tap makes of the text, what it names, and what it keeps. */
import { isNew, join, keepOwn, outcomeOf, ownText, take } from "@pwa/ui/versions";
import { isBeside, type LivingText, type Written, withWritten, writtenIn } from "@pwa/ui/written";
import { describe, expect, it } from "vitest";

const version = (stamp: string, text: string | null): LivingText => {
  return { text, stamp, author: `u-${stamp}`, at: 1 };
};
const A = version("a", "Licht an.");
const B = version("b", "Hund bellt.");
const C = version("c", "Musik.");

/** A form that was opened with these versions, the first of them in the field. */
function opened(living: readonly LivingText[]): Written {
  const text = living[0]?.text ?? "";
  return { text, before: text, base: living.map(({ stamp }) => stamp), settled: undefined };
}

describe("two versions", () => {
  const form = opened([A, B]);

  it("both stay while nothing is chosen or written", () => {
    expect(isBeside([A, B], form.base)).toBe(true);
    expect(outcomeOf([A, B], form)).toBe("stay");
  });

  it.each([A, B])("$stamp is taken over by one tap, naming both", (chosen) => {
    const next = take([A, B], form, chosen.text ?? "");
    expect(next).toEqual({ ...form, text: chosen.text, settled: { own: "" } });
    expect(outcomeOf([A, B], next)).toBe("replaced");
  });

  it("are joined by one tap, nothing twice", () => {
    expect(join([A, B], form).text).toBe("Licht an.\n\nHund bellt.");
    expect(join([A, version("b", "Licht an. Und laut.")], form).text).toBe("Licht an. Und laut.");
    expect(join([A, version("b", "")], form).text).toBe("Licht an.");
    expect(join([A, version("b", "Licht an.")], form).text).toBe("Licht an.");
  });

  it("give way to what is written freely", () => {
    const typed = { ...form, text: "Ruhig." };
    expect(outcomeOf([A, B], typed)).toBe("replaced");
    expect(typed.base).toEqual(["a", "b"]);
  });

  it("leave what she had written herself to be taken back", () => {
    const typed = { ...form, text: "Ruhig." };
    const taken = take([A, B], typed, "Hund bellt.");
    expect(ownText([A, B], taken)).toBe("Ruhig.");
    expect(take([A, B], taken, "Ruhig.").text).toBe("Ruhig.");
    expect(join([A, B], typed).text).toBe("Ruhig.\n\nLicht an.\n\nHund bellt.");
    expect(join([A, B], taken).text).toBe("Ruhig.\n\nLicht an.\n\nHund bellt.");
  });
});

it("three versions are chosen from and joined alike", () => {
  const form = opened([A, B, C]);
  expect(join([A, B, C], form).text).toBe("Licht an.\n\nHund bellt.\n\nMusik.");
  expect(take([A, B, C], form, "Musik.").base).toEqual(["a", "b", "c"]);
});

describe("a version that comes while the form is open", () => {
  const form = opened([A]);

  it("is shown, and named only when she decides", () => {
    const typed = { ...form, text: "Ruhig." };
    expect(isBeside([A], form.base)).toBe(false);
    expect(isBeside([A, B], form.base)).toBe(true);
    expect(isNew(B, typed)).toBe(true);
    expect(outcomeOf([A, B], typed)).toBe("beside");
    expect(typed.base).toEqual(["a"]);
    expect(keepOwn([A, B], typed)).toMatchObject({ text: "Ruhig.", base: ["a", "b"] });
    expect(outcomeOf([A, B], keepOwn([A, B], typed))).toBe("replaced");
  });

  it("is new again after a decision", () => {
    const decided = take([A, B], form, "Hund bellt.");
    expect(outcomeOf([A, B, C], decided)).toBe("beside");
    expect(decided.base).not.toContain("c");
  });

  it("in place of the one she saw is where the form goes on, with nothing to write", () => {
    const next = take([B], form, "Hund bellt.");
    expect(next).toEqual({
      text: "Hund bellt.",
      before: "Hund bellt.",
      base: ["a", "b"],
      settled: undefined,
    });
    expect(isBeside([B], next.base)).toBe(false);
    expect(outcomeOf([B], next)).toBe("stay");
  });
});

it("what does not open on this phone is never named", () => {
  const closed = version("x", null);
  const form = opened([A]);
  expect(take([A, closed], form, "Licht an.").base).toEqual(["a"]);
  expect(join([A, closed], form)).toMatchObject({ text: "Licht an.", base: ["a"] });
});

it("a draft keeps text, base and decision of one field apart from the others", () => {
  const form = { note: "eins", wish: "zwei" };
  const draft = { form, before: form, base: { note: ["a"], wish: ["w"] } };
  const next = withWritten(draft, "note", "note", {
    text: "neu",
    before: "eins",
    base: ["a", "b"],
    settled: { own: "" },
  });
  expect(next.form).toEqual({ note: "neu", wish: "zwei" });
  expect(next.base).toEqual({ note: ["a", "b"], wish: ["w"] });
  expect(writtenIn(next, "note", "note").settled).toEqual({ own: "" });
  expect(writtenIn(next, "wish", "wish")).toEqual(writtenIn(draft, "wish", "wish"));
});
