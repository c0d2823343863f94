/** Contacts on this phone: what the screens read, and the one way they write. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import {
  readBase,
  readColumns,
  readLiving,
  readVersions,
  type TextVersion,
} from "../../platform/columns";
import {
  discardDraft,
  holdDraft,
  leaveDraft,
  loadDraft,
  mayHaveDraft,
  saveDraft,
} from "../../platform/drafts";
import { instantNow, newId } from "../../platform/ids";
import { readRow } from "../../platform/read_row";
import {
  type Change,
  type Entry,
  history,
  type Writer,
  watch,
  write,
  writeAll,
} from "../../platform/records";
import { members, phase, profile } from "../../platform/session";
import { entries, type SyncEntry } from "../../platform/sync_loop";
import type { Change as Described } from "../../ui/changes";
import { dayOf, onTheWall, toLocalInput } from "../../ui/dates";
import { oncePer } from "../../ui/once";
import type { DraftStore } from "../../ui/use_draft";
import type { WrittenDraft } from "../../ui/written";
import { asideKey } from "./draft_keys";
import {
  baseOf,
  type ContactForm,
  dayOfTalk,
  editedColumns,
  leftOfDraft,
  newContact,
} from "./form";
import {
  type CaseChoice,
  type Contact,
  caseText,
  newestFirst,
  plannedCases,
  rankCases,
  TEXT_COLUMNS,
} from "./model";

const TABLE = "visit";
const CASES = "client_case";
const CHOICE_COLUMNS = ["pseudonym", "kind", "name", "first_contact", "closed"];
const GLANCE_COLUMNS = [
  "case",
  "counsellor",
  "companion",
  "planned_start",
  "happened_at",
  "place_kind",
  "place",
  "outcome",
  "appointment",
  "verbis_open",
];

/** The user id of the person at the phone. */
export const me: ReadonlySignal<string> = computed(() => profile.value?.user ?? "");

/** Whether she may change this contact; whoever stands in changes only her own. */
export function mayChange(contact: Contact): boolean {
  return profile.value?.role === "ab_pap" || contact.author === me.value;
}

/** Whether the cases are hers, not handed to her: she makes them, and sees what was overwritten. */
export const hasCases: ReadonlySignal<boolean> = computed(() => profile.value?.role === "ab_pap");

/** A person's name, or words for somebody this phone does not know (any more). */
export function nameOf(user: string | null): string {
  if (user === null) return "";
  return members.value.find((one) => one.user === user)?.displayName ?? "Nicht mehr im Team";
}

/**
 * Who recorded a contact, and when: what came of a plan is recorded later, often by somebody else.
 * The earlier of two columns that are written together: one of them may have been corrected since.
 */
function recorded(entry: Entry): { author: string; recordedAt: number } {
  const { author, at } = recorder(entry) ?? { author: entry.createdBy, at: entry.createdAt };
  return { author, recordedAt: at };
}

function recorder(entry: Entry): Writer | null {
  const writers = ["outcome", "happened_at"].flatMap((column) => entry.writer(column) ?? []);
  const [first] = writers.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return first ?? null;
}

/** A row as the screens read it. */
export const toContact: (entry: Entry) => Contact = oncePer((entry: Entry): Contact => {
  const columns = readColumns(entry);
  const { text, list } = columns;
  const wall = (column: string) => {
    const value = text(column);
    return value && onTheWall(value);
  };
  return {
    id: entry.id,
    caseId: text("case") ?? "",
    ...recorded(entry),
    counsellor: text("counsellor"),
    companion: text("companion"),
    plannedStart: wall("planned_start"),
    happenedAt: wall("happened_at"),
    placeKind: text("place_kind"),
    place: text("place"),
    outcome: text("outcome"),
    whoOpened: text("who_opened"),
    topics: list("topics"),
    coreTasks: list("core_tasks"),
    appointment: wall("appointment"),
    texts: {
      observation: text("observation") ?? "",
      assessment: text("assessment") ?? "",
      wish: text("wish") ?? "",
      next_step: text("next_step") ?? "",
    },
    versions: readVersions(entry, TEXT_COLUMNS),
    base: readBase(entry, TEXT_COLUMNS),
    contactMade: text("contact_made"),
    returnAnnounced: text("return_announced"),
    verbisOpen: columns.flag("verbis_open"),
    unreadable: columns.unreadable,
    pending: entry.pending,
    clarify: entry.clarify,
    createdAt: entry.createdAt,
  };
});

