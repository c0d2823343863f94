/**
 * What a contact is and what can be said about it: order, words, groups. Pure: today is an
 * argument; `happenedAt` and `appointment` are on-the-wall texts (`YYYY-MM-DD` or with a minute).
 */
import { OUTCOMES, PLACE_KINDS } from "@sync/codes";
import type { TextVersion } from "../../platform/columns";
import { formatWall } from "../../ui/dates";
import type { IconName } from "../../ui/icons";
import { matches, searchable, searchWords } from "../../ui/text_search";
import { plural } from "../../ui/words";

export type TextColumn = "observation" | "assessment" | "wish" | "next_step";

export const TEXT_COLUMNS: readonly TextColumn[] = [
  "observation",
  "assessment",
  "wish",
  "next_step",
];

export const TEXT_LABELS: Record<TextColumn, string> = {
  observation: "Beobachtung",
  assessment: "Einschätzung",
  wish: "Wunsch der Person",
  next_step: "Nächster Schritt",
};

/** A contact as this phone can read it; columns it cannot open stand in `unreadable`. */
export interface Contact {
  id: string;
  caseId: string;
  /** Whoever recorded it; of a plan, whoever planned it. */
  author: string;
  /** When, in milliseconds since 1970. */
  recordedAt: number;
  counsellor: string | null;
  /** The second person of a planned visit. */
  companion: string | null;
  plannedStart: string | null;
  happenedAt: string | null;
  placeKind: string | null;
  place: string | null;
  outcome: string | null;
  whoOpened: string | null;
  topics: readonly string[];
  coreTasks: readonly string[];
  appointment: string | null;
  texts: Record<TextColumn, string>;
  /** Only for texts with more than one living version. */
  versions: Record<string, TextVersion[]>;
  /** The claimed stamps behind each text, for `base`. */
  base: Record<string, string[]>;
  contactMade: string | null;
  returnAnnounced: string | null;
  verbisOpen: boolean;
  unreadable: readonly string[];
  pending: boolean;
  clarify: boolean;
  createdAt: number;
}

export const UNREADABLE_TEXT = "Auf diesem Gerät nicht lesbar";

/** Outcomes that are a conversation: they set the day of contact. */
export const TALKS: readonly string[] = ["short_talk", "long_talk"];

// Four places and five results: with a dock and three rows of cases they fit one phone screen.
export const PLACES_FIRST: readonly string[] = ["doorstep", "in_flat", "cafe", "phone_message"];
export const OUTCOMES_FIRST: readonly string[] = [
  "nobody_met",
  "short_talk",
  "message_left",
  "no_talk_wanted",
  "long_talk",
];

/** Codes of a list: the frequent ones first, the others in the order of the catalogue. */
export function chipCodes(
  catalogue: Record<string, string>,
  first: readonly string[],
): { first: string[]; rest: string[] } {
  const known = Object.keys(catalogue);
  return {
    first: first.filter((code) => known.includes(code)),
    rest: known.filter((code) => !first.includes(code)),
  };
}

/** The German label of a code; a code this version does not know is shown as it is. */
export function label(catalogue: Record<string, string>, code: string): string {
  return catalogue[code] ?? code;
}

const PLACE_ICONS: Record<string, IconName> = {
  doorstep: "door",
  in_flat: "home",
  cafe: "coffee",
  youth_centre: "building",
  multigeneration_house: "building",
  other_facility: "building",
  public_space: "tree",
  accompaniment: "people",
  phone_message: "phone",
  jobcenter: "doc",
};

/** The icon of a place. */
export function placeIcon(placeKind: string | null): IconName {
  return PLACE_ICONS[placeKind ?? ""] ?? "pin";
}

/** "Café · Lindenhof" */
export function placeText(contact: Contact): string {
  if (contact.unreadable.includes("place_kind")) return "Ort nicht lesbar";
  const kind = contact.placeKind === null ? "Ohne Ort" : label(PLACE_KINDS, contact.placeKind);
  if (contact.place === null) return kind;
  return contact.place.startsWith(kind) ? contact.place : `${kind} · ${contact.place}`;
}

/** The heading of a contact: its outcome. */
export function outcomeText(contact: Contact): string {
  if (contact.unreadable.includes("outcome")) return UNREADABLE_TEXT;
  return contact.outcome === null ? "Kontakt" : label(OUTCOMES, contact.outcome);
}

/** „Heute, 10:42“; words for a time that is missing or does not open here. */
export function whenText(contact: Contact, today: string): string {
  if (contact.unreadable.includes("happened_at")) return "Zeit nicht lesbar";
  return contact.happenedAt === null ? "Ohne Zeit" : formatWall(contact.happenedAt, today);
}

/** Newest first; entries without a readable time stand where they were created. */
export function newestFirst(
  contacts: readonly Contact[],
  wallOf: (ms: number) => string,
): Contact[] {
  const when = (contact: Contact): string =>
    contact.happenedAt ?? contact.plannedStart ?? wallOf(contact.createdAt);
  return [...contacts].sort((a, b) => {
    if (when(a) !== when(b)) return when(a) < when(b) ? 1 : -1;
    return a.id < b.id ? 1 : -1;
  });
}

/** Whether it is a plan so far: a start, and nothing yet of what happened. */
export function isPlanned(contact: Contact): boolean {
  const happened = contact.happenedAt !== null || contact.outcome !== null;
  const hidden =
    contact.unreadable.includes("happened_at") || contact.unreadable.includes("outcome");
  return contact.plannedStart !== null && !happened && !hidden;
}

