/**
 * What a case is and what follows from its facts. Nobody writes a state: the days of a
 * case say which group it belongs to, how long its activation phase still lasts and
 * what comes next. Pure: today is an argument, days are `YYYY-MM-DD`.
 */
import type { TextVersion } from "../../platform/columns";
import { daysBetween, formatDay, formatWall, isDay, withinPhrase } from "../../ui/dates";
import type { IconName } from "../../ui/icons";
import { matches, searchable, searchWords } from "../../ui/text_search";
import { plural } from "../../ui/words";

export type CaseKind = "handover" | "individual_order";

/** A case as this phone can read it; columns it cannot open stand in `unreadable`. */
export interface ClientCase {
  id: string;
  pseudonym: string | null;
  kind: CaseKind;
  name: string;
  dateOfBirth: string | null;
  clientNumber: string | null;
  phone: string | null;
  address: string | null;
  reachVia: string | null;
  targetGroup: string | null;
  targetDetail: string | null;
  situation: string | null;
  wishes: string | null;
  hazard: string | null;
  counsellor: string | null;
  transferringCounsellor: string | null;
  handedOver: string | null;
  firstContact: string | null;
  activationLimit: string | null;
  closed: string | null;
  /** Texts that two people changed at the same time, by column. */
  versions: Record<string, TextVersion[]>;
  /** Per text column the stamps of all that is shown of it: what an edit replaces. */
  base: Record<string, string[]>;
  unreadable: readonly string[];
  pending: boolean;
  createdAt: number;
}

/** A visit to come. */
export interface PlannedVisit {
  id: string;
  /** Its start, as the wall says it. */
  at: string;
}

/** One contact, as far as it says what comes next; `at` orders them. */
export interface ContactGlance {
  at: string;
  talk: boolean;
  /** A visit that is planned and has not happened yet; then nothing else counts. */
  planned: PlannedVisit | null;
  nextStep: string | null;
  appointment: string | null;
  returnAnnounced: boolean;
}

/** What the contacts of a case say about what comes next. */
export interface LastContact {
  /** Planned visits, the earliest first. */
  planned: PlannedVisit[];
  nextStep: string | null;
  appointment: string | null;
  returnAnnounced: boolean;
}

/**
 * Sums the contacts of one case up: the latest agreed appointment, whether the return was ever
 * announced, and the last written next step, unless a later conversation went without one.
 */
export function summarise(contacts: readonly ContactGlance[]): LastContact {
  const planned = contacts
    .flatMap((contact) => contact.planned ?? [])
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const sum: LastContact = { planned, nextStep: null, appointment: null, returnAnnounced: false };
  const made = contacts.filter((contact) => contact.planned === null);
  for (const contact of made.sort((a, b) => (a.at < b.at ? -1 : 1))) {
    sum.nextStep = contact.nextStep ?? (contact.talk ? null : sum.nextStep);
    sum.returnAnnounced ||= contact.returnAnnounced;
    if ((contact.appointment ?? "") > (sum.appointment ?? ""))
      sum.appointment = contact.appointment;
  }
  return sum;
}

export const PHASE_MONTHS = 6;
export const ENDS_SOON_DAYS = 14;
const YEARS_U25 = 25;

const lastDay = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate();

/**
 * The last day of a period of months whose first day counts (§§ 187 (2), 188 (2), (3) BGB):
 * the day before the same number, or the month's last day where that number is missing.
 */
export function periodEnd(start: string, months: number): string {
  const [year = 0, month = 1, day = 1] = start.split("-").map(Number);
  const shift = day === 1 ? months - 1 : months;
  const ordinal = year * 12 + (month - 1) + shift;
  const endYear = Math.floor(ordinal / 12);
  const endMonth = (ordinal % 12) + 1;
  const last = lastDay(endYear, endMonth);
  const endDay = day === 1 ? last : Math.min(day - 1, last);
  return `${String(endYear).padStart(4, "0")}-${String(endMonth).padStart(2, "0")}-${String(endDay).padStart(2, "0")}`;
}

/** The last day of the activation phase that began on this day. */
export function activationLimit(start: string, months: number = PHASE_MONTHS): string {
  return periodEnd(start, months);
}

/** The day at whose end a person completes year 25. */
export function completes25(dateOfBirth: string): string {
  return periodEnd(dateOfBirth, YEARS_U25 * 12);
}

/**
 * A hint, never a block: the person is no longer, or will in this phase no longer be, under 25.
 * `until` is the end of the activation phase, when there is one.
 */
