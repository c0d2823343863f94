/** What holds for whatever stands in a list: nothing is lost, nothing throws, shares stay fair. */

import { caseChanges } from "@pwa/features/cases/form";
import { FIELDS, type Mapping, NO_CHOICES } from "@pwa/features/cases/lists/model";
import { readFile, UnreadableList } from "@pwa/features/cases/lists/read_file";
import { readRows } from "@pwa/features/cases/lists/rows";
import { FAIR_DIFFERENCE, loadOf, shareOut } from "@pwa/features/cases/lists/sharing";
import { Twins } from "@pwa/features/cases/lists/twins";
import { cleanText, nameKey, readDay } from "@pwa/features/cases/lists/values";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { text, workbook } from "../unit/cases/lists/workbook";

// The same examples in every run; a failure prints the path that replays it.
fc.configureGlobal({ seed: 20_260_706, numRuns: 300 });
vi.setConfig({ testTimeout: 60_000 });

const TODAY = "2026-11-25";
const day = fc
  .date({ min: new Date("1900-03-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const german = (iso: string): string => iso.split("-").reverse().join(".");
const cell = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom("", "#NV", "31.02.2004", "01.01.2005", "Klein, Berta", "=1+1", "036526"),
);

it("a day is the same however it is written", () => {
  fc.assert(
    fc.property(day, (iso) => {
      expect(readDay(german(iso), TODAY)).toBe(iso);
      expect(readDay(` ${iso}T00:00:00 `, TODAY)).toBe(iso);
      const serial = Math.round((Date.parse(iso) - Date.UTC(1899, 11, 30)) / 86_400_000);
      if (serial >= 10_000) expect(readDay(String(serial), TODAY)).toBe(iso);
    }),
  );
});

it("a year of two digits is never one to come", () => {
  fc.assert(
    fc.property(day, (iso) => {
      const short = `${german(iso).slice(0, 6)}${iso.slice(2, 4)}`;
      const read = readDay(short, TODAY);
      // The 29th of February may not exist a hundred years before.
      if (read !== null)
        expect(read.slice(0, 4) <= "2026" && read.slice(2) === iso.slice(2)).toBe(true);
    }),
  );
});

it("a table of any texts comes back as it was quoted, in every spelling of its letters", async () => {
  const plain = fc.string({ unit: "binary", maxLength: 12 }).filter((text) => !/[\0�]/.test(text));
  const line = fc.array(plain, { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(";", ",", "\t"),
      fc.boolean(),
      async (lines, delimiter, wide) => {
        const heads = ["Name", "Geburtsdatum", "Kundennummer"];
        const quoted = [heads, ...lines].map((cells) =>
          cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(delimiter),
        );
        const [sheet] = await readFile(encoded(quoted.join("\r\n"), wide));
        const filled = (text: string | undefined): boolean => (text ?? "").trim() !== "";
        lines.forEach((cells, i) => {
          const read = sheet?.rows[i + 1] ?? [];
          cells.forEach((text, c) => {
            if (filled(text)) expect(read[c]).toBe(text);
            else expect(filled(read[c])).toBe(false);
          });
        });
      },
    ),
  );
});

it("whatever is in a file, it is a list or a sentence says why not", async () => {
  const sound = new Uint8Array(
    await (await workbook({ name: "Liste", rows: [[text("Name")], [text("A")]] })).arrayBuffer(),
  );
  const torn = fc
    .tuple(fc.nat({ max: sound.length }), fc.uint8Array({ maxLength: 40 }))
    .map(([at, bytes]) => {
      const file = sound.slice();
      file.set(bytes.subarray(0, file.length - at), at);
      return file;
    });
  const cut = fc.nat({ max: sound.length }).map((length) => sound.slice(0, length));
  const noise = fc.uint8Array({ maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(torn, cut, noise), async (bytes) => {
      const found = await readFile(new Blob([bytes as Uint8Array<ArrayBuffer>])).catch(
        (error: unknown) => error,
      );
      if (found instanceof UnreadableList) expect(found.message).toMatch(/^[A-ZÄÖÜ].*[.)]$/);
      else expect(Array.isArray(found) && found.every(({ rows }) => rows.length > 0)).toBe(true);
    }),
  );
});

function encoded(text: string, wide: boolean): Blob {
  if (!wide) return new Blob([new TextEncoder().encode(text)]);
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return new Blob([Uint16Array.from([0xfeff, ...units])]);
}

it("any line is a case that can be stored, or says why not", () => {
  const rows = fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 12 });
  const mapping = fc.dictionary(fc.constantFrom(...FIELDS), fc.nat({ max: 9 }));
  fc.assert(
    fc.property(rows, mapping, (lines, columns) => {
      const read = readRows(
        { name: "", rows: lines },
        -1,
        columns as Mapping,
        { ...NO_CHOICES, state: "handed_over" },
        { today: TODAY, months: 6, transferring: [{ user: "u1", name: "Berta Klein" }], known: [] },
      );
      expect(read.length).toBeLessThanOrEqual(lines.length);
      for (const { form, problems } of read) {
        if (problems.length > 0) continue;
        const set = caseChanges(form, null);
        expect(set.name).toBe(cleanText(form.name));
        for (const value of Object.values(set)) {
          expect(typeof value).toBe("string");
          expect(value).toMatch(/^[^\p{Cs}\0]+$/u);
        }
      }
    }),
  );
});

