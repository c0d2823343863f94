/** Files as offices have them, and files that are none. */
import {
  ClosedList,
  MOST_UNPACKED,
  readFile,
  tooLong,
  UnreadableList,
  unpackedSize,
} from "@pwa/features/cases/lists/read_file";
import { writeXlsx } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import { archive, failed, formula, number, text, workbook } from "./workbook";

const LINES = [
  ["Name", "Geburtsdatum", "Kundennummer"],
  ["Ackerstaff, Levin", "05.03.2004", "0035D12"],
];

async function rowsOf(file: Blob): Promise<string[][]> {
  const sheets = await readFile(file);
  expect(sheets).toHaveLength(1);
  return sheets[0]?.rows ?? [];
}

const joined = (delimiter: string) =>
  LINES.map((line) =>
    line.map((cell) => (cell.includes(",") ? `"${cell}"` : cell)).join(delimiter),
  );

async function refusal(file: Blob, password?: string): Promise<Error> {
  return readFile(file, password).then(
    () => {
      throw new Error("it was read");
    },
    (error: Error) => error,
  );
}

describe("a text file", () => {
  it.each([";", ",", "\t", "|"])("is read with %j between its cells", async (delimiter) => {
    expect(await rowsOf(new Blob([joined(delimiter).join("\r\n")]))).toEqual(LINES);
    expect(await rowsOf(new Blob([joined(delimiter).join("\n"), "\n\n\n"]))).toEqual(LINES);
  });

  it("is read whatever Windows or a phone made of its letters", async () => {
    const umlauts = "Name;Ort\nÖztürk-Groß;Köln\n";
    const expected = [
      ["Name", "Ort"],
      ["Öztürk-Groß", "Köln"],
    ];
    const latin = Uint8Array.from([...umlauts].map((char) => char.charCodeAt(0)));
    const wide = Uint16Array.from([0xfeff, ...[...umlauts].map((char) => char.charCodeAt(0))]);
    for (const part of [umlauts, `﻿${umlauts}`, latin, wide]) {
      expect(await rowsOf(new Blob([part]))).toEqual(expected);
    }
    // The euro sign stands where Latin-1 has a control character.
    const euro = new Blob([Uint8Array.of(0x80, 0x3b, 0xe4)]);
    expect(await rowsOf(euro)).toEqual([["€", "ä"]]);
  });

  it("keeps quoted line breaks, quotes and delimiters", async () => {
    const file = new Blob(['Name;Anschrift\r\n"Kim ""Kiki"" Doe";"Weg 1; Hof\r\n12345 Ort"\r\n']);
    expect(await rowsOf(file)).toEqual([
      ["Name", "Anschrift"],
      ['Kim "Kiki" Doe', "Weg 1; Hof\r\n12345 Ort"],
    ]);
  });

  it("may say itself what stands between its cells", async () => {
    expect(await rowsOf(new Blob(["sep=|\r\nA,B|C\r\nD|E;F;G\r\n"]))).toEqual([
      ["A,B", "C"],
      ["D", "E;F;G"],
    ]);
  });

  it("goes by its headings where addresses have more commas", async () => {
    const file = new Blob(["Name;Anschrift\nA;Weg 1, Hof, 12345 Ort\nB;Weg 2, Hof, 12345 Ort\n"]);
    expect((await rowsOf(file))[0]).toEqual(["Name", "Anschrift"]);
  });
});

