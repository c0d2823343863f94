/** From lines to cases: what is understood, what is said, who is there already. */
import { guessHeadingLine, guessMapping } from "@pwa/features/cases/lists/headings";
import { type Choices, columnLetters, NO_CHOICES } from "@pwa/features/cases/lists/model";
import {
  beginReading,
  isTaken,
  knowsNames,
  withColumn,
  withHeadings,
} from "@pwa/features/cases/lists/reading";
import { type ListRow, readRows, takenByDefault } from "@pwa/features/cases/lists/rows";
import type { Known } from "@pwa/features/cases/lists/twins";
import { describe, expect, it } from "vitest";

const TODAY = "2026-11-25";
const BERTA = { user: "u1", name: "Berta Klein" };
const TEAM = [BERTA, { user: "u2", name: "Ayşe Klein" }, { user: "u3", name: "Jörg Groß" }];

function read(rows: string[][], choices: Partial<Choices> = {}, known: Known[] = []): ListRow[] {
  const list = beginReading({ name: "", rows }, []);
  return readRows(
    list.sheet,
    list.headingLine,
    list.mapping,
    { ...NO_CHOICES, ...choices },
    {
      today: TODAY,
      months: 6,
      transferring: TEAM,
      known,
    },
  );
}

function one(headings: string[], cells: string[], choices: Partial<Choices> = {}): ListRow {
  const [row, ...more] = read([headings, cells], choices);
  expect(more).toEqual([]);
  return row as ListRow;
}

describe("headings", () => {
  it("say which column is which, however offices call them", () => {
    expect(
      guessMapping(["Lfd. Nr.", "Name", "Vorname", "geb. am", "Kd.-Nr.", "Tel.", "Handy"]),
    ).toEqual({ lastName: 1, firstName: 2, dateOfBirth: 3, clientNumber: 4, phone: 5, mobile: 6 });
    expect(
      guessMapping(["Name, Vorname", "GEBURTSDATUM", "Kunden-Nr", "Straße/Nr.", "PLZ", "Ort"]),
    ).toEqual({ name: 0, dateOfBirth: 1, clientNumber: 2, street: 3, postcode: 4, town: 5 });
    expect(guessMapping(["Kundin/Kunde", "Zielgruppe", "Art", "pAp", "Übergabe am"])).toEqual({
      name: 0,
      targetGroup: 1,
      kind: 2,
      transferring: 3,
      handedOver: 4,
    });
  });

  it("prefer the day of the handover to the day of the talk", () => {
    const both = ["Name", "Datum Übergabegespräch", "Überstellt am"];
    expect(guessMapping(both).handedOver).toBe(2);
    expect(guessMapping([...both].reverse()).handedOver).toBe(0);
    expect(guessMapping(both.slice(0, 2)).handedOver).toBe(1);
  });

  it("may stand below a title, or nowhere", () => {
    const title = ["Fälle der aufsuchenden Beratung", "", "Stand 01.11.2026"];
    const rows = [title, [], ["Name", "Geburtsdatum"], ["A", "01.01.2005"]];
    expect(guessHeadingLine({ name: "", rows })).toBe(2);
    expect(read(rows).map(({ line, form }) => [line, form.name])).toEqual([[4, "A"]]);
    expect(guessHeadingLine({ name: "", rows: [["Levin A.", "01.01.2005"]] })).toBe(-1);
  });

  it("are guessed anew in another line, and a column can be set by hand", () => {
    const sheet = {
      name: "",
      rows: [
        ["Wer", "Name"],
        ["Name", "Vorname"],
        ["A", "B"],
      ],
    };
    const first = beginReading(sheet, []);
    expect(first.headingLine).toBe(1);
    const none = withHeadings(first, -1);
    expect(knowsNames(none)).toBe(false);
    expect(knowsNames(withColumn(none, "name", 0))).toBe(true);
    expect(withColumn(first, "firstName", -1).mapping).toEqual({ lastName: 0 });
  });

  it("count columns as spreadsheets do", () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnLetters)).toEqual([
      "A",
      "Z",
      "AA",
      "AZ",
      "BA",
      "ZZ",
      "AAA",
    ]);
  });
});

