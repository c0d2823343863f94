/**
 * From a chosen file to sheets of text, on this phone alone: nothing of it is kept or sent. The
 * libraries behind it are loaded when the first list is read.
 */
import type { Cell, CellValue, Sheet as RawSheet } from "hucre/xlsx";
import { plural } from "../../../ui/words";
import { guessHeadingLine, HEADING_LINES, width } from "./headings";
import { MOST_ROWS, type Sheet } from "./model";

export const MOST_BYTES = 10_000_000;
/** What a small file may unpack to: more is no list but a bomb. */
export const MOST_UNPACKED = 64_000_000;
/** More than these would take more room than a phone has, though the file itself be small. */
const MOST_BREAKS = 200_000;
const MOST_DELIMITERS = 2_000_000;
/** Lines and columns that are looked at; whatever lies beyond is no list of cases. */
const READ_RANGE = "A1:IV20001";
const SAMPLE_LENGTH = 20_000;
const DELIMITERS = [";", "\t", ",", "|"];

/** A file that holds no list, with the sentence that says so. */
export class UnreadableList extends Error {
  override name = "UnreadableList";
  readonly code: string = "unreadable_list";
}

/** The workbook is closed with a password: none was given, or another one. */
export class ClosedList extends UnreadableList {
  override readonly code = "closed_list";
}

/**
 * The sheets of a CSV or XLSX file that hold anything.
 * @throws UnreadableList with a German sentence, ClosedList when a password is needed.
 */
export async function readFile(file: Blob, password?: string): Promise<Sheet[]> {
  if (file.size === 0) throw new UnreadableList("Die Datei ist leer (0 Bytes).");
  if (file.size > MOST_BYTES)
    throw new UnreadableList("Die Datei ist größer als 10 MB. So groß ist keine Liste von Fällen.");
  const bytes = new Uint8Array(await file.arrayBuffer().catch(goneAway));
  const sheets = isSpreadsheet(bytes)
    ? await readWorkbook(bytes, password)
    : [{ name: "", rows: await readText(bytes) }];
  const filled = sheets.map(trimmed).filter(({ rows }) => rows.length > 0);
  if (filled.length === 0) throw new UnreadableList("In der Datei steht nichts.");
  return filled;
}

/** Why a sheet cannot be read in one go, as a sentence; null when it can. */
export function tooLong({ rows }: Sheet): string | null {
  if (rows.length <= MOST_ROWS + HEADING_LINES) return null;
  const has = plural(rows.length, "# Zeile", "# Zeilen");
  const most = plural(MOST_ROWS, "# Zeile", "# Zeilen");
  return `Die Liste hat ${has}. Eingelesen werden höchstens ${most} auf einmal: Bitte teilen Sie sie auf.`;
}

function goneAway(): never {
  throw new UnreadableList("Die Datei ließ sich nicht öffnen. Bitte wählen Sie sie noch einmal.");
}

// A workbook is a ZIP archive; closed with a password, and in its old format, an OLE container.
const ZIP = [0x50, 0x4b];
const OLE = [0xd0, 0xcf, 0x11, 0xe0];

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte);

function isSpreadsheet(bytes: Uint8Array): boolean {
  return startsWith(bytes, ZIP) || startsWith(bytes, OLE);
}

async function readWorkbook(bytes: Uint8Array, password: string | undefined): Promise<Sheet[]> {
  if (startsWith(bytes, OLE)) refuseOldFormat(bytes, password);
  else if (unpackedSize(bytes) > MOST_UNPACKED)
    throw new UnreadableList("Die Datei ist ausgepackt zu groß für eine Liste von Fällen.");
  const { readXlsx } = await import("./reader_library");
  const options = { readStyles: true, range: READ_RANGE, ...(password && { password }) };
  const book = await readXlsx(bytes, options).catch(notUnderstood);
  return book.sheets.filter((sheet) => !sheet.hidden && !sheet.veryHidden).map(textSheet);
}

function notUnderstood(error: unknown): never {
  if (error instanceof Error && error.name === "DecryptionError")
    throw new ClosedList("Das Passwort der Datei stimmt nicht.");
  throw new UnreadableList("Diese Datei ist keine Excel-Tabelle (.xlsx), oder sie ist beschädigt.");
}

function refuseOldFormat(bytes: Uint8Array, password: string | undefined): void {
  if (!holds(bytes, "EncryptedPackage"))
    throw new UnreadableList(
      "Das ist eine Datei im alten Excel-Format (.xls). Bitte speichern Sie sie in Excel als „Excel-Arbeitsmappe (.xlsx)“.",
    );
  if (!password) throw new ClosedList("Die Datei ist mit einem Passwort geschützt.");
}

/** Whether a name stands among the parts of an OLE container, which are named in UTF-16. */
function holds(bytes: Uint8Array, name: string): boolean {
  const text = new TextDecoder("latin1").decode(bytes);
  return text.includes([...name].join("\0"));
}

/**
 * What a ZIP archive says its parts unpack to, in bytes. The reader holds each part to its word,
 * so this is what is unpacked at most; infinity where the archive cannot be understood.
 */
