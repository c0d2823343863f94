/** Cases on this phone: what the screens read, and the one way they write. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import {
  readBase,
  readColumns,
  readLiving,
  readVersions,
  type TextVersion,
} from "../../platform/columns";
import { discardDraft, holdDraft, loadDraft, mayHaveDraft, saveDraft } from "../../platform/drafts";
import { newId } from "../../platform/ids";
import { readRow } from "../../platform/read_row";
import { type Entry, history, watch, write } from "../../platform/records";
import { members, phase, profile, settings } from "../../platform/session";
import type { Change } from "../../ui/changes";
import { onTheWall, toLocalInput } from "../../ui/dates";
import { oncePer } from "../../ui/once";
import type { DraftStore } from "../../ui/use_draft";
import type { WrittenDraft } from "../../ui/written";
import { type CaseForm, editedColumns, leftOfDraft, TEXT_COLUMNS } from "./form";
import { describeChange } from "./history";
import {
  type ClientCase,
  type ContactGlance,
  type Filter,
  type LastContact,
  PHASE_MONTHS,
  type Prepared,
  prepare,
  summarise,
} from "./model";

const TABLE = "client_case";
const LIST_COLUMNS = [
  "pseudonym",
  "kind",
  "name",
  "counsellor",
  "handed_over",
  "first_contact",
  "activation_limit",
  "closed",
];
const CONTACT_COLUMNS = [
  "case",
  "happened_at",
  "contact_made",
  "planned_start",
  "next_step",
  "appointment",
  "return_announced",
];

/** The user id of the person at the phone. */
export const me: ReadonlySignal<string> = computed(() => profile.value?.user ?? "");

/** Whether she makes and changes cases; whoever stands in only reads what was handed to her. */
export const mayChange: ReadonlySignal<boolean> = computed(() => profile.value?.role === "ab_pap");

/** People of the team by role, for choosing a counsellor. */
export interface Person {
  user: string;
  name: string;
  role: string;
}

/** Everybody in the team. */
export const people: ReadonlySignal<Person[]> = computed(() =>
  members.value.map(({ user, displayName, role }) => ({ user, name: displayName, role })),
);

/** A person's name, or words for somebody this phone does not know (any more). */
export function nameOf(user: string | null): string | null {
  if (user === null) return null;
  return people.value.find((person) => person.user === user)?.name ?? "Nicht mehr im Team";
}

/** How many months an activation phase has (setting `activation_limit_months`). */
export const phaseMonths: ReadonlySignal<number> = computed(() => {
  const months = settings.value.activation_limit_months;
  return typeof months === "number" && months > 0 ? months : PHASE_MONTHS;
});

/** A row as the screens read it. */
export const toCase: (entry: Entry) => ClientCase = oncePer((entry: Entry): ClientCase => {
  const columns = readColumns(entry);
  const { text } = columns;
  return {
    id: entry.id,
    pseudonym: text("pseudonym"),
    kind: text("kind") === "individual_order" ? "individual_order" : "handover",
    name: text("name") ?? "",
    dateOfBirth: text("date_of_birth"),
    clientNumber: text("client_number"),
    phone: text("phone"),
    address: text("address"),
    reachVia: text("reach_via"),
    targetGroup: text("target_group"),
    targetDetail: text("target_detail"),
    situation: text("situation"),
    wishes: text("wishes"),
    hazard: text("hazard"),
    counsellor: text("counsellor"),
    transferringCounsellor: text("transferring_counsellor"),
    handedOver: text("handed_over"),
    firstContact: text("first_contact"),
    activationLimit: text("activation_limit"),
    closed: text("closed"),
    versions: readVersions(entry, TEXT_COLUMNS),
    base: readBase(entry, TEXT_COLUMNS),
    unreadable: columns.unreadable,
    pending: entry.pending,
    createdAt: entry.createdAt,
  };
});

/** All cases in the order of the list; `null` while they are read. */
export const caseList: ReadonlySignal<Prepared[] | null> = computed(() => {
  if (phase.value !== "open") return null;
  const rows = watch(TABLE, { columns: LIST_COLUMNS }).value;
  return rows === null ? null : prepare(rows.filter((row) => !row.deleted).map(toCase));
});

/** One case with everything, `undefined` when there is none, `null` while it is read. */
export function readCase(id: string): ClientCase | null | undefined {
  const rows = watch(TABLE, { ids: [id] }).value;
  if (rows === null) return null;
  const row = rows.find((entry) => entry.id === id && !entry.deleted);
  return row && toCase(row);
}