const living = (rows: Entry[]): Contact[] => rows.filter((row) => !row.deleted).map(toContact);

/** The contacts of one case, newest first; `null` while they are read. */
export function contactsOf(caseId: string): Contact[] | null {
  const rows = watch(TABLE, { case: caseId }).value;
  return rows === null ? null : newestFirst(living(rows), toLocalInput);
}

/** One contact; `undefined` when there is none (any more), `null` while it is read. */
export function readContact(id: string): Contact | null | undefined {
  const rows = watch(TABLE, { ids: [id] }).value;
  return rows === null ? null : living(rows).find((contact) => contact.id === id);
}

/**
 * What the lists on Heute need of every contact and planned visit, without the notes; `null` until
 * the people they name are known too.
 */
export const glance: ReadonlySignal<Contact[] | null> = computed(() => {
  if (phase.value !== "open") return null;
  const rows = watch(TABLE, { columns: GLANCE_COLUMNS }).value;
  return rows === null || choices.value === null ? null : newestFirst(living(rows), toLocalInput);
});

/** A case's address, for the way there. */
export function addressOf(caseId: string): string | null {
  const rows = watch(CASES, { ids: [caseId], columns: ["address"] }).value;
  const [row] = rows ?? [];
  return row ? readColumns(row).text("address") : null;
}

interface CaseUse {
  caseId: string;
  /** Which of two came later. */
  rank: string;
  /** Its start, while it is a plan of the person at the phone. */
  planned: string | null;
}

const toUse = oncePer((entry: Entry): CaseUse => {
  const { text } = readColumns(entry);
  const mine = [text("counsellor"), text("companion")].includes(me.peek());
  const open = mine && entry.writer("outcome") === null;
  return {
    caseId: text("case") ?? "",
    // A plan never written about ranks as its creation: nobody changes the case of a contact.
    rank: (recorder(entry) ?? entry.writer("case"))?.rank ?? "",
    planned: open ? onTheWall(text("planned_start") ?? "") : null,
  };
});

/**
 * Which case had a contact when, and which is visited when; `null` while they are read. Cheap,
 * since nothing sealed is opened.
 */
export const caseUse: ReadonlySignal<CaseUse[] | null> = computed(() => {
  if (phase.value !== "open") return null;
  const columns = ["case", "counsellor", "companion", "planned_start"];
  const rows = watch(TABLE, { columns }).value;
  return rows === null ? null : rows.filter((row) => !row.deleted).map(toUse);
});

const toChoice = oncePer((entry: Entry): CaseChoice => {
  const { text } = readColumns(entry);
  const name = text("name") ?? "";
  return {
    id: entry.id,
    name,
    pseudonym: text("pseudonym"),
    kind: text("kind") ?? "handover",
    firstContact: text("first_contact"),
    closed: text("closed") !== null,
    changedAt: entry.changedAt,
    folded: caseText(name, text("pseudonym")),
  };
});

/** All cases a contact could belong to; `null` while they are read. */
export const choices: ReadonlySignal<CaseChoice[] | null> = computed(() => {
  if (phase.value !== "open") return null;
  const rows = watch(CASES, { columns: CHOICE_COLUMNS }).value;
  return rows === null ? null : rows.filter((row) => !row.deleted).map(toChoice);
});

const today = signal("");

/** Made anew while Heute is looked at: the tap that opens the form does not wait for it. */
const ranked: ReadonlySignal<CaseChoice[]> = computed(() => {
  const used = caseUse.value ?? [];
  return rankCases(choices.value ?? [], used, plannedCases(used, today.value));
});

/** The open cases in the order they are offered on this day. */
export function rankedCases(): CaseChoice[] {
  today.value = dayOf(Date.now());
  return ranked.value;
}

/** Keeps them ready until the function it answers is called. */
export function keepRanked(): () => void {
  today.value = dayOf(Date.now());
  return ranked.subscribe(() => {});
}

/** Case id → case, for lists that name the person. */
export const choiceById: ReadonlySignal<Map<string, CaseChoice>> = computed(
  () => new Map((choices.value ?? []).map((choice) => [choice.id, choice])),
);

