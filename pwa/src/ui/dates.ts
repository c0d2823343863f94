/**
 * Days and instants in German words. Instants are UTC (ISO text or milliseconds since 1970),
 * days are `YYYY-MM-DD`; both are shown in the office's time zone, never the phone's.
 */
import { plural } from "./words";

const MINUTE = 60_000;
const DAY = 86_400_000;
// Intl writes „Mi.“ or „Mi“ as the browser likes; ours stay the same everywhere.
const WEEKDAYS = ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"];

let zone = "Europe/Berlin";
let changes = 0;

// Each is made when it is first needed: making one costs a slow phone many milliseconds.
const formats = {
  time: madeAtFirstUse(() =>
    german({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone),
  ),
  // Sweden writes dates the ISO way, which makes the parts readable without guessing.
  iso: madeAtFirstUse(
    () =>
      new Intl.DateTimeFormat("sv-SE", {
        timeZone: zone,
        dateStyle: "short",
        timeStyle: "medium",
      }),
  ),
  day: madeAtFirstUse(() => german({ day: "2-digit", month: "2-digit", year: "numeric" }, "UTC")),
  long: madeAtFirstUse(() => german({ weekday: "long", day: "numeric", month: "long" }, "UTC")),
};

function german(options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("de-DE", { timeZone, ...options });
}

function madeAtFirstUse(make: () => Intl.DateTimeFormat) {
  let made: Intl.DateTimeFormat | null = null;
  return {
    format: (moment: Date | number): string => {
      made ??= make();
      return made.format(moment);
    },
    forget: () => {
      made = null;
    },
  };
}

/** Sets the office's time zone (an IANA name); an unknown one throws RangeError. */
export function setTimeZone(name: string): void {
  if (name === zone) return;
  german({}, name); // Throws before anything has changed.
  zone = name;
  changes += 1;
  for (const format of Object.values(formats)) format.forget();
}

/** How often the zone has changed: what was written by it before is to be written again. */
export function zoneChanges(): number {
  return changes;
}

type Instant = string | number;

function milliseconds(instant: Instant): number {
  return typeof instant === "number" ? instant : Date.parse(instant);
}

function noon(day: string): Date {
  return new Date(`${day.slice(0, 10)}T12:00:00Z`);
}

/** The office's calendar day of an instant: `2026-11-25`. */
export function dayOf(instant: Instant): string {
  return formats.iso.format(milliseconds(instant)).slice(0, 10);
}

/** „14:30“ */
export function formatTime(instant: Instant): string {
  return formats.time.format(milliseconds(instant));
}

/** „25.11.2026“; a text that is no day is given back: a sealed value may hold anything. */
export function formatDay(day: string): string {
  return isDay(day.slice(0, 10)) ? formats.day.format(noon(day)) : day;
}

/** „Mittwoch, 25. November“ */
export function formatLongDay(day: string): string {
  return formats.long.format(noon(day));
}

/** „Heute“, „Gestern“, „Morgen“, else „Do, 19.11.“, with the year when it is another one. */
export function formatNearDay(day: string, today: string): string {
  const distance = daysBetween(today, day);
  if (distance === 0) return "Heute";
  if (distance === -1) return "Gestern";
  if (distance === 1) return "Morgen";
  // A no-break space: a date never stands alone at the start of a line.
  const short = `${WEEKDAYS[noon(day).getUTCDay()]},\u00a0${day.slice(8, 10)}.${day.slice(5, 7)}.`;
  return day.slice(0, 4) === today.slice(0, 4) ? short : short + day.slice(0, 4);
}

/** Words of this file within a sentence: „heute, 14:30“; „Do, 19.11.“ stays as it is. */
export function withinPhrase(words: string): string {
  return words.replace(/^(Heute|Gestern|Morgen)/, (word) => word.toLowerCase());
}

/** „Heute, 14:30“ or „Do, 19.11., 14:30“ */
export function formatMoment(instant: Instant, now: number): string {
  return `${formatNearDay(dayOf(instant), dayOf(now))}, ${formatTime(instant)}`;
}

/** Since when, in a sentence: „12:07“ today, „gestern, 12:07“, else „19.11.2026, 12:07“. */
export function formatSince(instant: Instant, now: number): string {
  const day = dayOf(instant);
  const distance = daysBetween(day, dayOf(now));
  if (distance === 0) return formatTime(instant);
  return `${distance === 1 ? "gestern" : formatDay(day)}, ${formatTime(instant)}`;
}

/** „gerade eben“, „vor 6 Minuten“, „vor 2 Stunden“, „vor 3 Tagen“. */
export function formatAge(instant: Instant, now: number): string {
  const minutes = Math.floor((now - milliseconds(instant)) / MINUTE);
  if (minutes < 1) return "gerade eben";
  if (minutes < 60) return plural(minutes, "vor # Minute", "vor # Minuten");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return plural(hours, "vor # Stunde", "vor # Stunden");
  return plural(Math.floor(hours / 24), "vor # Tag", "vor # Tagen");
}

/** Calendar days from one day to another; negative when `to` lies before `from`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((noon(to).getTime() - noon(from).getTime()) / DAY);
}

/** The day `count` days later (or earlier, when negative). */
export function addDays(day: string, count: number): string {
  return new Date(noon(day).getTime() + count * DAY).toISOString().slice(0, 10);
}

/** An instant as `<input type="datetime-local">` wants it, in the office's zone. */
export function toLocalInput(instant: Instant): string {
  return formats.iso.format(milliseconds(instant)).slice(0, 16).replace(" ", "T");
}

/**
 * What `<input type="datetime-local">` gives, read in the office's zone, as an instant in UTC;
 * null when it is no moment. In the hour that autumn repeats, the earlier one is meant.
 */
export function fromLocalInput(text: string): string | null {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return null;
  const shift = (at: number) =>
    Date.parse(`${toLocalInput(at)}Z`) - Math.floor(at / MINUTE) * MINUTE;
  const earlier = wanted - shift(wanted - DAY);
  const exact = toLocalInput(earlier) === toLocalInput(wanted - shift(earlier));
  const found = exact ? earlier : wanted - shift(earlier);
  return toInstant(found);
}

/** Milliseconds as the wire's instant: `2026-11-25T13:30:00Z`. */
export function toInstant(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** Whether the text is a day that exists: „2026-02-30“ is none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/**
 * A stored day or instant as the office's wall says it: a day stays a day, an instant becomes
 * `YYYY-MM-DDTHH:MM`. Text order is time order. Null for what is neither: no server checks sealed
 * values, and one odd one must not take a whole list away.
 */
export function onTheWall(value: string): string | null {
  if (isDay(value)) return value;
  return Number.isNaN(Date.parse(value)) ? null : toLocalInput(value);
}

/** What `onTheWall` gave, in words: „Heute, 10:42“, or for a mere day „Do, 19.11.“. */
export function formatWall(wall: string, today: string): string {
  const time = wall.slice(11, 16);
  return formatNearDay(wall, today) + (time === "" ? "" : `, ${time}`);
}