export function ageHint(
  dateOfBirth: string | null,
  today: string,
  until: string | null,
): string | null {
  if (dateOfBirth === null || !isDay(dateOfBirth)) return null;
  const end = completes25(dateOfBirth);
  if (end < today) return `Das 25. Lebensjahr ist seit dem ${formatDay(end)} vollendet.`;
  if (until !== null && end <= until)
    return `Das 25. Lebensjahr endet am ${formatDay(end)}, also während der Aktivierungsphase.`;
  return null;
}

export type GroupName = "activating" | "orders" | "handing_over" | "closed";

export const GROUP_TITLES: Record<GroupName, string> = {
  activating: "In Aktivierung",
  orders: "Einzelaufträge",
  handing_over: "In Übergabe",
  closed: "Abgeschlossen",
};

const GROUP_ORDER: GroupName[] = ["activating", "orders", "handing_over", "closed"];

/** The group a case stands in, from its days alone. */
export function groupOf(item: ClientCase): GroupName {
  if (item.closed !== null) return "closed";
  if (item.handedOver === null) return "handing_over";
  return item.kind === "individual_order" ? "orders" : "activating";
}

/** Days from today to the last day of the phase; negative when it is over, `null` without one. */
export function daysLeft(item: ClientCase, today: string): number | null {
  if (item.closed !== null || item.kind === "individual_order" || item.activationLimit === null)
    return null;
  return daysBetween(today, item.activationLimit);
}

/** "noch 12 Tage", "endet heute", "Frist überschritten" */
export function daysLeftText(left: number): string {
  if (left < 0) return "Frist überschritten";
  if (left === 0) return "endet heute";
  return plural(left, "noch # Tag", "noch # Tage");
}

/** A reminder's words for the end of the phase. */
export function limitReminder(left: number): string {
  if (left < 0)
    return plural(-left, "Frist seit # Tag überschritten", "Frist seit # Tagen überschritten");
  if (left === 0) return "Aktivierungsphase endet heute";
  return plural(left, "Aktivierungsphase endet in # Tag", "Aktivierungsphase endet in # Tagen");
}

/** Whether the phase ends within two weeks or is over. */
export function endsSoon(item: ClientCase, today: string): boolean {
  const left = daysLeft(item, today);
  return left !== null && left <= ENDS_SOON_DAYS;
}

/** How much of the phase has passed, 0 to 1; `null` where there is no phase. */
export function phasePassed(item: ClientCase, today: string): number | null {
  const left = daysLeft(item, today);
  if (left === null || item.activationLimit === null || item.handedOver === null) return null;
  const whole = daysBetween(item.handedOver, item.activationLimit) + 1;
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, 1 - left / whole));
}

/** One line that says where the case stands. */
export function stateLine(item: ClientCase): string {
  if (item.closed !== null) return `Abgeschlossen am ${formatDay(item.closed)}`;
  if (item.handedOver === null)
    return item.kind === "individual_order"
      ? "Einzelauftrag, noch nicht angenommen"
      : "In Übergabe";
  const since = formatDay(item.handedOver);
  return item.kind === "individual_order"
    ? `Einzelauftrag seit ${since}`
    : `In Aktivierung seit ${since}`;
}

export interface NextStep {
  icon: IconName;
  /** A day or moment the text is about, for the view to say in words. */
  at: string | null;
  text: string;
  /** The planned visit it is. */
  visit?: string;
}

/** The step in one line: „Besuch heute, 14:30“. */
export function stepText({ at, text }: NextStep, today: string): string {
  return at ? `${text} ${withinPhrase(formatWall(at, today))}` : text;
}

/** What comes next: the planned visit, the agreed appointment, the counsellor's own words, else what the facts leave open. */
export function nextStep(
  item: ClientCase,
  last: LastContact | null,
  today: string,
): NextStep | null {
  if (item.closed !== null) return null;
  const visit = last?.planned.find(({ at }) => at.slice(0, 10) >= today);
  if (visit) return { icon: "door", at: visit.at, text: "Besuch", visit: visit.id };
  if (last?.appointment && last.appointment.slice(0, 10) >= today)
    return { icon: "calplus", at: last.appointment, text: "Termin" };
  if (last?.nextStep) return { icon: "bell", at: null, text: last.nextStep };
  if (item.handedOver === null) return { icon: "handover", at: null, text: "Übergabe klären" };
  if (endsSoon(item, today))
    return { icon: "clock", at: null, text: "Verlängerung oder Rückgabe klären" };
  if (item.firstContact === null)
    return { icon: "talk", at: null, text: "Erster Kontakt steht aus" };
  if (item.kind === "handover" && last !== null && !last.returnAnnounced)
    return { icon: "talk", at: null, text: "Rückkehr zum pAp ansprechen" };
  return null;
}

