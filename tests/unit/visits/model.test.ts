import {
  agreed,
  type CaseChoice,
  type Contact,
  caseText,
  chipCodes,
  distanceText,
  isPlanned,
  newestFirst,
  OUTCOMES_FIRST,
  offeredCases,
  openInVerbis,
  PLACES_FIRST,
  placeIcon,
  placeText,
  plannedCases,
  plannedFor,
  rankCases,
  searchCases,
} from "@pwa/features/visits/model";
import { OUTCOMES, PLACE_KINDS } from "@sync/codes";
import { describe, expect, it } from "vitest";

function contact(change: Partial<Contact>): Contact {
  return {
    id: "v1",
    caseId: "c1",
    author: "u1",
    recordedAt: 0,
    counsellor: "u1",
    companion: null,
    plannedStart: null,
    happenedAt: "2026-11-19T16:00",
    placeKind: "cafe",
    place: null,
    outcome: "short_talk",
    whoOpened: null,
    topics: [],
    coreTasks: [],
    appointment: null,
    texts: { observation: "", assessment: "", wish: "", next_step: "" },
    versions: {},
    base: {},
    contactMade: null,
    returnAnnounced: null,
    verbisOpen: false,
    unreadable: [],
    pending: false,
    clarify: false,
    createdAt: 0,
    ...change,
  };
}

function choice(id: string, name: string, change: Partial<CaseChoice> = {}): CaseChoice {
  return {
    id,
    name,
    pseudonym: null,
    kind: "handover",
    firstContact: null,
    closed: false,
    changedAt: 0,
    folded: caseText(name, change.pseudonym ?? null),
    ...change,
  };
}

const ids = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id);

describe("the chips", () => {
  it("show every place and outcome of the catalogue once, the frequent ones first", () => {
    for (const [catalogue, first] of [
      [PLACE_KINDS, PLACES_FIRST],
      [OUTCOMES, OUTCOMES_FIRST],
    ] as const) {
      const codes = chipCodes(catalogue, first);
      expect(codes.first).toEqual(first);
      expect([...codes.first, ...codes.rest].sort()).toEqual(Object.keys(catalogue).sort());
    }
  });

  it("have an icon for every place", () => {
    for (const code of Object.keys(PLACE_KINDS)) expect(placeIcon(code)).not.toBe("pin");
    expect(placeIcon(null)).toBe("pin");
  });
});

describe("contacts", () => {
  it("stand newest first; without a time where they were written down", () => {
    const list = [
      contact({ id: "old", happenedAt: "2026-11-01T09:00" }),
      contact({ id: "none", happenedAt: null, createdAt: 1 }),
      contact({ id: "new", happenedAt: "2026-11-20T09:00" }),
    ];
    expect(newestFirst(list, () => "2026-11-10T00:00").map((one) => one.id)).toEqual([
      "new",
      "none",
      "old",
    ]);
  });

  it("say the place with its name", () => {
    expect(placeText(contact({}))).toBe("Café");
    expect(placeText(contact({ place: "Lindenhof" }))).toBe("Café · Lindenhof");
    expect(placeText(contact({ place: "Café Lindenhof" }))).toBe("Café Lindenhof");
  });

  it("tell agreed appointments from today on, the next one first", () => {
    const list = [
      contact({ id: "a", appointment: "2026-12-01T14:30" }),
      contact({ id: "b", appointment: "2026-11-25" }),
      contact({ id: "c", appointment: "2026-11-24T23:00" }),
      contact({ id: "d" }),
    ];
    expect(agreed(list, "2026-11-25").map((one) => one.id)).toEqual(["b", "a"]);
  });

  it("list what is open in VerBIS, the oldest first", () => {
    const list = [
      contact({ id: "a", verbisOpen: true }),
      contact({ id: "b" }),
      contact({ id: "c", verbisOpen: true, happenedAt: "2026-10-01T10:00" }),
    ];
    expect(openInVerbis(list).map((one) => one.id)).toEqual(["c", "a"]);
  });
});