describe("a line", () => {
  it("becomes a case as the form would make it", () => {
    const row = one(
      [
        "Name",
        "Vorname",
        "geboren am",
        "Kundennummer",
        "Telefon",
        "Handy",
        "Straße",
        "Hausnr.",
        "PLZ",
        "Ort",
      ],
      [
        "Ackerstaff",
        " Levin ",
        "5.3.04",
        "035D123456",
        "0211 1",
        "0171 2",
        "Am Weg",
        "3a",
        "4109",
        "Leipzig",
      ],
      { targetGroup: "hard_to_reach", transferring: "u3" },
    );
    expect(row).toMatchObject({ line: 2, problems: [], hints: [], twin: null });
    expect(row.form).toMatchObject({
      name: "Levin Ackerstaff",
      dateOfBirth: "2004-03-05",
      clientNumber: "035D123456",
      phone: "0211 1, 0171 2",
      address: "Am Weg 3a\n04109 Leipzig",
      kind: "handover",
      targetGroup: "hard_to_reach",
      transferringCounsellor: "u3",
      handedOver: "",
      activationLimit: "",
    });
  });

  it("has its phase when it was handed over, and none as a single order", () => {
    const list = [
      ["Name", "Art", "Übergabe am"],
      ["A", "Fallübergabe", "06.07.2026"],
      ["B", "AB-Einzelauftrag", "06.07.2026"],
      ["C", "", ""],
    ];
    const rows = read(list, { state: "handed_over", handedOver: "2026-08-31" });
    expect(rows.map(({ form }) => [form.kind, form.handedOver, form.activationLimit])).toEqual([
      ["handover", "2026-07-06", "2027-01-05"],
      ["individual_order", "2026-07-06", ""],
      ["handover", "2026-08-31", "2027-02-28"],
    ]);
    expect(read(list).map(({ form }) => form.handedOver)).toEqual(["", "", ""]);
  });

  it("names the pAp it finds in the team, and says so when it does not", () => {
    const pap = (text: string) => one(["Name", "pAp"], ["A", text]);
    for (const text of ["Berta Klein", "Klein, Berta", "Frau Berta KLEIN"])
      expect(pap(text).form.transferringCounsellor).toBe("u1");
    expect(pap("Gross").form.transferringCounsellor).toBe("u3");
    for (const text of ["Klein", "Niemand"]) {
      expect(pap(text).form.transferringCounsellor).toBe("");
      expect(pap(text).hints[0]).toContain(`„${text}“`);
    }
  });

  it("says in a sentence what is missing or odd", () => {
    const heads = ["Name", "Geburtsdatum", "Zielgruppe", "Telefon"];
    expect(one(["Name", "Vorname"], ["", "A"]).hints).toEqual(["Der Nachname fehlt."]);
    expect(one(heads, ["", "01.01.2005"]).problems).toEqual(["Der Name fehlt."]);
    expect(one(heads, ["#NV"]).problems[0]).toContain("(#NV)");
    expect(one(heads, ["x".repeat(1001)]).problems[0]).toContain("länger als 1000");
    expect(one(heads, ["A", "31.02.2005"]).hints[0]).toContain("„31.02.2005“");
    expect(one(heads, ["A", "01.01.2027"]).hints[0]).toContain("kann nicht stimmen");
    expect(one(heads, ["A", "01.01.1999"]).hints[0]).toContain("25. Lebensjahr");
    expect(one(heads, ["A", "", "blau"]).hints[0]).toContain("Zielgruppe: „blau“");
    expect(one(heads, ["A", "", "", "1711234567"]).hints[0]).toContain("Null");
    const later = one(["Name", "Überstellt am"], ["A", "01.01.2027"], { state: "handed_over" });
    expect(later.hints[0]).toContain("liegt in der Zukunft");
    expect(one(["Name", "Ort"], ["A", "B"], { state: "handed_over" }).hints[0]).toContain(
      "In Übergabe",
    );
  });

  it("without any text is nobody", () => {
    expect(read([["Name", "Ort"], ["", " \t"], ["A", ""], [" "]])).toHaveLength(1);
  });
});

describe("the same person", () => {
  const known: Known[] = [
    {
      id: "c1",
      pseudonym: "U25-001",
      name: "Levin Ackerstaff",
      dateOfBirth: "2004-03-05",
      clientNumber: null,
    },
    {
      id: "c2",
      pseudonym: "U25-002",
      name: "Kim Doe",
      dateOfBirth: null,
      clientNumber: "035D123456",
    },
  ];
  const heads = ["Name", "Geburtsdatum", "Kundennummer"];
  const find = (...cells: string[]) => read([heads, cells], {}, known)[0] as ListRow;

  it("is found by number, or by name and date of birth", () => {
    expect(find("ACKERSTAFF, Levin", "05.03.2004").twin).toMatchObject({ known: { id: "c1" } });
    expect(find("Ganz Anders", "", "35 d 123-456").twin).toMatchObject({ known: { id: "c2" } });
    expect(find("Levin Ackerstaff", "06.03.2004").twin).toBeNull();
    expect(find("Levin Ackerstaff", "06.03.2004").hints).toEqual([]);
  });

  it("may be meant by a mere name: that is said, and stored", () => {
    const row = find("Levin Ackerstaff");
    expect(row.hints[0]).toContain("U25-001");
    expect(takenByDefault(row)).toBe(true);
  });

  it("in the list a second time points to the first line", () => {
    const rows = read([
      heads,
      ["A B", "01.01.2005"],
      ["C D", "", "7"],
      ["B, A", "1.1.2005"],
      ["E", "", "007"],
    ]);
    expect(rows.map(({ twin }) => twin)).toEqual([null, null, { line: 2 }, { line: 3 }]);
  });

  it("is left out unless somebody decides otherwise", () => {
    const list = beginReading({ name: "", rows: [] }, []);
    const twin = find("Levin Ackerstaff", "05.03.2004");
    expect(isTaken(list, twin)).toBe(false);
    expect(isTaken({ ...list, decided: { 2: true } }, twin)).toBe(true);
    const nameless = find("", "05.03.2004");
    expect(isTaken({ ...list, decided: { 2: true } }, nameless)).toBe(false);
  });
});
