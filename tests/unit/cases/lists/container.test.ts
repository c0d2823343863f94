/** What is given out: the overview, closed, and nothing else. */
import { type Container, closeContainer } from "@pwa/features/cases/lists/container";
import { filePasswordProblem } from "@pwa/features/cases/lists/file_password";
import { handOut } from "@pwa/features/cases/lists/hand_out";
import {
  casesOf,
  containerName,
  neutral,
  overviewTable,
  UNREADABLE_CELL,
} from "@pwa/features/cases/lists/overview";
import type { ClientCase } from "@pwa/features/cases/model";
import { generatePassword } from "@pwa/platform/passwords";
import { ZipReader } from "@zip.js/zip.js/lib/zip-core-reader.js";
import { readXlsx } from "hucre/xlsx";
import { describe, expect, it } from "vitest";

const PASSWORD = "bati-wulo-zemi-hare-joni";

const item = (over: Partial<ClientCase>): ClientCase => ({
  id: "c1",
  pseudonym: "U25-001",
  kind: "handover",
  name: "Levin Ackerstaff",
  dateOfBirth: "2004-03-05",
  clientNumber: "0035123",
  phone: "0171",
  address: "Am Weg 3",
  reachVia: null,
  targetGroup: "hard_to_reach",
  targetDetail: null,
  situation: "Notiz",
  wishes: null,
  hazard: "Hund",
  counsellor: "u1",
  transferringCounsellor: null,
  handedOver: "2026-07-06",
  firstContact: null,
  activationLimit: "2027-01-05",
  closed: null,
  versions: {},
  base: {},
  unreadable: [],
  pending: false,
  createdAt: 0,
  ...over,
});

describe("the overview", () => {
  const open = item({});
  const closed = item({ id: "c2", closed: "2026-10-01" });
  const early = item({ id: "c3", handedOver: null });
  const aborted = item({ id: "c4", handedOver: null, closed: "2026-10-01" });

  it("has two lists that share nobody", () => {
    const all = [open, closed, early, aborted];
    expect(casesOf("handed_over", all)).toEqual([open]);
    expect(casesOf("closed", all).map(({ id }) => id)).toEqual(["c2", "c4"]);
  });

  it("says who is where, without notes, phone or address", () => {
    const [, line] = overviewTable([open], () => "Anna Ast");
    expect(line).toEqual([
      "U25-001",
      "Levin Ackerstaff",
      "05.03.2004",
      "0035123",
      "Fallübergabe",
      "Schwer erreichbar",
      "Anna Ast",
      "Anna Ast",
      "06.07.2026",
      "",
      "05.01.2027",
      "",
    ]);
    for (const left of ["Notiz", "0171", "Am Weg", "Hund"])
      expect(JSON.stringify(overviewTable([open], () => null))).not.toContain(left);
  });

  it("says where something does not open here", () => {
    const [, line] = overviewTable([item({ name: "", unreadable: ["name"] })], () => null);
    expect(line?.[1]).toBe(UNREADABLE_CELL);
  });

  it("holds no formula", () => {
    for (const text of ["=1+1", "+49", "-x", "@SUM(A1)", " =1", "\t=1", "|cmd"])
      expect(neutral(text)).toBe(`'${text}`);
    expect(neutral("a=b")).toBe("a=b");
    expect(overviewTable([item({ name: "=HYPERLINK(1)" })], () => null)[1]?.[1]).toMatch(/^'=/);
  });
});

describe("the container", () => {
  const close = () =>
    closeContainer(
      containerName("2026-11-25"),
      [{ title: "Überstellt", table: overviewTable([item({ name: "=Levin" })], () => null) }],
      PASSWORD,
    );

  it("bears no person's name and opens with its password alone", async () => {
    const { name, blob } = await close();
    expect(name).toBe("zuzweit-faelle-2026-11-25.zip");
    const bytes = new Uint8Array(await blob.arrayBuffer());
    expect(Buffer.from(bytes).includes("Levin")).toBe(false);
    await expect(unpack(blob, "falsch-falsch")).rejects.toThrow();
    const { entry, content } = await unpack(blob, PASSWORD);
    expect(entry).toMatchObject({ encrypted: true, filename: "zuzweit-faelle-2026-11-25.xlsx" });
    const book = await readXlsx(content);
    expect(book.sheets.map((sheet) => sheet.name)).toEqual(["Überstellt"]);
    expect(book.sheets[0]?.rows[1]?.slice(0, 4)).toEqual([
      "U25-001",
      "'=Levin",
      "05.03.2004",
      "0035123",
    ]);
  });

  it("is made with AES-256, each time with another salt", async () => {
    const [first, second] = await Promise.all([close(), close()]);
    const [one, two] = await Promise.all([first.blob.bytes(), second.blob.bytes()]);
    // Method 99 is AES; its extra field says vendor AE, strength 3.
    expect(new DataView(one.buffer).getUint16(8, true)).toBe(99);
    expect(Buffer.from(one).includes(Buffer.from([0x41, 0x45, 3]))).toBe(true);
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(false);
  });

  it("alone is given out, and nothing that only looks like it", async () => {
    const { name, blob } = await close();
    expect(() => handOut({ name, blob } as Container)).toThrow(TypeError);
  });

  it("is never open", async () => {
    await expect(closeContainer("x", [], "")).rejects.toThrow(RangeError);
  });
});

async function unpack(blob: Blob, password: string) {
  const reader = new ZipReader(blob.stream(), { password, useWebWorkers: false });
  const [entry] = await reader.getEntries();
  if (!entry || entry.directory) throw new Error("no file in it");
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>();
  const content = new Response(readable).arrayBuffer();
  // Whoever waits for the content hears of a wrong password from getData.
  content.catch(() => {});
  await entry.getData(writable);
  return { entry, content: await content };
}

describe("the password of a file", () => {
  it("is strong, and the same on every keyboard", () => {
    expect(filePasswordProblem(generatePassword())).toBeNull();
    expect(filePasswordProblem("Vier Stuehle am Fenster")).toBeNull();
    expect(filePasswordProblem("kurz")).toContain("14 Zeichen");
    expect(filePasswordProblem("Vier Stühle am Fenster")).toContain("Umlaute");
    expect(filePasswordProblem(" Vier Stuehle am Fenster")).toContain("Leerzeichen");
  });
});
