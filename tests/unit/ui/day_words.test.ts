import {
  daysBetween,
  formatDay,
  formatNearDay,
  formatWall,
  fromLocalInput,
  isDay,
  onTheWall,
  withinPhrase,
} from "@pwa/ui/dates";
import { fold } from "@pwa/ui/text_search";
import { describe, expect, it } from "vitest";

describe("German words for days", () => {
  it.each([
    ["2026-11-25", "Heute"],
    ["2026-11-24", "Gestern"],
    ["2026-11-26", "Morgen"],
    ["2026-11-19", "Do,\u00a019.11."],
    ["2025-11-19", "Mi,\u00a019.11.2025"],
  ])("%s is %s", (day, text) => {
    expect(formatNearDay(day, "2026-11-25")).toBe(text);
  });

  it("say a moment with its time and a mere day without", () => {
    expect(formatWall("2026-11-25T14:30", "2026-11-25")).toBe("Heute, 14:30");
    expect(formatWall("2026-11-25", "2026-11-25")).toBe("Heute");
  });

  it("begin small within a phrase", () => {
    expect(withinPhrase("Heute, 14:30")).toBe("heute, 14:30");
    expect(withinPhrase("Do, 19.11.")).toBe("Do, 19.11.");
  });

  it("count days across the change of the clocks", () => {
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(daysBetween("2026-10-26", "2026-10-24")).toBe(-2);
  });

  it("turn a local minute into an instant and back", () => {
    expect(fromLocalInput("2026-11-25T10:42")).toBe("2026-11-25T09:42:00Z");
    expect(onTheWall("2026-11-25T09:42:00Z")).toBe("2026-11-25T10:42");
    expect(onTheWall("2026-11-25")).toBe("2026-11-25");
    expect(fromLocalInput("2026-11-25T")).toBeNull();
  });

  it("survive what is no day and no instant: nobody but a phone checks sealed values", () => {
    expect(onTheWall("morgen früh")).toBeNull();
    expect(onTheWall("2026-99-99T10:00:00Z")).toBeNull();
    expect(formatDay("im Mai")).toBe("im Mai");
    expect(formatDay("2026-02-30")).toBe("2026-02-30");
    expect(formatDay("2026-11-25T10:42")).toBe("25.11.2026");
  });

  it("know which days exist", () => {
    expect(isDay("2028-02-29")).toBe(true);
    expect(isDay("2026-02-29")).toBe(false);
    expect(isDay("25.11.2026")).toBe(false);
  });
});

describe("folding for a search", () => {
  it.each([
    ["Müller", "muller"],
    ["STRASSE", "strasse"],
    ["Straße", "strasse"],
    ["  Ayşe   Özdemir ", "ayse ozdemir"],
    ["Łukasz Nguyễn", "lukasz nguyen"],
    ["İpek", "ipek"],
  ])("%s is compared as %s", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});
