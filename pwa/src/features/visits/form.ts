/**
 * The form „Kontakt festhalten“ as pure data: what it holds, what is missing, and which
 * columns a save writes. Times are local and split into day and minute, as inputs have them.
 */
import { fromLocalInput, isDay } from "../../ui/dates";
import { settledIn, type WrittenDraft } from "../../ui/written";
import { type Contact, TALKS, TEXT_COLUMNS } from "./model";

export interface ContactForm {
  caseId: string | null;
  placeKind: string | null;
  /** „freiwillig eingelassen“: in a flat nothing is saved without it. */
  letIn: boolean;
  outcome: string | null;
  day: string;
  time: string;
  place: string;
  observation: string;
  assessment: string;
  wish: string;
  next_step: string;
  appointmentDay: string;
  appointmentTime: string;
  returnAnnounced: boolean;
  verbisOpen: boolean;
  topics: string[];
  coreTasks: string[];
  whoOpened: string | null;
}

/** An empty form at a local minute (`YYYY-MM-DDTHH:MM`), for a case when it came from one. */
export function blankContact(minute: string, caseId: string | null): ContactForm {
  return {
    caseId,
    placeKind: null,
    letIn: false,
    outcome: null,
    day: minute.slice(0, 10),
    time: minute.slice(11, 16),
    place: "",
    observation: "",
    assessment: "",
    wish: "",
    next_step: "",
    appointmentDay: "",
    appointmentTime: "",
    returnAnnounced: false,
    verbisOpen: false,
    topics: [],
    coreTasks: [],
    whoOpened: null,
  };
}

/** The form for what came of a planned visit: its case and place, and the present minute. */
export function plannedForm(contact: Contact, minute: string): ContactForm {
  const plan = contactForm(contact);
  return { ...plan, letIn: false, day: minute.slice(0, 10), time: minute.slice(11, 16) };
}

/** The form of an existing contact as it is stored. */
export function contactForm(contact: Contact): ContactForm {
  return {
    caseId: contact.caseId,
    placeKind: contact.placeKind,
    letIn: contact.placeKind === "in_flat",
    outcome: contact.outcome,
    day: contact.happenedAt?.slice(0, 10) ?? "",
    time: contact.happenedAt?.slice(11, 16) ?? "",
    place: contact.place ?? "",
    ...contact.texts,
    appointmentDay: contact.appointment?.slice(0, 10) ?? "",
    appointmentTime: contact.appointment?.slice(11, 16) ?? "",
    returnAnnounced: contact.returnAnnounced !== null,
    verbisOpen: contact.verbisOpen,
    topics: [...contact.topics],
    coreTasks: [...contact.coreTasks],
    whoOpened: contact.whoOpened,
  };
}

const OUTSIDE_MORE: readonly (keyof ContactForm)[] = [
  "caseId",
  "placeKind",
  "letIn",
  "outcome",
  "day",
  "time",
];

/** Whether „Weitere Angaben“ hold something that did not stand there `before`; the time aside. */
export function holdsMore(form: ContactForm, before: ContactForm | null): boolean {
  const old = before ?? blankContact("", null);
  return (Object.keys(form) as (keyof ContactForm)[]).some(
    (field) =>
      !OUTSIDE_MORE.includes(field) && JSON.stringify(form[field]) !== JSON.stringify(old[field]),
  );
}

export type ContactField = "caseId" | "placeKind" | "letIn" | "outcome" | "day" | "appointmentDay";

export interface ContactProblem {
  field: ContactField;
  message: string;
}

/** What stands against saving, in the order of the screen; empty when nothing does. */
export function contactProblems(form: ContactForm): ContactProblem[] {
  const problems: ContactProblem[] = [];
  const add = (field: ContactField, message: string) => problems.push({ field, message });
  if (form.caseId === null) add("caseId", "Bitte wählen Sie den Fall.");
  if (form.placeKind === null) add("placeKind", "Bitte wählen Sie den Ort.");
  if (form.placeKind === "in_flat" && !form.letIn)
    add("letIn", "In der Wohnung nur, wenn Sie freiwillig eingelassen wurden. Sonst: Wohnungstür.");
  if (form.outcome === null) add("outcome", "Bitte wählen Sie das Ergebnis.");
  if (!isDay(form.day) || fromLocalInput(`${form.day}T${form.time}`) === null)
    add("day", "Bitte prüfen Sie Datum und Uhrzeit.");
  if (form.appointmentDay === "" ? form.appointmentTime !== "" : !isDay(form.appointmentDay))
    add("appointmentDay", "Bitte prüfen Sie den Tag des Termins.");
  return problems;
}

const textOrNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

function appointment(form: ContactForm): string | null {
  if (form.appointmentDay === "") return null;
  return form.appointmentTime === ""
    ? form.appointmentDay
    : fromLocalInput(`${form.appointmentDay}T${form.appointmentTime}`);
}

/** The day of the contact when it was a conversation, else `null`. */
export function dayOfTalk(form: ContactForm): string | null {
  return form.outcome !== null && TALKS.includes(form.outcome) ? form.day : null;
}

/** Every column of `visit` as the form has it; `null` means nothing. */
export function contactColumns(form: ContactForm): Record<string, unknown> {
  return {
    case: form.caseId,
    happened_at: fromLocalInput(`${form.day}T${form.time}`),
    place_kind: form.placeKind,
    outcome: form.outcome,
    place: textOrNull(form.place),
    observation: textOrNull(form.observation),
    assessment: textOrNull(form.assessment),
    wish: textOrNull(form.wish),
    next_step: textOrNull(form.next_step),
    appointment: appointment(form),
    contact_made: dayOfTalk(form),
    return_announced: form.returnAnnounced ? form.day : null,
    verbis_open: form.verbisOpen ? true : null,
    topics: form.topics.length > 0 ? form.topics : null,
    core_tasks: form.coreTasks.length > 0 ? form.coreTasks : null,
    who_opened: form.whoOpened,
  };
}

/** The columns a new contact is created with: only what holds something. */
export function newContact(form: ContactForm, me: string): Record<string, unknown> {
  const filled = Object.entries(contactColumns(form)).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(filled), counsellor: me };
}

/** The columns an edit writes: only what the person changed. */
export function changedColumns(form: ContactForm, before: ContactForm): Record<string, unknown> {
  const old = contactColumns(before);
  const changed = Object.entries(contactColumns(form)).filter(
    ([column, value]) => column !== "case" && JSON.stringify(value) !== JSON.stringify(old[column]),
  );
  return Object.fromEntries(
    changed.map(([column, value]) => [column, column === "verbis_open" ? value === true : value]),
  );
}

/** The columns a draft writes: what was changed, and the texts that were decided about. */
export function editedColumns(
  draft: WrittenDraft<ContactForm>,
  before: ContactForm,
): Record<string, unknown> {
  const all = contactColumns(draft.form);
  const settled = settledIn(draft).map((column) => [column, all[column]]);
  return { ...changedColumns(draft.form, before), ...Object.fromEntries(settled) };
}

/** The stamps the person was looking at, for the text columns among the changed ones. */
export function baseOf(
  changed: Record<string, unknown>,
  base: Record<string, string[]>,
): Record<string, string[]> {
  return Object.fromEntries(
    TEXT_COLUMNS.filter((column) => column in changed).map((column) => [
      column,
      base[column] ?? [],
    ]),
  );
}

interface DraftParts extends WrittenDraft<ContactForm> {
  handed?: ContactForm;
}

/**
 * What is left to save of a draft whose contact lies on this phone; `null` when that is nothing.
 * A new contact's draft becomes a change, which replaces no words but those it was saved with.
 */
export function leftOfDraft<D extends DraftParts>(draft: D, contact: Contact): D | null {
  const stored = contactForm(contact);
  const before = draft.before ?? draft.handed ?? stored;
  const lacking = changedColumns(draft.form, stored);
  const left = Object.keys(changedColumns(draft.form, before)).some((column) => column in lacking);
  const open = settledIn(draft).some((column) => contact.versions[column]);
  if (!left && !open) return null;
  if (draft.before !== null) return draft;
  const seen = TEXT_COLUMNS.filter(
    (column) => before[column].trim() === stored[column].trim() && !contact.versions[column],
  );
  const named = seen.map((column) => [column, contact.base[column] ?? []]);
  const base = Object.fromEntries([...TEXT_COLUMNS.map((column) => [column, []]), ...named]);
  return { ...draft, form: { ...draft.form, caseId: contact.caseId }, before, base };
}
