/** A list on its way from the file to the cases: what was read, corrected and decided. Pure. */
import { columnNames, guessHeadingLine, guessMapping } from "./headings";
import { type Choices, type ListField, type Mapping, NO_CHOICES, type Sheet } from "./model";
import { type ListRow, takenByDefault } from "./rows";

export interface Reading {
  step: "columns" | "rows";
  sheet: Sheet;
  /** Counted from 0; -1 without headings. */
  headingLine: number;
  mapping: Mapping;
  choices: Choices;
  /** By line: what the person decided against the default. */
  decided: Readonly<Record<number, boolean>>;
  /** A case id per line of the sheet. */
  ids: readonly string[];
}

/** A sheet with everything guessed. */
export function beginReading(sheet: Sheet, ids: readonly string[]): Reading {
  const headingLine = guessHeadingLine(sheet);
  return withHeadings(
    { step: "columns", sheet, mapping: {}, choices: NO_CHOICES, decided: {}, ids, headingLine },
    headingLine,
  );
}

/** The same list with its headings in another line: what its columns say is guessed anew. */
export function withHeadings(reading: Reading, headingLine: number): Reading {
  const mapping = guessMapping(reading.sheet.rows[headingLine] ?? []);
  const told = mapping.handedOver === undefined ? "handing_over" : "handed_over";
  const choices: Choices = { ...reading.choices, state: told };
  return { ...reading, headingLine, mapping, choices, decided: {} };
}

/** The same list with a field read from another column; -1 from none. */
export function withColumn(reading: Reading, field: ListField, column: number): Reading {
  const mapping: Mapping = { ...reading.mapping };
  if (column < 0) delete mapping[field];
  else mapping[field] = column;
  return { ...reading, mapping, decided: {} };
}

/** Whether some column holds a name, without which nothing can be stored. */
export function knowsNames({ mapping }: Reading): boolean {
  return [mapping.name, mapping.lastName, mapping.firstName].some((one) => one !== undefined);
}

/** Whether a row will be stored. */
export function isTaken(reading: Reading, row: ListRow): boolean {
  if (row.problems.length > 0) return false;
  return reading.decided[row.line] ?? takenByDefault(row);
}

/** What the columns of the list are called on screen. */
export function columnOptions({ sheet, headingLine }: Reading): { value: string; label: string }[] {
  const names = columnNames(sheet, headingLine).map((label, i) => ({ value: String(i), label }));
  return [{ value: "-1", label: "Steht nicht in der Liste" }, ...names];
}
