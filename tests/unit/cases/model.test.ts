import {
  activationLimit,
  ageHint,
  type ClientCase,
  completes25,
  countFilters,
  daysLeft,
  daysLeftText,
  endsSoon,
  findCases,
  groupOf,
  limitReminder,
  limitReminders,
  nextStep,
  phasePassed,
  prepare,
  stateLine,
  stepText,
  summarise,
} from "@pwa/features/cases/model";
import { describe, expect, it } from "vitest";

const TODAY = "2026-11-25";
const ME = "u1";

function made(change: Partial<ClientCase>): ClientCase {
  return {
    id: "c1",
    pseudonym: "U25-014",
    kind: "handover",
    name: "Jannis",
    dateOfBirth: null,
    clientNumber: null,
    phone: null,
    address: null,
    reachVia: null,
    targetGroup: null,
    targetDetail: null,
    situation: null,
    wishes: null,
    hazard: null,
    counsellor: ME,
    transferringCounsellor: null,
    handedOver: "2026-07-07",
    firstContact: "2026-07-20",
    activationLimit: "2027-01-06",
    closed: null,
    versions: {},
    base: {},
    unreadable: [],
    pending: false,
    createdAt: 0,
    ...change,
  };
}

describe("the end of the activation phase (§ 188 BGB, the start day counts)", () => {
  it.each([
    ["2014-04-01", "2014-09-30"],
    ["2014-03-31", "2014-09-30"],
    ["2014-08-29", "2015-02-28"],
    ["2014-08-31", "2015-02-28"],
    ["2014-09-01", "2015-02-28"],
    ["2014-10-01", "2015-03-31"],
    ["2014-10-02", "2015-04-01"],
    ["2015-08-31", "2016-02-29"],
    ["2015-03-01", "2015-08-31"],
    ["2026-12-01", "2027-05-31"],
    ["2026-07-06", "2027-01-05"],
  ])("%s + 6 months ends on %s", (start, end) => {
    expect(activationLimit(start)).toBe(end);
  });

  it("follows the setting", () => {
    expect(activationLimit("2026-11-25", 9)).toBe("2027-08-24");
  });
});

describe("the age hint (R-005)", () => {
  it.each([
    ["2001-06-15", "2026-06-14"],
    ["2001-03-01", "2026-02-28"],
    ["2000-02-29", "2025-02-28"],
    ["2001-01-01", "2025-12-31"],
  ])("born %s completes year 25 at the end of %s", (born, end) => {
    expect(completes25(born)).toBe(end);
  });

  it("speaks when the person is 25 already", () => {
    expect(ageHint("2001-06-15", "2026-06-15", null)).toContain("14.06.2026");
  });

  it("is quiet on the last day of year 25 without a phase", () => {
    expect(ageHint("2001-06-15", "2026-06-14", null)).toBeNull();
  });

  it("speaks when the person turns 25 during the phase, on its last day too", () => {
    expect(ageHint("2002-01-07", TODAY, "2027-01-06")).toContain("während der Aktivierungsphase");
    expect(ageHint("2002-01-08", TODAY, "2027-01-06")).toBeNull();
  });

  it("says nothing about a date it cannot read", () => {
    expect(ageHint("2001-02-30", TODAY, null)).toBeNull();
    expect(ageHint(null, TODAY, null)).toBeNull();
  });
});

