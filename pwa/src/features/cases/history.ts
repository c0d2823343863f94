/** A case's changes in words. */
import { CASE_KINDS, TARGET_GROUPS } from "@sync/codes";
import { type HistoryItem, UNREADABLE } from "../../platform/records";
import type { Change } from "../../ui/changes";
import { formatDay, isDay } from "../../ui/dates";

/** What the columns are called on the screens. */
export const COLUMN_LABELS: Record<string, string> = {
  pseudonym: "Nummer",
  kind: "Art",
  name: "Name",
  date_of_birth: "Geburtsdatum",
  client_number: "Kundennummer",
  phone: "Telefon",
  address: "Anschrift",
  reach_via: "Erreichbar über",
  target_group: "Zielgruppe",
  target_detail: "Zur Zielgruppe",
  situation: "Situation",
  wishes: "Wünsche der Person",
  hazard: "Sicherheitshinweis",
  counsellor: "Zuständig",
  transferring_counsellor: "Überstellt von",
  handed_over: "Übergabe am",
  first_contact: "Erster Kontakt",
  activation_limit: "Aktivierung bis",
  closed: "Abgeschlossen am",
  deleted_at: "Gelöscht",
};

type NameOf = (user: string | null) => string | null;

/** One write as a person reads it. */
export function describeChange(
  { at, author, created, columns }: HistoryItem,
  nameOf: NameOf,
): Change {
  return {
    at,
    who: nameOf(author) ?? "",
    created,
    lines: columns.map(({ column, before, value }) => ({
      what: COLUMN_LABELS[column] ?? column,
      before: valueText(column, before, nameOf),
      value: valueText(column, value, nameOf),
    })),
  };
}

function valueText(column: string, value: unknown, nameOf: NameOf): string {
  if (value === UNREADABLE) return "Auf diesem Gerät nicht lesbar";
  if (value === null || value === "") return "leer";
  const text = String(value);
  if (column === "counsellor" || column === "transferring_counsellor") return nameOf(text) ?? text;
  if (column === "kind") return CASE_KINDS[text] ?? text;
  if (column === "target_group") return TARGET_GROUPS[text] ?? text;
  return isDay(text) ? formatDay(text) : text;
}
