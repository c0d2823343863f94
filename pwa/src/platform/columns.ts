/** Reading the columns of an entry without tripping over what this phone cannot open. */
import { type Entry, UNREADABLE, type Version } from "./records";

/** One living version of a text, as people read it; `text` null when it does not open here. */
export interface TextVersion {
  text: string | null;
  stamp: string;
  author: string;
  at: number;
}

/** The columns of one entry; absent and unreadable ones read as nothing. */
export interface Columns {
  text(column: string): string | null;
  flag(column: string): boolean;
  list(column: string): string[];
  /** The columns that are there and do not open on this phone. */
  readonly unreadable: string[];
}

/** A reader over an entry's values; values of another type than asked read as nothing. */
export function readColumns(entry: Entry): Columns {
  const values = entry.values;
  const unreadable = Object.keys(values).filter((column) => values[column] === UNREADABLE);
  return {
    unreadable,
    text: (column) => {
      const value = values[column];
      return typeof value === "string" && value !== "" ? value : null;
    },
    flag: (column) => values[column] === true,
    list: (column) => {
      const value = values[column];
      return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
    },
  };
}

/** Every text column whose living versions differ, the shown one first. */
export function readVersions(
  entry: Entry,
  columns: readonly string[],
): Record<string, TextVersion[]> {
  const several: Record<string, TextVersion[]> = {};
  for (const column of columns) {
    const versions = entry.versions?.[column]?.map(readable) ?? [];
    if (versions.some(({ text }) => text !== versions[0]?.text)) several[column] = versions;
  }
  return several;
}

/** What lives of each text column, the shown one first: one version, or those that differ. */
export function readLiving(
  entry: Entry,
  columns: readonly string[],
): Record<string, TextVersion[]> {
  const living = readVersions(entry, columns);
  for (const column of columns) {
    const [writer, stamp] = [entry.writer(column), entry.stamps[column]];
    if (living[column] || !writer || stamp === undefined) continue;
    living[column] = [readable({ value: entry.values[column], stamp, ...writer })];
  }
  return living;
}

function readable({ value, stamp, author, at }: Version): TextVersion {
  const text = typeof value === "string" ? value : "";
  return { text: value === UNREADABLE ? null : text, stamp, author, at };
}

/** The claimed stamps behind what a person sees of each text column: what an edit names as `base`. */
export function readBase(entry: Entry, columns: readonly string[]): Record<string, string[]> {
  const base: Record<string, string[]> = {};
  for (const column of columns) {
    const versions = entry.versions?.[column];
    const stamp = entry.stamps[column];
    // What does not open here was not seen, and must not be replaced.
    if (versions && versions.length > 0)
      base[column] = versions
        .filter(({ value }) => value !== UNREADABLE)
        .map((version) => version.stamp);
    else if (stamp !== undefined) base[column] = [stamp];
  }
  return base;
}