const toGlance = oncePer((entry: Entry): ContactGlance => {
  const { text, unreadable } = readColumns(entry);
  const start = text("planned_start");
  const open = text("happened_at") === null && !unreadable.includes("happened_at");
  const appointment = text("appointment");
  const at = start !== null && open ? onTheWall(start) : null;
  return {
    at: onTheWall(text("happened_at") ?? "") ?? toLocalInput(entry.createdAt),
    talk: text("contact_made") !== null,
    planned: at === null ? null : { id: entry.id, at },
    nextStep: text("next_step"),
    appointment: appointment && onTheWall(appointment),
    returnAnnounced: text("return_announced") !== null,
  };
});

/** What the contacts of each case say about what comes next; empty while they are read. */
export const lastContacts: ReadonlySignal<Map<string, LastContact>> = computed(() => {
  const byCase = new Map<string, ContactGlance[]>();
  if (phase.value !== "open") return new Map();
  for (const entry of watch("visit", { columns: CONTACT_COLUMNS }).value ?? []) {
    const id = readColumns(entry).text("case");
    if (id === null || entry.deleted) continue;
    const glances = byCase.get(id) ?? [];
    glances.push(toGlance(entry));
    byCase.set(id, glances);
  }
  return new Map([...byCase].map(([id, glances]) => [id, summarise(glances)]));
});

const NO_SEARCH: { query: string; filter: Filter } = { query: "", filter: "open" };

/** What the list is narrowed to; kept while one looks at a case, forgotten when the phone is locked. */
export const search = signal(NO_SEARCH);
effect(() => {
  if (phase.value !== "open") search.value = NO_SEARCH;
});

/** How many rows of which list are in the page; kept like the search. */
export const rowsShown = signal({ asked: "", limit: 0 });

/** Who comes to the list anew types a new name; the filter stays. */
export function startSearchAnew(): void {
  search.value = { ...search.peek(), query: "" };
  rowsShown.value = { asked: "", limit: 0 };
}

/** What lives of each text of a case at this moment; nothing of one that is not there yet. */
export function livingTexts(id: string): Record<string, TextVersion[]> {
  const row = watch(TABLE, { ids: [id] }).value?.find((entry) => entry.id === id);
  return row ? readLiving(row, TEXT_COLUMNS) : {};
}

/** What a draft of a case keeps; `before` and `base` only for an existing one. */
export interface CaseDraft extends WrittenDraft<CaseForm> {
  id: string;
  /** A new one's form as it was first handed to the save. */
  handed?: CaseForm;
}

/** Raised when a draft's shape changes; older drafts are read by `loadDraft` or not at all. */
export const DRAFT_VERSION = 1;

/** The draft of a new case, with the id the case will have. */
export function newCaseDraft(form: CaseForm): CaseDraft {
  return { id: newId(), form, before: null, base: {} };
}

/**
 * Writes a case; resolves once it lies on this phone and was read back. Nothing is written
 * when nothing changed. Throws ApiProblem with a message to show.
 */
export async function saveCase(draft: CaseDraft): Promise<void> {
  const set = editedColumns(draft);
  if (Object.keys(set).length === 0) return;
  const named = Object.entries(draft.base).filter(([column]) => column in set);
  const options = draft.before ? { base: Object.fromEntries(named) } : { create: true };
  await write(TABLE, draft.id, set, options);
}

/**
 * Drafts of cases. One that was saved just before the app was killed is found out and dropped;
 * newer words in it are offered as a change of what was saved.
 */
export const caseDrafts: DraftStore = {
  mayHave: mayHaveDraft,
  load: async <T>(key: string, version: number) => {
    const draft = await loadDraft<T & CaseDraft>(key, version);
    const row = draft && (await readRow(TABLE, draft.id));
    if (!draft || !row) return draft;
    const left = leftOfDraft(draft, toCase(row));
    if (left === null) await discardDraft(key);
    return left;
  },
  save: saveDraft,
  discard: discardDraft,
  hold: holdDraft,
};

export { restingCount as olderCases } from "../../platform/resting";
export { bringBackResting as bringBackOlder } from "../../platform/sync_loop";

/** Who changed what and when, newest first. Needs the server; throws ApiProblem or Unreachable. */
export async function caseHistory(id: string): Promise<Change[]> {
  const items = await history(TABLE, id);
  return items.map((item) => describeChange(item, nameOf));
}