describe("planned visits", () => {
  const plan = {
    plannedStart: "2026-11-25T14:30",
    happenedAt: null,
    outcome: null,
    placeKind: "in_flat",
  };

  it("are plans until something of them happened, also when this phone cannot read what", () => {
    expect(isPlanned(contact(plan))).toBe(true);
    expect(isPlanned(contact({ ...plan, happenedAt: "2026-11-25T14:35" }))).toBe(false);
    expect(isPlanned(contact({ ...plan, unreadable: ["outcome"] }))).toBe(false);
    expect(isPlanned(contact({}))).toBe(false);
  });

  it("of a day are one's own, as either of the two, the earliest first", () => {
    const late = { plannedStart: "2026-11-25T16:00", companion: "u1", counsellor: "u2" };
    const list = [
      contact({ ...plan, id: "late", ...late }),
      contact({ ...plan, id: "early" }),
      contact({ ...plan, id: "other", counsellor: "u2", companion: "u3" }),
      contact({ ...plan, id: "tomorrow", plannedStart: "2026-11-26T09:00" }),
    ];
    expect(plannedFor(list, "u1", "2026-11-25").map((one) => one.id)).toEqual(["early", "late"]);
  });

  it.each([
    ["2026-11-25T14:30", "in 38 Minuten"],
    ["2026-11-25T13:53", "in 1 Minute"],
    ["2026-11-25T13:52", "jetzt"],
    ["2026-11-25T13:51", "vor 1 Minute"],
    ["2026-11-25T15:10", "in 1 Stunde"],
    ["2026-11-25T10:00", "vor 3 Stunden"],
  ])("at %s are %s", (wall, text) => {
    expect(distanceText(wall, "2026-11-25T13:52")).toBe(text);
  });
});

describe("the offered cases", () => {
  const cases = [
    choice("a", "Aylin", { changedAt: 3, pseudonym: "U25-018" }),
    choice("b", "Björn", { changedAt: 2 }),
    choice("c", "Celina", { changedAt: 1 }),
    choice("d", "Dario", { changedAt: 9, closed: true }),
    choice("e", "Élise", { changedAt: 0 }),
  ];

  it("are those with the latest contacts, then the latest changed, never closed ones", () => {
    expect(ids(offeredCases(rankCases(cases, [{ caseId: "e", rank: "5" }]), undefined))).toEqual([
      "e",
      "a",
      "b",
    ]);
  });

  it("begin with the day's planned visits, in their order", () => {
    const used = [
      { caseId: "e", rank: "9", planned: null },
      { caseId: "b", rank: "1", planned: "2026-11-25T14:30" },
      { caseId: "c", rank: "8", planned: "2026-11-26T08:00" },
      { caseId: "a", rank: "2", planned: "2026-11-25T10:00" },
    ];
    const planned = plannedCases(used, "2026-11-25");
    expect(planned).toEqual(["a", "b"]);
    expect(ids(offeredCases(rankCases(cases, used, planned), undefined))).toEqual(["a", "b", "e"]);
  });

  it("begin with the chosen one, also when it is closed", () => {
    const chosen = (id: string) => cases.find((one) => one.id === id);
    const ranked = rankCases(cases, []);
    expect(ids(offeredCases(ranked, chosen("e")))).toEqual(["e", "a", "b"]);
    expect(ids(offeredCases(ranked, chosen("d")))).toEqual(["d", "a", "b"]);
    expect(ids(offeredCases(ranked, chosen("b")))).toEqual(["b", "a", "c"]);
  });

  it("are fewer when their names are long, but never none", () => {
    const long = ["x", "y", "z"].map((id) => choice(id, "N".repeat(60)));
    expect(offeredCases(long, undefined)).toHaveLength(1);
    const unreadable = ["x", "y", "z"].map((id) => choice(id, "", { pseudonym: "U25-045" }));
    expect(offeredCases(unreadable, undefined).length).toBeLessThan(3);
    expect(offeredCases(cases, undefined, { rows: 1 }).length).toBeGreaterThan(0);
  });

  it("are found by name and pseudonym, whatever case and accents", () => {
    expect(searchCases(cases, "elise", 10).found.map((one) => one.id)).toEqual(["e"]);
    expect(searchCases(cases, "u25-018", 10).found.map((one) => one.id)).toEqual(["a"]);
    expect(searchCases(cases, "dario", 10).total).toBe(0);
    const doubled = [choice("m", "Jörg Mühlenbeck"), choice("n", "Ute Brueckmeier")];
    expect(ids(searchCases(doubled, "joerg MUEHLENBECK", 10).found)).toEqual(["m"]);
    expect(ids(searchCases(doubled, "brückmeier", 10).found)).toEqual(["n"]);
    expect(ids(searchCases(doubled, "brueckm", 10).found)).toEqual(["n"]);
    expect(searchCases(cases, "", 2)).toMatchObject({ total: 4 });
  });
});