/** One's own planned visits of a day, the earliest first. */
export function plannedFor(contacts: readonly Contact[], me: string, day: string): Contact[] {
  return contacts
    .filter((one) => isPlanned(one) && one.plannedStart?.slice(0, 10) === day)
    .filter((one) => one.counsellor === me || one.companion === me)
    .sort((a, b) => ((a.plannedStart ?? "") < (b.plannedStart ?? "") ? -1 : 1));
}

/** „Hausbesuch bei“ at a door or in a flat, else „Treffen mit“. */
export function planTitle(placeKind: string | null): string {
  return placeKind === "doorstep" || placeKind === "in_flat" ? "Hausbesuch bei" : "Treffen mit";
}

/** „in 38 Minuten“, „vor 1 Stunde“: how far one local minute lies from another. */
export function distanceText(wall: string, now: string): string {
  const minutes = Math.round((Date.parse(`${wall}Z`) - Date.parse(`${now}Z`)) / 60_000);
  const size = Math.abs(minutes);
  if (size === 0) return "jetzt";
  const when = minutes > 0 ? "in" : "vor";
  if (size < 60) return plural(size, `${when} # Minute`, `${when} # Minuten`);
  return plural(Math.floor(size / 60), `${when} # Stunde`, `${when} # Stunden`);
}

/** Agreed appointments from today on, the next one first. */
export function agreed(contacts: readonly Contact[], today: string): Contact[] {
  return contacts
    .filter((contact) => contact.appointment !== null && contact.appointment.slice(0, 10) >= today)
    .sort((a, b) => ((a.appointment ?? "") < (b.appointment ?? "") ? -1 : 1));
}

/** Contacts that still have to be entered in VerBIS, and those of `kept`, the oldest first. */
export function openInVerbis(
  contacts: readonly Contact[],
  kept: readonly string[] = [],
): Contact[] {
  return contacts
    .filter((contact) => contact.verbisOpen || kept.includes(contact.id))
    .sort((a, b) => ((a.happenedAt ?? "") < (b.happenedAt ?? "") ? -1 : 1));
}

/** A case as the form offers it. */
export interface CaseChoice {
  id: string;
  name: string;
  pseudonym: string | null;
  kind: string;
  firstContact: string | null;
  closed: boolean;
  changedAt: number;
  folded: string;
}

/** The text a search for a case looks into. */
export function caseText(name: string, pseudonym: string | null): string {
  return searchable(`${name} ${pseudonym ?? ""}`);
}

/**
 * The open cases in the order they are offered: those of `planned` visits in theirs, then those
 * with the latest contacts, then the latest changed ones.
 */
export function rankCases(
  cases: readonly CaseChoice[],
  used: readonly { caseId: string; rank: string }[],
  planned: readonly string[] = [],
): CaseChoice[] {
  const last = new Map<string, string>();
  for (const { caseId, rank } of used) if (rank > (last.get(caseId) ?? "")) last.set(caseId, rank);
  // Whatever is planned for the day comes before what was.
  for (const [place, caseId] of [...planned].reverse().entries())
    last.set(caseId, `~${String(place).padStart(3, "0")}`);
  const later = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0);
  return cases
    .filter(({ closed }) => !closed)
    .sort(
      (a, b) =>
        later(last.get(a.id) ?? "", last.get(b.id) ?? "") ||
        b.changedAt - a.changedAt ||
        (a.id < b.id ? -1 : 1),
    );
}

/**
 * The first of `ranked` as chips, the chosen case in front. At most `size`, and no more than fit
 * `rows` rows of chips on a phone, but at least one.
 */
export function offeredCases(
  ranked: readonly CaseChoice[],
  chosen: CaseChoice | undefined,
  { size = 3, rows = 3 } = {},
): CaseChoice[] {
  const others = ranked.slice(0, size + 1).filter(({ id }) => id !== chosen?.id);
  const offered = [...(chosen ? [chosen] : []), ...others].slice(0, size);
  while (offered.length > 1 && chipRows(offered) > rows) offered.pop();
  return offered;
}

/** The cases of a day's planned visits, the earliest first. */
export function plannedCases(
  used: readonly { caseId: string; planned: string | null }[],
  day: string,
): string[] {
  return used
    .filter(({ planned }) => planned?.slice(0, 10) === day)
    .sort((a, b) => ((a.planned ?? "") < (b.planned ?? "") ? -1 : 1))
    .map(({ caseId }) => caseId);
}

const ROW_LETTERS = 46;
const CHIP_EDGE = 4;
const SEARCH_CHIP = 19;

/** Roughly how many rows chips of these cases and the search chip take on a phone. */
function chipRows(cases: readonly CaseChoice[]): number {
  const widths = cases.map(
    ({ name, pseudonym }) => (name || UNREADABLE_TEXT).length + (pseudonym ?? "neu").length + 1,
  );
  let rows = 1;
  let free = ROW_LETTERS;
  for (const width of [...widths.map((letters) => letters + CHIP_EDGE), SEARCH_CHIP]) {
    if (width > free) {
      rows += free === ROW_LETTERS ? 0 : 1;
      rows += Math.ceil(width / ROW_LETTERS) - 1;
      free = ROW_LETTERS;
    }
    free -= Math.min(width, free);
  }
  return rows;
}

/** Open cases whose name or pseudonym holds every typed word, at most `limit`, by name. */
export function searchCases(
  cases: readonly CaseChoice[],
  query: string,
  limit: number,
): { found: CaseChoice[]; total: number } {
  const words = searchWords(query);
  const all = cases
    .filter((item) => !item.closed && matches(item.folded, words))
    .sort((a, b) => (a.folded < b.folded ? -1 : 1));
  return { found: all.slice(0, limit), total: all.length };
}