export function unpackedSize(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [END, ENTRY, UNKNOWN] = [0x06054b50, 0x02014b50, 0xffffffff];
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end -= 1;
  if (end < 0) return 0; // No archive after all: the reader says so.
  let sum = 0;
  let at = view.getUint32(end + 16, true);
  while (at + 46 <= bytes.length && view.getUint32(at, true) === ENTRY) {
    const size = view.getUint32(at + 24, true);
    if (size === UNKNOWN) return Number.POSITIVE_INFINITY;
    sum += size;
    at += 46 + [28, 30, 32].reduce((all, field) => all + view.getUint16(at + field, true), 0);
  }
  return at === end || startsWithZip64(view, at) ? sum : Number.POSITIVE_INFINITY;
}

function startsWithZip64(view: DataView, at: number): boolean {
  return at + 4 <= view.byteLength && view.getUint32(at, true) === 0x06064b50;
}

function textSheet(sheet: RawSheet): Sheet {
  const rows = sheet.rows.map((row, r) =>
    row.map((value, c) => cellText(value, sheet.cells?.get(`${r},${c}`))),
  );
  // A name beside five people: of merged cells only the first one holds it.
  for (const { startRow, endRow, startCol } of sheet.merges ?? []) {
    const text = rows[startRow]?.[startCol] ?? "";
    for (const row of rows.slice(startRow + 1, endRow + 1)) row[startCol] = text;
  }
  return { name: sheet.name, rows };
}

/** A cell as it would be typed: days the ISO way, numbers with the zeros their format shows. */
export function cellText(value: CellValue, cell: Cell | undefined): string {
  if (value === null) return cell?.formula === undefined ? "" : "#FORMEL!";
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? "" : value.toISOString().slice(0, 10);
  if (typeof value === "boolean") return value ? "ja" : "nein";
  if (typeof value === "string") return value;
  const digits = Number.isInteger(value) ? value.toFixed(0) : String(value);
  const format = cell?.style?.numFmt ?? "";
  return /^0+$/.test(format) ? digits.padStart(format.length, "0") : digits;
}

async function readText(bytes: Uint8Array): Promise<string[][]> {
  const text = decodeText(bytes);
  refuseBombs(text);
  const { parseCsv } = await import("./reader_library");
  const parse = (input: string, delimiter: string): string[][] =>
    parseCsv(input, { delimiter }).map((row) => row.map((cell) => String(cell ?? "")));
  // Excel's own word for it, which is no line of the list.
  const told = /^sep=(.)\r?\n/i.exec(text);
  if (told) return parse(text.slice(told[0].length), told[1] ?? ";");
  const sample = text.slice(0, SAMPLE_LENGTH);
  return parse(
    text,
    bestDelimiter((delimiter) => parse(sample, delimiter)),
  );
}

function refuseBombs(text: string): void {
  let [breaks, delimiters] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === "\n" || char === "\r") breaks += 1;
    else if (DELIMITERS.includes(char)) delimiters += 1;
  }
  if (breaks > MOST_BREAKS || delimiters > MOST_DELIMITERS)
    throw new UnreadableList(
      "Die Datei hat zu viele Zeilen oder Spalten. So groß ist keine Liste von Fällen.",
    );
}

/** The delimiter that makes the most of the headings, else the one that makes the most columns. */
function bestDelimiter(parse: (delimiter: string) => string[][]): string {
  const tried = DELIMITERS.map((delimiter) => {
    const sheet = { name: "", rows: parse(delimiter) };
    return { delimiter, headed: guessHeadingLine(sheet) >= 0, columns: steadyColumns(sheet) };
  });
  const headed = tried.filter((one) => one.headed);
  const [best] = (headed.length > 0 ? headed : tried).sort((a, b) => b.columns - a.columns);
  return best?.delimiter ?? ";";
}

/** How many columns most lines have. */
function steadyColumns(sheet: Sheet): number {
  const counts = new Map<number, number>();
  for (const row of sheet.rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? width(sheet);
}

/** UTF-8 with or without its mark, UTF-16 with it, else what Windows wrote in Germany. */
export function decodeText(bytes: Uint8Array): string {
  refuseOtherKinds(bytes);
  for (const [label, mark] of MARKS) {
    if (startsWith(bytes, mark)) return new TextDecoder(label).decode(bytes);
  }
  if (bytes.includes(0)) throw new UnreadableList(NO_LIST);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

const NO_LIST = "Diese Datei ist keine Liste. Einlesen lassen sich CSV und Excel (.xlsx).";
const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

function refuseOtherKinds(bytes: Uint8Array): void {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 512)).trimStart().toLowerCase();
  if (start.startsWith("%pdf"))
    throw new UnreadableList("Das ist eine PDF-Datei. Einlesen lassen sich CSV und Excel (.xlsx).");
  if (/^(\xef\xbb\xbf)?<(!doctype|html|\?xml|table)/.test(start)) throw new UnreadableList(NO_LIST);
}

/** Without the lines and columns behind the last text. */
function trimmed({ name, rows }: Sheet): Sheet {
  const isFilled = (cell: string): boolean => cell.trim() !== "";
  const last = rows.findLastIndex((row) => row.some(isFilled));
  const kept = rows.slice(0, last + 1);
  return { name, rows: kept.map((row) => row.slice(0, row.findLastIndex(isFilled) + 1)) };
}