it("of people in any order the same ones are twice there", () => {
  const person = fc.record({
    name: fc.constantFrom("Kim Doe", "Doe, Kim", "Levin A", "Mia"),
    dateOfBirth: fc.constantFrom(null, "2004-03-05", "2005-01-01"),
    clientNumber: fc.constantFrom(null, "07", "7 ", "8"),
  });
  const doubles = (
    people: { name: string; dateOfBirth: string | null; clientNumber: string | null }[],
  ) => {
    const twins = new Twins([]);
    return people.map((one, line) => {
      const twin = twins.find(one);
      twins.add(one, { line });
      return twin !== null;
    });
  };
  fc.assert(
    fc.property(fc.array(person, { maxLength: 6 }), person, (others, one) => {
      const identified = one.dateOfBirth !== null || one.clientNumber !== null;
      expect(doubles([one, ...others, one]).at(-1)).toBe(identified);
      expect(doubles([...others, one]).at(-1)).toBe(doubles([...others.reverse(), one]).at(-1));
    }),
  );
});

it("a name is the same in any order and with any accents", () => {
  const word = fc.stringMatching(/^[a-zäöüß]{1,8}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      expect(nameKey(words.join(" "))).toBe(nameKey([...words].reverse().join(", ").toUpperCase()));
      expect(nameKey(words.join("-").normalize("NFD"))).toBe(nameKey(words.join(" ")));
    }),
  );
});

it("shares that were fair stay fair, and nobody is forgotten", () => {
  const members = ["a", "b", "c"].map((user) => ({ user, name: user }));
  const count = fc.nat({ max: 30 });
  fc.assert(
    fc.property(fc.tuple(count, count, count), fc.nat({ max: 120 }), (before, incoming) => {
      const open = members.flatMap(({ user }, i) =>
        Array.from({ length: before[i] ?? 0 }, () => ({
          kind: "handover" as const,
          counsellor: user,
        })),
      );
      const kinds = Array.from({ length: incoming }, () => "handover" as const);
      const { counsellors, after } = shareOut(kinds, loadOf(open, members), "");
      expect(counsellors).toHaveLength(incoming);
      const [old, now] = [before, [...after.handover.values()]];
      const apart = (counts: number[]): number => Math.max(...counts) - Math.min(...counts);
      expect(now.reduce((a, b) => a + b)).toBe(open.length + incoming);
      expect(apart(now)).toBeLessThanOrEqual(Math.max(apart(old), FAIR_DIFFERENCE - 1));
    }),
  );
});