/** What lives of each text of a contact at this moment; nothing of one that is not there yet. */
export function livingTexts(id: string): Record<string, TextVersion[]> {
  const row = watch(TABLE, { ids: [id] }).value?.find((entry) => entry.id === id);
  return row ? readLiving(row, TEXT_COLUMNS) : {};
}

/** What a draft of a contact keeps; `before` and `base` only for an existing one. */
export interface ContactDraft extends WrittenDraft<ContactForm> {
  id: string;
  /** A new one's form as it was first handed to the save. */
  handed?: ContactForm;
}

/** Raised when a draft's shape changes. */
export const DRAFT_VERSION = 1;

/** The draft of a new contact, with the id the contact will have. */
export function newContactDraft(form: ContactForm): ContactDraft {
  return { id: newId(), form, before: null, base: {} };
}

/**
 * Drafts of contacts. One that was saved just before the app was killed is found out and dropped;
 * newer words in it are offered as a change of what was saved.
 */
export const contactDrafts: DraftStore = {
  mayHave: mayHaveDraft,
  load: async <T>(key: string, version: number) => {
    const draft = await loadDraft<T & ContactDraft>(key, version);
    const row = draft && (await readRow(TABLE, draft.id));
    if (!draft || !row) return draft;
    const left = leftOfDraft(draft, toContact(row));
    if (left === null) await discardDraft(key);
    return left;
  },
  save: saveDraft,
  discard: discardDraft,
  hold: holdDraft,
};

/** Lays the draft of a new contact aside: Heute offers it, and its form is free for another one. */
export async function layAside(draft: ContactDraft): Promise<void> {
  const key = asideKey(draft.id);
  await saveDraft(key, DRAFT_VERSION, draft);
  await leaveDraft(key);
}

/** Opens what the screen of a case shows: it comes next when the contact is saved. */
export function openAhead(caseId: string): void {
  watch(CASES, { ids: [caseId] });
  watch(TABLE, { case: caseId });
}

/** What was saved last, so that its case can say where it is. */
export interface Saved {
  contact: string;
  caseId: string;
}

const lastSaved = signal<Saved | null>(null);

/** The contact that was saved last in this tab. */
export const saved: ReadonlySignal<Saved | null> = lastSaved;

/** The person has seen it. */
export function forgetSaved(): void {
  lastSaved.value = null;
}

/** Where the last write of a row stands; `null` when this phone no longer lists it. */
export function syncStateOf(row: string): SyncEntry | null {
  return entries.value.find((entry) => entry.row === row) ?? null;
}

/**
 * Writes a contact, and with the first conversation the first contact of its case, in one
 * transaction; resolves once it lies on this phone and was read back. Throws ApiProblem, and
 * then nothing was written. A draft that was saved already writes nothing twice.
 */
export async function saveContact(draft: ContactDraft): Promise<void> {
  const { form, before } = draft;
  const caseId = form.caseId ?? "";
  const set = before ? editedColumns(draft, before) : newContact(form, me.value);
  const changes: Change[] = [];
  if (Object.keys(set).length > 0) changes.push(contactChange(draft, set));
  const day = dayOfTalk(form);
  const opensCase = profile.value?.role === "ab_pap" && day !== null;
  if (opensCase && choiceById.value.get(caseId)?.firstContact === null)
    changes.push({ table: CASES, id: caseId, set: { first_contact: day } });
  if (changes.length > 0) await writeAll(changes);
  lastSaved.value = { contact: draft.id, caseId };
}

function contactChange(draft: ContactDraft, set: Record<string, unknown>): Change {
  const options = draft.before ? { base: baseOf(set, draft.base) } : { create: true };
  return { table: TABLE, id: draft.id, set, ...options };
}

/** Deletes a contact: it leaves every list, its history stays with the server. */
export async function deleteContact(id: string): Promise<void> {
  await write(TABLE, id, { deleted_at: instantNow() });
}

/** Ticks off that a contact was entered in VerBIS, or takes the tick back (`open`). */
export async function markVerbis(id: string, open: boolean): Promise<void> {
  await write(TABLE, id, { verbis_open: open });
}

/** Who changed what and when, newest first. Needs the server; throws ApiProblem or Unreachable. */
export async function contactHistory(id: string): Promise<Described[]> {
  const [items, { describeChange }] = await Promise.all([history(TABLE, id), import("./history")]);
  return items.map((item) => describeChange(item, nameOf));
}
