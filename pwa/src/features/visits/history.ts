/** A contact's changes in words. */
import { CORE_TASKS, OUTCOMES, PLACE_KINDS, TOPICS, WHO_OPENED } from "@sync/codes";
import { type HistoryItem, UNREADABLE } from "../../platform/records";
import type { Change } from "../../ui/changes";
import { formatDay, isDay, onTheWall } from "../../ui/dates";
import { label, TEXT_LABELS } from "./model";

const COLUMN_LABELS: Record<string, string> = {
  ...TEXT_LABELS,
  counsellor: "Zuständig",
  companion: "Begleitung",
  planned_start: "Geplant für",
  planned_end: "Geplant bis",
  happened_at: "Zeit",
  place_kind: "Ort",
  place: "Name des Ortes",
  outcome: "Ergebnis",
  who_opened: "Wer geöffnet hat",
  topics: "Themen",
  core_tasks: "Kernaufgaben",
  appointment: "Termin",
  contact_made: "Gespräch am",
  return_announced: "Rückkehr zum pAp angesprochen",
  verbis_open: "In VerBIS nachtragen",
  deleted_at: "Gelöscht",
};

const CATALOGUES: Record<string, Record<string, string>> = {
  place_kind: PLACE_KINDS,
  outcome: OUTCOMES,
  who_opened: WHO_OPENED,
  topics: TOPICS,
  core_tasks: CORE_TASKS,
};

type NameOf = (user: string | null) => string;

/** One write as a person reads it. */
export function describeChange(
  { at, author, created, columns }: HistoryItem,
  nameOf: NameOf,
): Change {
  return {
    at,
    who: nameOf(author),
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
  if (typeof value === "boolean") return value ? "ja" : "nein";
  const catalogue = CATALOGUES[column];
  if (catalogue)
    return [value]
      .flat()
      .map((code) => label(catalogue, String(code)))
      .join(", ");
  if (column === "counsellor" || column === "companion") return nameOf(String(value));
  return dateText(String(value));
}

function dateText(text: string): string {
  if (isDay(text)) return formatDay(text);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return text;
  const wall = onTheWall(text);
  if (wall === null) return text;
  return `${formatDay(wall.slice(0, 10))}, ${wall.slice(11)}`;
}
