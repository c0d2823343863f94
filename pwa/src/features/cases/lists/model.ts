/**
 * What a list of cases is made of: sheets of text, the fields a case takes from them, and what
 * is asked once for the whole list. Pure.
 */
import type { CaseKind } from "../model";

/** One sheet of a chosen file, every cell as text; `rows[0]` is the first line of the sheet. */
export interface Sheet {
  /** Empty for a text file, which has but one. */
  name: string;
  rows: string[][];
}

/** What a column of a list can say about a person. */
export type ListField =
  | "name"
  | "lastName"
  | "firstName"
  | "dateOfBirth"
  | "clientNumber"
  | "phone"
  | "mobile"
  | "address"
  | "street"
  | "houseNumber"
  | "postcode"
  | "town"
  | "transferring"
  | "handedOver"
  | "kind"
  | "targetGroup";

export const FIELD_LABELS: Record<ListField, string> = {
  name: "Ganzer Name",
  lastName: "Nachname",
  firstName: "Vorname",
  dateOfBirth: "Geburtsdatum",
  clientNumber: "Kundennummer",
  phone: "Telefon",
  mobile: "Zweites Telefon",
  address: "Ganze Anschrift",
  street: "Straße",
  houseNumber: "Hausnummer",
  postcode: "Postleitzahl",
  town: "Ort",
  transferring: "pAp",
  handedOver: "Tag der Übergabe",
  kind: "Art",
  targetGroup: "Zielgruppe",
};

export const FIELDS = Object.keys(FIELD_LABELS) as ListField[];

/** The column of each field, counted from 0; a field without one is not in the list. */
export type Mapping = Partial<Record<ListField, number>>;

/** What is asked once, for all that no column says. */
export interface Choices {
  /** Whether these cases have been handed over already. */
  state: "handing_over" | "handed_over";
  /** `YYYY-MM-DD`, or empty. */
  handedOver: string;
  kind: CaseKind;
  /** A code of TARGET_GROUPS, or empty. */
  targetGroup: string;
  /** A user id, or empty. */
  transferring: string;
  /** Who gets the cases; empty: shared out evenly. */
  counsellor: string;
}

export const NO_CHOICES: Choices = {
  state: "handing_over",
  handedOver: "",
  kind: "handover",
  targetGroup: "",
  transferring: "",
  counsellor: "",
};

/** Somebody of the team. */
export interface Member {
  user: string;
  name: string;
}

/** A list is read whole or not at all; more than this is two lists. */
export const MOST_ROWS = 1000;

/** „A“, „B“ … „Z“, „AA“: what a spreadsheet calls its columns. */
export function columnLetters(column: number): string {
  const rest = column % 26;
  const letter = String.fromCharCode(65 + rest);
  return column < 26 ? letter : columnLetters((column - rest) / 26 - 1) + letter;
}