describe("a workbook", () => {
  it("gives days, numbers and texts as one would type them", async () => {
    const file = await workbook({
      name: "Liste",
      rows: [
        [text("Name"), text("geb."), text("Nr."), text("Telefon")],
        [text("Ümit\nÖ."), number(38_051, 1), number(1234, 2), number(15_123_456_789)],
        [],
        [formula("A2", "Berta"), number(38_051), text("0012"), number(0.5)],
      ],
    });
    expect(await rowsOf(file)).toEqual([
      ["Name", "geb.", "Nr.", "Telefon"],
      ["Ümit\nÖ.", "2004-03-05", "0001234", "15123456789"],
      [],
      ["Berta", "38051", "0012", "0.5"],
    ]);
  });

  it("shows formulas that have no result or failed", async () => {
    const file = await workbook({
      name: "Liste",
      rows: [[formula("A9", null), failed("#N/A"), failed("#REF!")]],
    });
    expect(await rowsOf(file)).toEqual([["#FORMEL!", "#N/A", "#REF!"]]);
  });

  it("says what stands beside several people for each of them", async () => {
    const file = await workbook({
      name: "Liste",
      rows: [
        [text("Name"), text("pAp")],
        [text("A"), text("Klein")],
        [text("B"), null],
        [text("C"), null],
      ],
      merged: ["B2:B4", "A1:A1"],
    });
    expect((await rowsOf(file)).map((row) => row[1])).toEqual(["pAp", "Klein", "Klein", "Klein"]);
  });

  it("offers the sheets that are shown and hold something", async () => {
    const rows = [[text("Name")], [text("A")]];
    const file = await workbook(
      { name: "2025", rows },
      { name: "Leer", rows: [] },
      { name: "Geheim", rows, hidden: true },
      { name: "2026", rows },
    );
    expect((await readFile(file)).map(({ name }) => name)).toEqual(["2025", "2026"]);
  });

  it("takes a hundred columns, and five thousand lines as too many", async () => {
    const wide = { name: "Breit", rows: [Array.from({ length: 100 }, (_, i) => text(`S${i}`))] };
    const long = { name: "Lang", rows: Array.from({ length: 5000 }, () => [text("x")]) };
    const [first, second] = await readFile(await workbook(wide, long));
    expect(first?.rows[0]).toHaveLength(100);
    expect(first && tooLong(first)).toBeNull();
    expect(second && tooLong(second)).toContain("5.000 Zeilen");
  });

  it("closed with a password opens with it", async () => {
    const made = await writeXlsx({
      sheets: [{ name: "Liste", rows: [["Name"], ["A"]] }],
      encryption: { password: "geheim", spinCount: 1000 },
    });
    const file = new Blob([made as Uint8Array<ArrayBuffer>]);
    const asked = await refusal(file);
    expect(asked).toBeInstanceOf(ClosedList);
    expect(asked.message).toContain("mit einem Passwort geschützt");
    const wrong = await refusal(file, "falsch");
    expect(wrong).toBeInstanceOf(ClosedList);
    expect(wrong.message).toContain("stimmt nicht");
    expect((await readFile(file, "geheim"))[0]?.rows).toEqual([["Name"], ["A"]]);
  });
});

describe("no list", () => {
  const OLD = new Uint8Array(4096);
  OLD.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  it.each<[string, BlobPart, string]>([
    ["nothing", "", "leer (0 Bytes)"],
    ["blanks", " \n ; ; \n\t\n", "steht nichts"],
    ["a PDF", "%PDF-1.7\n1 0 obj", "PDF-Datei"],
    ["a web page", "<!DOCTYPE html><table><tr><td>Name", "keine Liste"],
    ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x00, 0x1a), "keine Liste"],
    ["an old workbook", OLD, "altes Excel-Format"],
    ["a torn workbook", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0), "beschädigt"],
  ])("is %s", async (_, part, sentence) => {
    const error = await refusal(new Blob([part]));
    expect(error).toBeInstanceOf(UnreadableList);
    expect(error.message.replace("im alten", "altes")).toContain(sentence);
  });

  it("is an archive of something else", async () => {
    expect((await refusal(await archive({ "word/document.xml": "<w/>" }))).message).toContain(
      "beschädigt",
    );
  });

  it("is what would fill the phone", async () => {
    const bomb = await archive({ "xl/workbook.xml": " ".repeat(MOST_UNPACKED + 1) });
    expect(bomb.size).toBeLessThan(100_000);
    expect(unpackedSize(new Uint8Array(await bomb.arrayBuffer()))).toBe(MOST_UNPACKED + 1);
    expect((await refusal(bomb)).message).toContain("ausgepackt zu groß");
  });
});