describe("groups and days left", () => {
  it("derives the group from the days alone", () => {
    expect(groupOf(made({ handedOver: null }))).toBe("handing_over");
    expect(groupOf(made({}))).toBe("activating");
    expect(groupOf(made({ kind: "individual_order" }))).toBe("orders");
    expect(groupOf(made({ closed: "2026-11-01" }))).toBe("closed");
  });

  it.each([
    ["2026-12-07", 12, "noch 12 Tage"],
    ["2026-11-26", 1, "noch 1 Tag"],
    ["2026-11-25", 0, "endet heute"],
    ["2026-11-24", -1, "Frist überschritten"],
  ])("until %s: %i", (activationLimit, left, text) => {
    const item = made({ activationLimit });
    expect(daysLeft(item, TODAY)).toBe(left);
    expect(daysLeftText(left)).toBe(text);
  });

  it("has no days left for single orders and closed cases", () => {
    expect(daysLeft(made({ kind: "individual_order" }), TODAY)).toBeNull();
    expect(daysLeft(made({ closed: TODAY }), TODAY)).toBeNull();
    expect(daysLeft(made({ activationLimit: null }), TODAY)).toBeNull();
  });

  it("turns amber from 14 days on", () => {
    expect(endsSoon(made({ activationLimit: "2026-12-10" }), TODAY)).toBe(false);
    expect(endsSoon(made({ activationLimit: "2026-12-09" }), TODAY)).toBe(true);
    expect(endsSoon(made({ activationLimit: "2026-01-01" }), TODAY)).toBe(true);
  });

  it("says reminders with their singular", () => {
    expect(limitReminder(12)).toBe("Aktivierungsphase endet in 12 Tagen");
    expect(limitReminder(1)).toBe("Aktivierungsphase endet in 1 Tag");
    expect(limitReminder(0)).toBe("Aktivierungsphase endet heute");
    expect(limitReminder(-1)).toBe("Frist seit 1 Tag überschritten");
    expect(limitReminder(-3)).toBe("Frist seit 3 Tagen überschritten");
  });

  it("reminds of the most urgent first", () => {
    const list = [
      made({ id: "a", activationLimit: "2026-12-05" }),
      made({ id: "b", activationLimit: "2026-11-20" }),
      made({ id: "c", activationLimit: "2027-03-01" }),
    ];
    expect(limitReminders(list, TODAY).map((item) => item.id)).toEqual(["b", "a"]);
  });

  it("shows how much has passed, between nothing and all", () => {
    expect(
      phasePassed(made({ handedOver: TODAY, activationLimit: "2027-05-24" }), TODAY),
    ).toBeLessThan(0.01);
    expect(phasePassed(made({ activationLimit: TODAY }), TODAY)).toBe(1);
    expect(phasePassed(made({ activationLimit: "2026-10-01" }), TODAY)).toBe(1);
    expect(phasePassed(made({ handedOver: null }), TODAY)).toBeNull();
  });

  it("says the state in one line", () => {
    expect(stateLine(made({}))).toBe("In Aktivierung seit 07.07.2026");
    expect(stateLine(made({ handedOver: null }))).toBe("In Übergabe");
    expect(stateLine(made({ closed: "2026-11-02" }))).toBe("Abgeschlossen am 02.11.2026");
  });
});

describe("the next step", () => {
  const last = {
    planned: [],
    nextStep: null,
    appointment: null,
    returnAnnounced: false,
  };

  it("is the agreed appointment while it lies ahead", () => {
    const step = nextStep(
      made({}),
      { ...last, appointment: "2026-11-27T14:30", nextStep: "Anrufen" },
      TODAY,
    );
    expect(step).toMatchObject({ text: "Termin", at: "2026-11-27T14:30" });
  });

  it("is the planned visit before everything else, and a plan is no contact", () => {
    const planned = [
      { id: "p1", at: "2026-11-20T10:00" },
      { id: "p2", at: "2026-11-25T14:30" },
    ];
    const step = nextStep(made({}), { ...last, planned, nextStep: "Anrufen" }, TODAY);
    expect(step).toMatchObject({ text: "Besuch", at: "2026-11-25T14:30", visit: "p2" });
    expect(step && stepText(step, TODAY)).toBe("Besuch heute, 14:30");
    const plan = {
      at: "2026-11-25",
      talk: false,
      planned: { id: "p2", at: "2026-11-25T14:30" },
      nextStep: null,
      appointment: null,
      returnAnnounced: true,
    };
    expect(summarise([plan])).toEqual({ ...last, planned: [plan.planned] });
  });

  it("is the words of the last contact once the appointment is past", () => {
    const step = nextStep(
      made({}),
      { ...last, appointment: "2026-11-24", nextStep: "Anrufen" },
      TODAY,
    );
    expect(step?.text).toBe("Anrufen");
  });

  it("is summed up from all contacts, whatever their order", () => {
    const contact = (at: string, change = {}) => ({
      at,
      talk: false,
      planned: null,
      nextStep: null,
      appointment: null,
      returnAnnounced: false,
      ...change,
    });
    const agreed = contact("2026-11-02", { nextStep: "Anrufen", appointment: "2026-12-01" });
    const early = contact("2026-11-01", { talk: true, returnAnnounced: true });
    const nobody = contact("2026-11-09");
    const sum = {
      planned: [],
      nextStep: "Anrufen",
      appointment: "2026-12-01",
      returnAnnounced: true,
    };
    expect(summarise([nobody, agreed, early])).toEqual(sum);
    const talk = contact("2026-11-10", { talk: true });
    expect(summarise([talk, agreed, early])).toEqual({ ...sum, nextStep: null });
  });

  it("falls back on what the facts leave open", () => {
    expect(nextStep(made({ handedOver: null }), null, TODAY)?.text).toBe("Übergabe klären");
    expect(nextStep(made({ firstContact: null }), null, TODAY)?.text).toBe(
      "Erster Kontakt steht aus",
    );
    expect(nextStep(made({ activationLimit: TODAY }), last, TODAY)?.text).toContain("Verlängerung");
    expect(nextStep(made({}), last, TODAY)?.text).toBe("Rückkehr zum pAp ansprechen");
    expect(nextStep(made({}), { ...last, returnAnnounced: true }, TODAY)).toBeNull();
    expect(nextStep(made({ kind: "individual_order" }), last, TODAY)).toBeNull();
    expect(nextStep(made({ closed: TODAY }), { ...last, nextStep: "Anrufen" }, TODAY)).toBeNull();
  });
});

