/** Workbooks made by hand, part by part, so that the reader meets what other programs write. */
import { ZipWriter } from "@zip.js/zip.js/lib/zip-core-writer.js";

/** The XML of a cell: `t` for text, `n` for a number, `raw` for anything else. */
export type CellXml = string;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\n", "&#10;");

/** A text written into its cell. */
export const text = (value: string): CellXml =>
  `t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is>`;
/** A number; style 1 is a German date, style 2 shows seven digits. */
export const number = (value: number, style = 0): CellXml => `s="${style}"><v>${value}</v>`;
/** A formula with the result that was last computed, or none. */
export const formula = (code: string, result: string | null): CellXml =>
  result === null ? `><f>${code}</f>` : `t="str"><f>${code}</f><v>${result}</v>`;
/** A failed formula. */
export const failed = (value: string): CellXml => `t="e"><v>${value}</v>`;

export interface SheetXml {
  name: string;
  rows: (CellXml | null)[][];
  merged?: string[];
  hidden?: boolean;
  /** The whole part as it is, instead of `rows`. */
  xml?: string;
}

const letter = (column: number): string =>
  column < 26
    ? String.fromCharCode(65 + column)
    : letter(Math.floor(column / 26) - 1) + letter(column % 26);

function sheetXml({ rows, merged = [], xml }: SheetXml): string {
  if (xml !== undefined) return xml;
  const lines = rows.map((row, r) => {
    const cells = row.map((cell, c) => (cell ? `<c r="${letter(c)}${r + 1}" ${cell}</c>` : ""));
    return `<row r="${r + 1}">${cells.join("")}</row>`;
  });
  const merges = merged.map((ref) => `<mergeCell ref="${ref}"/>`).join("");
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${lines.join("")}</sheetData>${merges && `<mergeCells>${merges}</mergeCells>`}</worksheet>`;
}

export const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
export const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/><numFmt numFmtId="165" formatCode="0000000"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/** The file as its parts say. */
export async function workbook(...sheets: SheetXml[]): Promise<Blob> {
  const list = sheets.map(
    ({ name, hidden }, i) =>
      `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"${hidden ? ' state="hidden"' : ""}/>`,
  );
  const links = sheets.map(
    (_, i) =>
      `<Relationship Id="rId${i + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  const kinds = sheets.map(
    (_, i) =>
      `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${KIND}.worksheet+xml"/>`,
  );
  return archive({
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${KIND}.styles+xml"/>${kinds.join("")}</Types>`,
    "_rels/.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${list.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${links.join("")}<Relationship Id="rIdS" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": STYLES,
    ...Object.fromEntries(
      sheets.map((sheet, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheetXml(sheet)]),
    ),
  });
}

/** A ZIP archive of texts. */
export async function archive(parts: Record<string, string>): Promise<Blob> {
  const { readable, writable } = new TransformStream();
  const done = new Response(readable).blob();
  const writer = new ZipWriter(writable, { useWebWorkers: false });
  for (const [name, content] of Object.entries(parts)) {
    await writer.add(name, new Blob([content]).stream());
  }
  await writer.close();
  return done;
}
