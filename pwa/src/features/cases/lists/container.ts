/**
 * The one form in which cases leave the app: an Excel workbook inside a ZIP archive closed with
 * AES-256. Programs such as 7-Zip open it; without the password nothing of it can be read.
 *
 * The libraries behind it are loaded when the first list is given out. No worker is used: zip.js
 * would start its own from a blob, which the content security policy forbids.
 */
import { COLUMN_WIDTHS } from "./overview";

/** One sheet of the workbook, headings first. */
export interface OverviewSheet {
  title: string;
  table: string[][];
}

/** A closed archive; only `closeContainer` makes one, and nothing else is ever given out. */
export class Container {
  readonly name: string;
  readonly blob: Blob;
  /** Nothing that merely looks like one passes for one. */
  readonly #closed = true;

  /** Not for use outside of this file. */
  constructor(name: string, bytes: ArrayBuffer) {
    this.name = `${name}.zip`;
    this.blob = new Blob([bytes], { type: "application/zip" });
  }

  /** Whether it is one, and not just alike. */
  static is(value: object): boolean {
    return #closed in value;
  }
}

const AES_256 = 3;

/** Writes the sheets into a workbook and closes it with the password. `name` without ending. */
export async function closeContainer(
  name: string,
  sheets: readonly OverviewSheet[],
  password: string,
): Promise<Container> {
  if (password === "") throw new RangeError("an archive without a password is not closed");
  const { writeXlsx, ZipWriter } = await import("./writer_library");
  const workbook = await writeXlsx({ sheets: sheets.map(workbookSheet) });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>();
  const closed = new Response(readable).arrayBuffer();
  const writer = new ZipWriter(writable, {
    password,
    encryptionStrength: AES_256,
    useWebWorkers: false,
  });
  await writer.add(`${name}.xlsx`, new Blob([workbook as Uint8Array<ArrayBuffer>]).stream());
  await writer.close();
  return new Container(name, await closed);
}

function workbookSheet({ title, table }: OverviewSheet) {
  return {
    name: title,
    rows: table,
    columns: COLUMN_WIDTHS.map((width) => ({ width })),
    freezePane: { rows: 1 },
  };
}