describe("the list", () => {
  const list = prepare([
    made({ id: "a", name: "Aylin Özdemir", pseudonym: "U25-018", activationLimit: "2027-03-26" }),
    made({
      id: "b",
      name: "Leon",
      pseudonym: "U25-011",
      activationLimit: "2026-12-07",
      counsellor: "u2",
    }),
    made({ id: "c", name: "Celina", pseudonym: null, handedOver: null, activationLimit: null }),
    made({ id: "d", name: "René Straße", pseudonym: "U25-002", closed: "2026-05-01" }),
    made({ id: "e", name: "Björn", kind: "individual_order", activationLimit: null }),
  ]);
  const choice = { filter: "open", query: "", me: ME, today: TODAY, limit: 50 } as const;
  const ids = (found: ReturnType<typeof findCases>) =>
    found.groups.map((group) => [group.name, ...group.cases.map((item) => item.id)]);

  it("groups by state, the most urgent first, closed ones only on demand", () => {
    expect(ids(findCases(list, choice))).toEqual([
      ["activating", "b", "a"],
      ["orders", "e"],
      ["handing_over", "c"],
    ]);
    expect(ids(findCases(list, { ...choice, filter: "closed" }))).toEqual([["closed", "d"]]);
  });

  it("filters mine and what ends soon", () => {
    expect(ids(findCases(list, { ...choice, filter: "mine" })).flat()).not.toContain("b");
    expect(ids(findCases(list, { ...choice, filter: "soon" }))).toEqual([["activating", "b"]]);
  });

  it.each([
    ["ozdemir", "a"],
    ["ÖZDEMIR ay", "a"],
    ["u25-011", "b"],
    ["rene strasse", "d"],
    ["bjorn", "e"],
  ])("finds %s without minding case and accents, closed cases too", (query, id) => {
    const found = findCases(list, { ...choice, query });
    expect(ids(found).flat()).toContain(id);
    expect(found.total).toBe(1);
  });

  it("shows at most the limit and tells how many there are", () => {
    const found = findCases(list, { ...choice, limit: 1 });
    expect(found.total).toBe(4);
    expect(found.groups.flatMap((group) => group.cases)).toHaveLength(1);
  });

  it("counts filters, and groups beyond what is shown", () => {
    expect(countFilters(list, ME, TODAY)).toEqual({ open: 4, mine: 3, soon: 1, closed: 1 });
    expect(findCases(list, { ...choice, limit: 1 }).counts).toEqual({
      activating: 2,
      orders: 1,
      handing_over: 1,
      closed: 0,
    });
  });

  it("answers over 10,000 cases without work that grows by the list twice", () => {
    const many = prepare(
      Array.from({ length: 10_000 }, (_, index) =>
        made({ id: String(index), name: `Person ${index}` }),
      ),
    );
    expect(findCases(many, { ...choice, query: "person 9999" }).total).toBe(1);
  });
});