/** Folded text a search looks into: name and pseudonym. */
export function searchText(item: ClientCase): string {
  return searchable(`${item.name} ${item.pseudonym ?? ""}`);
}

export type Filter = "open" | "mine" | "soon" | "closed";

export const FILTER_TITLES: Record<Filter, string> = {
  open: "Offen",
  mine: "Meine",
  soon: "Endet bald",
  closed: "Abgeschlossen",
};

/** Whether a case passes a filter; `me` is the user id. */
export function passes(item: ClientCase, filter: Filter, me: string, today: string): boolean {
  if (filter === "closed") return item.closed !== null;
  if (item.closed !== null) return false;
  if (filter === "mine") return item.counsellor === me;
  return filter === "soon" ? endsSoon(item, today) : true;
}

export interface Group {
  name: GroupName;
  cases: ClientCase[];
}

/** A list prepared once per change of the data, so that typing only filters. */
export interface Prepared {
  item: ClientCase;
  group: GroupName;
  folded: string;
}

const FAR = "9999-12-31";

const urgency = (entry: Prepared): string => {
  if (entry.group === "closed") return FAR;
  return entry.item.activationLimit ?? FAR;
};

/** Cases in the order of the list: by group, most urgent first, then by name. */
export function prepare(cases: readonly ClientCase[]): Prepared[] {
  const rows = cases.map((item) => ({ item, group: groupOf(item), folded: searchText(item) }));
  const keyed = rows.map((row) => ({
    row,
    key: `${GROUP_ORDER.indexOf(row.group)}${urgency(row)}${row.folded}${row.item.id}`,
  }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return keyed.map((entry) => entry.row);
}

export interface Found {
  groups: Group[];
  total: number;
  /** How many there are of each group, the ones beyond `limit` included. */
  counts: Record<GroupName, number>;
}

/**
 * The cases that pass filter and query, at most `limit` of them, in groups. A query in the
 * open list finds closed cases too: somebody who types a name wants that person.
 */
export function findCases(
  list: readonly Prepared[],
  choice: { filter: Filter; query: string; me: string; today: string; limit: number },
): Found {
  const words = searchWords(choice.query);
  const wide = words.length > 0 && choice.filter === "open";
  const found = list.filter(
    (row) =>
      matches(row.folded, words) &&
      (wide || passes(row.item, choice.filter, choice.me, choice.today)),
  );
  return {
    groups: inGroups(found.slice(0, choice.limit)),
    total: found.length,
    counts: countGroups(found),
  };
}

function inGroups(rows: readonly Prepared[]): Group[] {
  const groups: Group[] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.name === row.group) last.cases.push(row.item);
    else groups.push({ name: row.group, cases: [row.item] });
  }
  return groups;
}

function countGroups(rows: readonly Prepared[]): Record<GroupName, number> {
  const counts: Record<GroupName, number> = {
    activating: 0,
    orders: 0,
    handing_over: 0,
    closed: 0,
  };
  for (const row of rows) counts[row.group] += 1;
  return counts;
}

/** How many cases pass each filter. */
export function countFilters(
  list: readonly Prepared[],
  me: string,
  today: string,
): Record<Filter, number> {
  const counts: Record<Filter, number> = { open: 0, mine: 0, soon: 0, closed: 0 };
  for (const row of list) {
    for (const filter of Object.keys(counts) as Filter[])
      if (passes(row.item, filter, me, today)) counts[filter] += 1;
  }
  return counts;
}

/** Cases whose phase ends soon or is over, most urgent first: the reminders on Heute. */
export function limitReminders(cases: readonly ClientCase[], today: string): ClientCase[] {
  return cases
    .filter((item) => endsSoon(item, today))
    .sort((a, b) => ((a.activationLimit ?? FAR) < (b.activationLimit ?? FAR) ? -1 : 1));
}

/** The day the form proposes as end of the phase, or `''` where there is none. */
export function proposedLimit(kind: CaseKind, handedOver: string, months: number): string {
  return kind === "handover" && isDay(handedOver) ? activationLimit(handedOver, months) : "";
}
