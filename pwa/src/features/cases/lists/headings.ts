/** Which line holds the headings and which column says what: a guess that a person corrects. */
import { fold } from "../../../ui/text_search";
import { columnLetters, type ListField, type Mapping, type Sheet } from "./model";

/** How many of the first lines may be titles above the headings. */
export const HEADING_LINES = 10;
const FEWEST_HEADINGS = 2;

// Compared with the folded heading, „/“, „-“ and the like read as spaces. The first hit counts.
const PATTERNS: readonly (readonly [ListField, RegExp])[] = [
  ["firstName", /^(vorname|rufname|vornamen)$/],
  ["lastName", /^(nachname|familienname|zuname)$/],
  ["name", /^(name|(name|nachname|familienname) (und )?vorname|vorname (und )?(name|nachname))$/],
  ["name", /^(kunde|kundin|kundin kunde|kunde kundin|kund in|person|vor und nachname)$/],
  ["dateOfBirth", /^(geburts(datum|tag)|geb( ?dat(um)?| am)?|geboren( am)?)$/],
  ["clientNumber", /^(kundennummer|kunden ?nr|kd ?nr|kdnr|kundennr|bg ?nr und kundennummer)$/],
  ["mobile", /^(mobil|handy|mobiltelefon|handynummer|mobilnummer|telefon 2|tel 2)$/],
  ["phone", /^(telefon|tel|telefonnummer|telefon ?nr|rufnummer|telefon 1|tel 1)$/],
  ["address", /^(anschrift|adresse|wohnanschrift|postanschrift|wohnadresse)$/],
  ["houseNumber", /^(hausnummer|haus ?nr|hnr)$/],
  ["street", /^(strasse|str|strasse (und )?(hausnummer|haus ?nr|nr|hnr))$/],
  ["postcode", /^(plz|postleitzahl)$/],
  ["town", /^(ort|wohnort|stadt|plz (und )?(wohn)?ort|postleitzahl (und )?ort)$/],
  ["transferring", /^(pap|bisherige[rn]? (pap|ansprechperson|ansprechpartner.*)|vermittler.*)$/],
  ["transferring", /^(ansprechpartner.*|ansprechperson|(persoenliche|personliche)r? ansprech.*)$/],
  ["handedOver", /^ue?ber(gabe|stellung|gabedatum|geben|stellt)( (am|vom|datum))?$/],
  ["handedOver", /^(datum|tag)( der)? ue?ber(gabe|stellung)$/],
  ["kind", /^(art|fallart|auftragsart|art des (falls|auftrags))$/],
  ["targetGroup", /^(zielgruppe|gruppe|personengruppe)$/],
];

/** The day of the talk stands for the day of the handover where the list knows no other. */
const TALK = /^((datum|tag)( des)? )?ue?bergabegespra?e?chs?( (am|vom|datum))?$/;

function plainHeading(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The field a heading names, or null. */
export function fieldOf(heading: string): ListField | null {
  const plain = plainHeading(heading);
  if (TALK.test(plain)) return "handedOver";
  return PATTERNS.find(([, pattern]) => pattern.test(plain))?.[0] ?? null;
}

/** The column of each field by its heading; of two columns with the same heading the first. */
export function guessMapping(headings: readonly string[]): Mapping {
  const mapping: Mapping = {};
  headings.forEach((heading, column) => {
    const field = fieldOf(heading);
    if (field === null) return;
    const better = isTalk(headings[mapping[field] ?? -1]) && !isTalk(heading);
    if (mapping[field] === undefined || better) mapping[field] = column;
  });
  // „Name“ beside „Vorname“ is the family name.
  if (mapping.firstName !== undefined && mapping.name !== undefined && !isBoth(headings, mapping)) {
    mapping.lastName ??= mapping.name;
    delete mapping.name;
  }
  return mapping;
}

function isTalk(heading: string | undefined): boolean {
  return TALK.test(plainHeading(heading ?? ""));
}

function isBoth(headings: readonly string[], { name }: Mapping): boolean {
  return name !== undefined && plainHeading(headings[name] ?? "").includes("vorname");
}

/** The line with the headings, counted from 0; -1 when there is none among the first ones. */
export function guessHeadingLine(sheet: Sheet): number {
  const found = sheet.rows
    .slice(0, HEADING_LINES)
    .map((row) => new Set(row.map(fieldOf).filter((field) => field !== null)).size);
  const most = Math.max(0, ...found);
  return most >= FEWEST_HEADINGS ? found.indexOf(most) : -1;
}

/** How many columns the widest line has. */
export function width(sheet: Sheet): number {
  return sheet.rows.reduce((most, row) => Math.max(most, row.length), 0);
}

/** What each column is called on screen: its heading, else its letter and the first thing in it. */
export function columnNames(sheet: Sheet, headingLine: number): string[] {
  const below = sheet.rows.slice(headingLine + 1);
  return Array.from({ length: width(sheet) }, (_, column) => {
    const heading = sheet.rows[headingLine]?.[column]?.trim() ?? "";
    if (heading !== "") return shortened(heading);
    const example = below.find((row) => (row[column] ?? "").trim() !== "")?.[column]?.trim();
    const letters = `Spalte ${columnLetters(column)}`;
    return example === undefined ? `${letters} (leer)` : `${letters}: ${shortened(example)}`;
  });
}

const LONGEST_NAME = 40;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1)}…` : line;
}
