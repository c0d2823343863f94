/**
 * The form of a case as pure data: what it holds, what is missing, and which columns a
 * save would write. All fields are text, as inputs have them; empty text means "nothing".
 */
import { isDay } from "../../ui/dates";
import { settledIn, type WrittenDraft } from "../../ui/written";
import { type CaseKind, type ClientCase, proposedLimit } from "./model";

export interface CaseForm {
  name: string;
  kind: CaseKind;
  dateOfBirth: string;
  clientNumber: string;
  phone: string;
  address: string;
  reachVia: string;
  targetGroup: string;
  targetDetail: string;
  situation: string;
  wishes: string;
  hazard: string;
  counsellor: string;
  transferringCounsellor: string;
  handedOver: string;
  activationLimit: string;
  /** Whether a person set the end of the phase herself: then no proposal replaces it. */
  limitChosen: boolean;
}

export type CaseField = Exclude<keyof CaseForm, "limitChosen">;

/** Which column of `client_case` a field is written to. */
export const COLUMNS: Record<CaseField, string> = {
  name: "name",
  kind: "kind",
  dateOfBirth: "date_of_birth",
  clientNumber: "client_number",
  phone: "phone",
  address: "address",
  reachVia: "reach_via",
  targetGroup: "target_group",
  targetDetail: "target_detail",
  situation: "situation",
  wishes: "wishes",
  hazard: "hazard",
  counsellor: "counsellor",
  transferringCounsellor: "transferring_counsellor",
  handedOver: "handed_over",
  activationLimit: "activation_limit",
};

/** Text columns: what others wrote at the same time stays beside it. */
export const TEXT_COLUMNS = ["target_detail", "situation", "wishes"] as const;
export const TEXT_FIELDS = ["targetDetail", "situation", "wishes"] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** A new case: mine unless somebody else is chosen. */
export function blankCase(me: string): CaseForm {
  return {
    name: "",
    kind: "handover",
    dateOfBirth: "",
    clientNumber: "",
    phone: "",
    address: "",
    reachVia: "",
    targetGroup: "",
    targetDetail: "",
    situation: "",
    wishes: "",
    hazard: "",
    counsellor: me,
    transferringCounsellor: "",
    handedOver: "",
    activationLimit: "",
    limitChosen: false,
  };
}

/** The form of an existing case as it is stored. */
export function caseForm(item: ClientCase): CaseForm {
  return {
    name: item.name,
    kind: item.kind,
    dateOfBirth: item.dateOfBirth ?? "",
    clientNumber: item.clientNumber ?? "",
    phone: item.phone ?? "",
    address: item.address ?? "",
    reachVia: item.reachVia ?? "",
    targetGroup: item.targetGroup ?? "",
    targetDetail: item.targetDetail ?? "",
    situation: item.situation ?? "",
    wishes: item.wishes ?? "",
    hazard: item.hazard ?? "",
    counsellor: item.counsellor ?? "",
    transferringCounsellor: item.transferringCounsellor ?? "",
    handedOver: item.handedOver ?? "",
    activationLimit: item.activationLimit ?? "",
    limitChosen: item.activationLimit !== null,
  };
}

/** The form after one change: a new start or kind proposes the end of the phase anew. */
export function changeCase(form: CaseForm, change: Partial<CaseForm>, months: number): CaseForm {
  const next = { ...form, ...change };
  if (change.activationLimit !== undefined) next.limitChosen = change.activationLimit !== "";
  const moved = change.handedOver !== undefined || change.kind !== undefined;
  if (moved && !next.limitChosen)
    next.activationLimit = proposedLimit(next.kind, next.handedOver, months);
  if (next.kind === "individual_order") {
    next.activationLimit = "";
    next.limitChosen = false;
  }
  return next;
}

export interface CaseProblem {
  field: CaseField;
  message: string;
}

/** What stands against saving, in the order of the screen; empty when nothing does. */
export function caseProblems(form: CaseForm, today: string): CaseProblem[] {
  const problems: CaseProblem[] = [];
  if (form.name.trim() === "")
    problems.push({ field: "name", message: "Bitte einen Namen eintragen." });
  if (form.dateOfBirth !== "" && (!isDay(form.dateOfBirth) || form.dateOfBirth > today))
    problems.push({ field: "dateOfBirth", message: "Bitte das Geburtsdatum prüfen." });
  if (form.handedOver !== "" && !isDay(form.handedOver))
    problems.push({ field: "handedOver", message: "Bitte das Datum prüfen." });
  if (form.activationLimit !== "" && !isDay(form.activationLimit))
    problems.push({ field: "activationLimit", message: "Bitte das Datum prüfen." });
  else if (form.activationLimit !== "" && form.activationLimit < form.handedOver)
    problems.push({ field: "activationLimit", message: "Das Ende liegt vor der Übergabe." });
  return problems;
}

/** Columns with their new values: all filled ones of a new case, else only what changed. */
export function caseChanges(form: CaseForm, before: CaseForm | null): Record<string, unknown> {
  const set: Record<string, unknown> = {};
  for (const field of Object.keys(COLUMNS) as CaseField[]) {
    const value = form[field].trim();
    const old = before === null ? "" : before[field].trim();
    if (value !== old) set[COLUMNS[field]] = value === "" ? null : value;
  }
  return set;
}

/** The columns a draft writes: those, and the texts that were decided about. */
export function editedColumns(draft: WrittenDraft<CaseForm>): Record<string, unknown> {
  const set = caseChanges(draft.form, draft.before);
  const settled = settledIn(draft);
  for (const field of TEXT_FIELDS) {
    if (settled.includes(COLUMNS[field])) set[COLUMNS[field]] = draft.form[field].trim() || null;
  }
  return set;
}

interface DraftParts extends WrittenDraft<CaseForm> {
  handed?: CaseForm;
}

/**
 * What is left to save of a draft whose case lies on this phone; `null` when that is nothing.
 * A new case's draft becomes a change, which replaces no words but those it was saved with.
 */
export function leftOfDraft<D extends DraftParts>(draft: D, item: ClientCase): D | null {
  const stored = caseForm(item);
  const before = draft.before ?? draft.handed ?? stored;
  const form = { ...draft.form, kind: stored.kind };
  const lacking = caseChanges(form, stored);
  const left = Object.keys(caseChanges(form, before)).some((column) => column in lacking);
  const open = settledIn(draft).some((column) => item.versions[column]);
  if (!left && !open) return null;
  if (draft.before !== null) return draft;
  const seen = TEXT_FIELDS.filter(
    (field) => before[field].trim() === stored[field].trim() && !item.versions[COLUMNS[field]],
  );
  const named = seen.map((field) => [COLUMNS[field], item.base[COLUMNS[field]] ?? []]);
  const base = Object.fromEntries([...TEXT_COLUMNS.map((column) => [column, []]), ...named]);
  return { ...draft, form, before: { ...before, kind: stored.kind }, base };
}
