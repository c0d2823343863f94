/** Files made to fill a phone or to keep it busy: read, or refused in a sentence, and soon. */

import { readFile, UnreadableList } from "@pwa/features/cases/lists/read_file";
import { expect, it, vi } from "vitest";
import { HEAD, MAIN, workbook } from "../unit/cases/lists/workbook";

vi.setConfig({ testTimeout: 120_000 });

const MEGA = 1_000_000;
const MOST_MS = 10_000;
const MOST_GROWTH = 400 * MEGA;

it.each<[string, () => Promise<Blob>]>([
  ["nothing but delimiters", async () => lines(";".repeat(9 * MEGA))],
  ["nothing but line breaks", async () => lines("\n".repeat(9 * MEGA))],
  ["a quote that never ends", async () => lines(`"${"a;b\n".repeat(2 * MEGA)}`)],
  ["nothing but quotes", async () => lines('"'.repeat(9 * MEGA))],
  ["entities that blow up", () => withSheet(entities())],
  ["a cell at the end of the sheet", () => withSheet(withCell("XFD1048576", "weit weg"))],
  ["very deep inside", () => withSheet(`${HEAD}${"<a>".repeat(200_000)}`)],
  ["more than it says", async () => lying(await withSheet(" ".repeat(60 * MEGA)), 1000)],
])("%s is read or refused soon and in bounded memory", async (_, make) => {
  const file = await make();
  const [began, held] = [performance.now(), process.memoryUsage().rss];
  const found = await readFile(file).catch((error: unknown) => error);
  if (!Array.isArray(found)) expect(found).toBeInstanceOf(UnreadableList);
  expect(performance.now() - began).toBeLessThan(MOST_MS);
  expect(process.memoryUsage().rss - held).toBeLessThan(MOST_GROWTH);
});

it("the workbooks among them are sound otherwise", async () => {
  const [sheet] = await readFile(await withSheet(withCell("B2", "hier")));
  expect(sheet?.rows.at(-1)).toEqual(["", "hier"]);
});

const lines = (text: string): Blob => new Blob(["Name;Geburtsdatum\n", text]);
const withSheet = (xml: string): Promise<Blob> => workbook({ name: "Liste", rows: [], xml });

function withCell(place: string, text: string): string {
  const cell = `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`;
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetData><row>${cell}</row></sheetData></worksheet>`;
}

/** A text of one word, by way of entities that each stand for ten of another: a thousand million. */
function entities(): string {
  const levels = Array.from({ length: 9 }, (_, i) => {
    const ten = `&e${i};`.repeat(10);
    return `<!ENTITY e${i + 1} "${ten}">`;
  });
  const declared = `<!DOCTYPE worksheet [<!ENTITY e0 "x">${levels.join("")}]>`;
  return withCell("A1", "&e9;").replace(HEAD, HEAD + declared);
}

/** The archive with every part said to unpack to so few bytes. */
async function lying(file: Blob, size: number): Promise<Blob> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const view = new DataView(bytes.buffer);
  const marks = new Map([
    [0x04034b50, 22],
    [0x02014b50, 24],
  ]);
  for (let at = 0; at + 28 < bytes.length; at += 1) {
    const field = marks.get(view.getUint32(at, true));
    if (field !== undefined) view.setUint32(at + field, size, true);
  }
  return new Blob([bytes]);
}
