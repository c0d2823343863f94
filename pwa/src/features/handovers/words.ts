/** The values of late work in the words of the catalogue. Pure. */
import { CODES } from "@sync/codes";
import { SHARED } from "@sync/privacy";
import { formatDay, onTheWall } from "../../ui/dates";

const INSTANT = /^\d{4}-\d{2}-\d{2}T/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A column's value for people: labels for codes, days and times as they are written here. */
export function shownValue(column: string, value: unknown): string {
  if (typeof value === "boolean") return value ? "ja" : "nein";
  if (Array.isArray(value)) return value.map((one) => shownValue(column, one)).join(", ");
  const text = String(value);
  const label = CODES[column]?.[text];
  if (label !== undefined) return label;
  if (DAY.test(text)) return formatDay(text);
  const wall = INSTANT.test(text) ? onTheWall(text) : null;
  return wall ? `${formatDay(wall.slice(0, 10))}, ${wall.slice(11, 16)} Uhr` : text;
}

/** What a column is called, in the words of its declaration. */
export function meaningOf(table: string, column: string): string {
  return SHARED[table]?.columns[column]?.meaning ?? column;
}
