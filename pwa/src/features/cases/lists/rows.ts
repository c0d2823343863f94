/** From the lines of a sheet to cases: what will be stored, what is wrong, who is there already. */
import { formatDay } from "../../../ui/dates";
import { blankCase, type CaseForm, changeCase } from "../form";
import { ageHint } from "../model";
import {
  type Choices,
  FIELD_LABELS,
  type ListField,
  type Mapping,
  type Member,
  type Sheet,
} from "./model";
import { type Known, type Twin, Twins } from "./twins";
import {
  cleanLine,
  cleanText,
  findMember,
  isErrorValue,
  readDay,
  readKind,
  readTargetGroup,
  spokenName,
} from "./values";

/** One person of the list. */
export interface ListRow {
  /** The line in the sheet as a spreadsheet counts it, from 1. */
  line: number;
  /** As it will be stored, but for the counsellor. */
  form: CaseForm;
  /** Why it cannot be stored, in sentences. */
  problems: string[];
  /** What the person should know before storing it. */
  hints: string[];
  twin: Twin | null;
}

/** Everything around a list that its lines are read with. */
export interface Surroundings {
  today: string;
  /** How long an activation phase lasts, in months. */
  months: number;
  /** Whoever may have transferred a case. */
  transferring: readonly Member[];
  known: readonly Known[];
}

const LONGEST_VALUE = 1000;

/** The people of a sheet below its headings, in its order; lines without any text are none. */
export function readRows(
  sheet: Sheet,
  headingLine: number,
  mapping: Mapping,
  choices: Choices,
  around: Surroundings,
): ListRow[] {
  const twins = new Twins(around.known);
  const rows: ListRow[] = [];
  sheet.rows.forEach((cells, index) => {
    if (index <= headingLine || cells.every((cell) => cleanLine(cell) === "")) return;
    const row = readRow(cells, index + 1, mapping, choices, around);
    row.twin = twins.find(row.form);
    const namesake = row.twin ? null : twins.namesake(row.form);
    if (namesake)
      row.hints.push(
        `Einen Fall mit diesem Namen gibt es schon (${namesake.pseudonym ?? "neu"}). Ohne Geburtsdatum lässt sich nicht sagen, ob es dieselbe Person ist.`,
      );
    twins.add(row.form, { line: row.line });
    rows.push(row);
  });
  return rows;
}

/** Whether a row is stored unless somebody says otherwise. */
export function takenByDefault(row: ListRow): boolean {
  return row.problems.length === 0 && row.twin === null;
}

function readRow(
  cells: readonly string[],
  line: number,
  mapping: Mapping,
  choices: Choices,
  around: Surroundings,
): ListRow {
  const reader = new RowReader(cells, mapping);
  const name = readName(reader);
  if (name === "" && reader.problems.length === 0) reader.problems.push("Der Name fehlt.");
  const filled: CaseForm = {
    ...blankCase(""),
    name,
    dateOfBirth: readBirth(reader, around.today),
    clientNumber: reader.line("clientNumber"),
    phone: [reader.line("phone"), reader.line("mobile")].filter(Boolean).join(", "),
    address: readAddress(reader),
    targetGroup: reader.read("targetGroup", readTargetGroup) ?? choices.targetGroup,
    transferringCounsellor: readTransferring(reader, around.transferring) || choices.transferring,
  };
  const kind = reader.read("kind", readKind) ?? choices.kind;
  const handedOver = readHandedOver(reader, choices, around.today);
  const form = changeCase(filled, { kind, handedOver }, around.months);
  const { problems, hints } = reader;
  if (/^[1-9]\d{5,}$/.test(form.phone))
    hints.push("Die Telefonnummer beginnt nicht mit einer Null: Bitte prüfen Sie sie.");
  const age = ageHint(form.dateOfBirth || null, around.today, form.activationLimit || null);
  if (age) hints.push(age);
  return { line, form, problems, hints, twin: null };
}

function readName(reader: RowReader): string {
  const [first, last] = [reader.line("firstName"), reader.line("lastName")];
  const whole = spokenName(reader.line("name"));
  if (first !== "" && last === "" && reader.has("lastName"))
    reader.hints.push("Der Nachname fehlt.");
  return [first, last].filter(Boolean).join(" ") || whole;
}

function readBirth(reader: RowReader, today: string): string {
  const day = reader.read("dateOfBirth", (text) => readDay(text, today));
  if (day === null || (day <= today && day >= "1900")) return day ?? "";
  reader.hints.push(`Ein Geburtsdatum ${formatDay(day)} kann nicht stimmen. Es bleibt leer.`);
  return "";
}

function readAddress(reader: RowReader): string {
  const street = `${reader.line("street")} ${reader.line("houseNumber")}`.trim();
  // A spreadsheet took 04109 for a number.
  const postcode = reader.line("postcode").replace(/^\d{4}$/, "0$&");
  const town = `${postcode} ${reader.line("town")}`.trim();
  const parts = [reader.text("address"), street, town].filter(Boolean);
  return parts.join("\n");
}

function readTransferring(reader: RowReader, members: readonly Member[]): string {
  const text = reader.line("transferring");
  const found = findMember(text, members);
  if (text !== "" && found === null)
    reader.hints.push(`pAp „${text}“ ist im Team nicht eindeutig zu finden und bleibt leer.`);
  return found ?? "";
}

function readHandedOver(reader: RowReader, choices: Choices, today: string): string {
  if (choices.state === "handing_over") return "";
  const day = reader.read("handedOver", (text) => readDay(text, today)) ?? choices.handedOver;
  if (day === "")
    reader.hints.push("Der Tag der Übergabe fehlt: Der Fall steht dann unter „In Übergabe“.");
  if (day > today) reader.hints.push(`Die Übergabe am ${formatDay(day)} liegt in der Zukunft.`);
  return day;
}

/** Reads the cells of one line by field and gathers what is wrong with them. */
class RowReader {
  readonly problems: string[] = [];
  readonly hints: string[] = [];
  private readonly cells: readonly string[];
  private readonly mapping: Mapping;

  constructor(cells: readonly string[], mapping: Mapping) {
    this.cells = cells;
    this.mapping = mapping;
  }

  /** Whether the list has a column for the field. */
  has(field: ListField): boolean {
    return this.mapping[field] !== undefined;
  }

  /** The text of a field, lines and all; empty when the list has no such column. */
  text(field: ListField): string {
    const column = this.mapping[field];
    const text = cleanText(column === undefined ? "" : (this.cells[column] ?? ""));
    if (isErrorValue(text)) {
      this.problems.push(`In „${FIELD_LABELS[field]}“ steht ein Fehler der Tabelle (${text}).`);
      return "";
    }
    if (text.length <= LONGEST_VALUE) return text;
    this.problems.push(`„${FIELD_LABELS[field]}“ ist länger als ${LONGEST_VALUE} Zeichen.`);
    return "";
  }

  /** The same in one line. */
  line(field: ListField): string {
    return this.text(field).replace(/\n/g, " ");
  }

  /** A value with a meaning; null when there is none, and a hint when nobody understands it. */
  read<T>(field: ListField, meaning: (text: string) => T | null): T | null {
    const text = this.line(field);
    if (text === "") return null;
    const value = meaning(text);
    if (value === null)
      this.hints.push(`${FIELD_LABELS[field]}: „${text}“ ist nicht zu lesen und zählt nicht.`);
    return value;
  }
}
