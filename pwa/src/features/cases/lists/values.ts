/** What the cells of a list mean: days, names, kinds. Pure; what cannot be read is null. */
import { CASE_KINDS, TARGET_GROUPS } from "@sync/codes";
import { isDay } from "../../../ui/dates";
import { fold } from "../../../ui/text_search";
import type { CaseKind } from "../model";
import type { Member } from "./model";

/** Excel counts days from here; its day 60, the 29.02.1900, never was. */
const EXCEL_START = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;

const pad = (part: string): string => part.padStart(2, "0");

/** A cell's text without control characters, composed, with single spaces; lines stay lines. */
export function cleanText(text: string): string {
  return text
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cf}\p{Cs}]/gu, "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (char) => (char === "\n" ? "\n" : " "))
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n[ \n]*/g, "\n")
    .trim();
}

/** The same in one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\n/g, " ");
}

/**
 * A day written `TT.MM.JJJJ` (also `T.M.JJ`), the ISO way, or as the bare number Excel keeps;
 * null when it is none. Of two digits the year is the last one not after `today`.
 */
export function readDay(text: string, today: string): string | null {
  const value = cleanLine(text);
  const german = /^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})$/.exec(value);
  if (german) {
    const [, day = "", month = "", year = ""] = german;
    return existing(`${fullYear(year, today)}-${pad(month)}-${pad(day)}`);
  }
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?$/.exec(value);
  if (iso) return existing(iso[1] ?? "");
  if (!/^\d{5}$/.test(value)) return null;
  return new Date(EXCEL_START + Number(value) * DAY_MS).toISOString().slice(0, 10);
}

function existing(day: string): string | null {
  return isDay(day) ? day : null;
}

function fullYear(year: string, today: string): string {
  if (year.length === 4) return year;
  const century = Number(today.slice(0, 2));
  const recent = `${century}${year}`;
  return recent <= today.slice(0, 4) ? recent : `${century - 1}${year}`;
}

/** „Ackerstaff, Levin“ as it is spoken: „Levin Ackerstaff“. Other commas stay. */
export function spokenName(text: string): string {
  const parts = cleanLine(text)
    .split(",")
    .map((part) => part.trim());
  const [last = "", first = ""] = parts;
  const turned =
    parts.length === 2 && last !== "" && first !== "" && !/^geb(\.|oren|\s)/i.test(first);
  return turned ? `${first} ${last}` : cleanLine(text);
}

/** What `readKind` and `readTargetGroup` compare: small letters, nothing but letters. */
function bare(text: string): string {
  return fold(text).replace(/[^a-z]/g, "");
}

/** „Fallübergabe“, „AB-Einzelauftrag“ and the like; null for anything else. */
export function readKind(text: string): CaseKind | null {
  const value = bare(text);
  if (value.includes("einzelauftrag") || value === "einzel") return "individual_order";
  if (/(uber|ueber)gabe|(uber|ueber)stellung/.test(value)) return "handover";
  return Object.hasOwn(CASE_KINDS, cleanLine(text)) ? (cleanLine(text) as CaseKind) : null;
}

/** The code of a target group by the beginning of its name, or by its number 1 to 3. */
export function readTargetGroup(text: string): string | null {
  const value = bare(text);
  const codes = Object.keys(TARGET_GROUPS);
  const number = /^(?:zg|zielgruppe)?\s*([1-3])$/i.exec(cleanLine(text));
  if (number) return codes[Number(number[1]) - 1] ?? null;
  if (/^schwer(er)?erreichbar/.test(value)) return "hard_to_reach";
  if (/^(massive)?problemlage/.test(value)) return "severe_problems";
  if (/^individuell/.test(value)) return "individual";
  return null;
}

/** The words of a name, in any order: „Klein, Berta“ and „Berta KLEIN“ are one. */
export function nameKey(name: string): string {
  return fold(name)
    .replace(/(ae|oe|ue)/g, (pair) => pair.charAt(0))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && !TITLES.has(word))
    .sort()
    .join(" ");
}

const TITLES = new Set(["frau", "herr", "hr", "fr", "dr"]);

/**
 * Who of the team is meant: by the whole name, else by the one family name that fits. Null for
 * nobody, and for more than one.
 */
export function findMember(text: string, members: readonly Member[]): string | null {
  const asked = nameKey(text);
  if (asked === "") return null;
  const whole = members.filter((one) => nameKey(one.name) === asked);
  if (whole.length > 0) return whole.length === 1 ? (whole[0]?.user ?? null) : null;
  const family = members.filter((one) => nameKey(one.name.split(" ").at(-1) ?? "") === asked);
  return family.length === 1 ? (family[0]?.user ?? null) : null;
}

/** A client number as it is compared: whatever spaces, dashes and lost zeros do not matter. */
export function numberKey(text: string): string {
  return text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replace(/^0+/, "");
}

/** What a spreadsheet writes where a formula failed: „#NV“, „#REF!“, „#DIV/0!“. */
export function isErrorValue(text: string): boolean {
  return /^#[A-ZÄÖÜ][A-ZÄÖÜ0-9/_]*[!?]?$/.test(text.trim());
}
