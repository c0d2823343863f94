/** The overview that is filed: which cases, which columns, what stands in them. Pure. */
import { CASE_KINDS, TARGET_GROUPS } from "@sync/codes";
import { formatDay, isDay } from "../../../ui/dates";
import { type ClientCase, prepare } from "../model";

/** The two lists: cases with us, cases that are over. */
export type ListName = "handed_over" | "closed";

export const LIST_TITLES: Record<ListName, string> = {
  handed_over: "Überstellt",
  closed: "Abgeschlossen",
};

export const LIST_NAMES = Object.keys(LIST_TITLES) as ListName[];

/** The cases of a list, in the order of the screen; those still in handover stand in neither. */
export function casesOf(list: ListName, cases: readonly ClientCase[]): ClientCase[] {
  const wanted = cases.filter(({ closed, handedOver }) =>
    list === "closed" ? closed !== null : closed === null && handedOver !== null,
  );
  return prepare(wanted).map(({ item }) => item);
}

interface Column {
  title: string;
  /** In characters. */
  width: number;
  /** Which column of the table it shows, to say where something does not open. */
  column: string;
  read: (item: ClientCase, nameOf: NameOf) => string | null;
}

type NameOf = (user: string | null) => string | null;

const day = (value: string | null): string | null =>
  value !== null && isDay(value) ? formatDay(value) : value;

// No phone, no address, no notes: the overview says who is where, and nothing else.
const COLUMNS: readonly Column[] = [
  { title: "Pseudonym", width: 11, column: "pseudonym", read: (one) => one.pseudonym ?? "neu" },
  { title: "Name", width: 28, column: "name", read: (one) => one.name },
  {
    title: "Geburtsdatum",
    width: 13,
    column: "date_of_birth",
    read: (one) => day(one.dateOfBirth),
  },
  { title: "Kundennummer", width: 15, column: "client_number", read: (one) => one.clientNumber },
  { title: "Art", width: 14, column: "kind", read: (one) => CASE_KINDS[one.kind] ?? one.kind },
  {
    title: "Zielgruppe",
    width: 26,
    column: "target_group",
    read: ({ targetGroup }) => TARGET_GROUPS[targetGroup ?? ""] ?? targetGroup,
  },
  {
    title: "Zuständig",
    width: 22,
    column: "counsellor",
    read: ({ counsellor }, nameOf) => nameOf(counsellor),
  },
  {
    title: "Bisherige Ansprechperson (pAp)",
    width: 30,
    column: "transferring_counsellor",
    read: ({ transferringCounsellor }, nameOf) => nameOf(transferringCounsellor),
  },
  { title: "Übergabe am", width: 12, column: "handed_over", read: (one) => day(one.handedOver) },
  {
    title: "Erster Kontakt",
    width: 14,
    column: "first_contact",
    read: (one) => day(one.firstContact),
  },
  {
    title: "Aktivierung bis",
    width: 15,
    column: "activation_limit",
    read: (one) => day(one.activationLimit),
  },
  { title: "Abgeschlossen am", width: 17, column: "closed", read: (one) => day(one.closed) },
];

export const UNREADABLE_CELL = "auf diesem Gerät nicht lesbar";

/** A list as lines of text, headings first; no cell of it is a formula. */
export function overviewTable(cases: readonly ClientCase[], nameOf: NameOf): string[][] {
  const lines = cases.map((item) =>
    COLUMNS.map(({ column, read }) =>
      item.unreadable.includes(column) ? UNREADABLE_CELL : neutral(read(item, nameOf) ?? ""),
    ),
  );
  return [COLUMNS.map(({ title }) => title), ...lines];
}

/** How wide the columns are, in characters. */
export const COLUMN_WIDTHS: readonly number[] = COLUMNS.map(({ width }) => width);

/** What a spreadsheet would take for a formula becomes a text that begins with an apostrophe. */
export function neutral(text: string): string {
  return /^\s*[=+\-@|]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
}

/** „zuzweit-faelle-2026-11-26“: what the container is called, before its ending. Never a name. */
export function containerName(today: string): string {
  return `zuzweit-faelle-${today}`;
}
