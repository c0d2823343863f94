import {
  baseOf,
  blankContact,
  changedColumns,
  contactForm,
  contactProblems,
  dayOfTalk,
  editedColumns,
  holdsMore,
  leftOfDraft,
  newContact,
  plannedForm,
} from "@pwa/features/visits/form";
import type { Contact } from "@pwa/features/visits/model";
import { describe, expect, it } from "vitest";

const MINUTE = "2026-11-25T10:42";
const filled = {
  ...blankContact(MINUTE, "c1"),
  placeKind: "doorstep",
  outcome: "short_talk",
};

function stored(change: Partial<Contact> = {}): Contact {
  return {
    id: "v1",
    caseId: "c1",
    author: "u1",
    recordedAt: 0,
    counsellor: "u1",
    companion: null,
    plannedStart: null,
    happenedAt: MINUTE,
    placeKind: "doorstep",
    place: null,
    outcome: "nobody_met",
    whoOpened: null,
    topics: ["work"],
    coreTasks: [],
    appointment: null,
    texts: { observation: "Licht an", assessment: "", wish: "", next_step: "" },
    versions: {},
    base: { observation: ["s1"] },
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

describe("what a contact needs", () => {
  it("is case, place and result: the time stands there already", () => {
    expect(contactProblems(blankContact(MINUTE, null)).map((problem) => problem.field)).toEqual([
      "caseId",
      "placeKind",
      "outcome",
    ]);
    expect(contactProblems(filled)).toEqual([]);
  });

  it("is one tap less from a case", () => {
    expect(contactProblems(blankContact(MINUTE, "c1"))).toHaveLength(2);
  });

  it('is "freiwillig eingelassen" in a flat, and only there', () => {
    const inFlat = { ...filled, placeKind: "in_flat" };
    expect(contactProblems(inFlat).map((problem) => problem.field)).toEqual(["letIn"]);
    expect(contactProblems({ ...inFlat, letIn: true })).toEqual([]);
  });

  it("is a time that exists", () => {
    expect(contactProblems({ ...filled, day: "2026-02-30" })[0]?.field).toBe("day");
    expect(contactProblems({ ...filled, time: "" })[0]?.field).toBe("day");
    expect(contactProblems({ ...filled, appointmentTime: "09:00" })[0]?.field).toBe(
      "appointmentDay",
    );
  });
});

describe("what a contact writes", () => {
  it("is only what holds something", () => {
    expect(newContact(filled, "u1")).toEqual({
      case: "c1",
      counsellor: "u1",
      happened_at: "2026-11-25T09:42:00Z",
      place_kind: "doorstep",
      outcome: "short_talk",
      contact_made: "2026-11-25",
    });
  });

  it.each([
    ["short_talk", "2026-11-25"],
    ["long_talk", "2026-11-25"],
    ["talk_broken_off", null],
    ["nobody_met", null],
    ["no_talk_wanted", null],
  ])("after %s the day of contact is %s", (outcome, day) => {
    expect(dayOfTalk({ ...filled, outcome })).toBe(day);
  });

  it("dates the return talk by the day of the contact", () => {
    expect(newContact({ ...filled, returnAnnounced: true }, "u1").return_announced).toBe(
      "2026-11-25",
    );
  });

  it("keeps an appointment as a day, or as a moment when it has a time", () => {
    expect(newContact({ ...filled, appointmentDay: "2026-12-01" }, "u1").appointment).toBe(
      "2026-12-01",
    );
    const timed = { ...filled, appointmentDay: "2026-12-01", appointmentTime: "14:30" };
    expect(newContact(timed, "u1").appointment).toBe("2026-12-01T13:30:00Z");
  });
});

describe("what came of a planned visit", () => {
  const plan = stored({
    plannedStart: "2026-11-25T10:30",
    happenedAt: null,
    outcome: null,
    placeKind: "in_flat",
    topics: [],
  });

  it("needs the result and that one was let in; place and time stand there", () => {
    const form = plannedForm(plan, MINUTE);
    expect(contactProblems(form).map((problem) => problem.field)).toEqual(["letIn", "outcome"]);
  });

  it("is written onto the same row", () => {
    const form = { ...plannedForm(plan, MINUTE), letIn: true, outcome: "long_talk" };
    expect(changedColumns(form, contactForm(plan))).toEqual({
      happened_at: "2026-11-25T09:42:00Z",
      outcome: "long_talk",
      contact_made: "2026-11-25",
    });
  });
});

describe("editing", () => {
  it("writes what changed, and names what the person was looking at", () => {
    const contact = stored();
    const form = { ...contactForm(contact), observation: "Licht aus", outcome: "short_talk" };
    const changed = changedColumns(form, contactForm(contact));
    expect(changed).toEqual({
      observation: "Licht aus",
      outcome: "short_talk",
      contact_made: "2026-11-25",
    });
    expect(baseOf(changed, contact.base)).toEqual({ observation: ["s1"] });
  });

  it("writes nothing when nothing changed", () => {
    expect(changedColumns(contactForm(stored()), contactForm(stored()))).toEqual({});
  });

  it("empties a text and unticks VerBIS", () => {
    const contact = stored({ verbisOpen: true });
    const form = { ...contactForm(contact), observation: "", verbisOpen: false };
    expect(changedColumns(form, contactForm(contact))).toEqual({
      observation: null,
      verbis_open: false,
    });
  });

  const two = {
    versions: {
      observation: [
        { text: "Licht an", stamp: "s1", author: "u1", at: 1 },
        { text: "Hund bellt", stamp: "s2", author: "u2", at: 2 },
      ],
    },
    base: { observation: ["s1", "s2"] },
  };

  it("decides nothing between two versions by itself", () => {
    const contact = stored(two);
    expect(changedColumns(contactForm(contact), contactForm(contact))).toEqual({});
  });

  it("writes a version that was chosen although it reads as before, naming both", () => {
    const contact = stored(two);
    const form = contactForm(contact);
    const draft = { form, before: form, base: two.base, settled: { observation: { own: "" } } };
    const written = editedColumns(draft, form);
    expect(written).toEqual({ observation: "Licht an" });
    expect(baseOf(written, draft.base)).toEqual({ observation: ["s1", "s2"] });
  });

  it("keeps a draft in which a version was chosen until that is written", () => {
    const form = contactForm(stored(two));
    const draft = { form, before: form, base: two.base, settled: { observation: { own: "" } } };
    expect(leftOfDraft(draft, stored(two))).toBe(draft);
    expect(leftOfDraft(draft, stored({ base: { observation: ["s3"] } }))).toBe(null);
    expect(leftOfDraft({ ...draft, settled: {} }, stored(two))).toBe(null);
  });
});

describe("what lies in „Weitere Angaben“", () => {
  const blank = blankContact("2026-11-25T10:42", "c1");

  it("is nothing while only the three questions and the time are answered", () => {
    const form = { ...blank, placeKind: "in_flat", letIn: true, outcome: "short_talk" };
    expect(holdsMore({ ...form, time: "09:00" }, null)).toBe(false);
  });

  it("is whatever was written or ticked there", () => {
    expect(holdsMore({ ...blank, observation: "Mitten im" }, null)).toBe(true);
    expect(holdsMore({ ...blank, verbisOpen: true }, null)).toBe(true);
    expect(holdsMore({ ...blank, topics: ["housing"] }, null)).toBe(true);
  });

  it("is nothing that stood there before", () => {
    const before = { ...blank, place: "Lindenhof" };
    expect(holdsMore({ ...before, outcome: "short_talk" }, before)).toBe(false);
    expect(holdsMore({ ...before, place: "" }, before)).toBe(true);
  });
});
