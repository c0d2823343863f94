/** The recovery sheet: made, lost, used, and remembered for a server that has forgotten it. */

import { type Member, missesSheet } from "@pwa/platform/trust";
import { sealedKeyId } from "@sync/operation";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeServer } from "./fake_server";
import {
  firstColleague,
  newPerson,
  PASSWORD,
  type Phone,
  settled,
  shown,
  unexpected,
} from "./phone";
import * as renewals from "./renewals";

let server: FakeServer;
let anke: Phone;

const idOf = (name: string) => renewals.idOf(server, name);
const epochIds = () => renewals.epochIds(server);
const readersOf = (key: string) => renewals.readersOf(server, key);
const back = (phone: Phone, name: string) => renewals.back(server, phone, name);
const renewed = (phone: Phone) => renewals.renewed(server, phone);
const keyOf = (row: string) => sealedKeyId(server.rows.get(row)?.state.columns.name as string);
const newCase = (name: string) =>
  anke.records.write("client_case", null, { kind: "handover", name });

beforeEach(async () => {
  server = new FakeServer();
  anke = await firstColleague(server);
});

describe("a sheet that was lost", () => {
  it("opens nothing that is written from now on; the new one does", async () => {
    const old = await newCase("Erfundene Person");
    await anke.sync.syncNow();
    await anke.recovery.makeSheet();
    const words = await anke.recovery.makeSheet();
    const [first, second] = server.sheets.ids as [string, string];
    const fresh = await anke.recovery.makeSheet(true);
    const third = server.sheets.ids.at(-1) as string;
    await renewed(anke);
    await anke.records.write("client_case", old, { name: "Geänderte Person" });
    await anke.sync.syncNow();
    // Nothing is closed for the old ones any more, the new one has every team key.
    const [before, now] = epochIds() as [string, string];
    expect(readersOf(before).sort()).toEqual([idOf("anke"), third].sort());
    expect(readersOf(now).sort()).toEqual([idOf("anke"), third].sort());
    expect(readersOf(keyOf(old))).toEqual([now]);
    expect(server.sheets.ids).toEqual([first, second, third]);
    expect(anke.session.problems.value).toEqual([]);
    // Who is invited when everybody has forgotten: only the new words are any good.
    anke.kill();
    const nora = await newPerson(server, "nora");
    await expect(nora.recovery.recoverWith(words)).rejects.toMatchObject({
      code: "recovery_wrong",
    });
    await nora.recovery.recoverWith(fresh);
    const [row] = await shown(nora.records.watch("client_case"), (rows) => rows.length === 1);
    expect(row?.values.name).toBe("Geänderte Person");
    expect(nora.session.problems.value).toEqual([]);
    expect(unexpected).toEqual([]);
  });

  it("is renewed once, and another sheet made for other reasons renews nothing", async () => {
    await newCase("Erfundene Person");
    await anke.recovery.makeSheet();
    await anke.recovery.makeSheet(true);
    await renewed(anke);
    await anke.recovery.makeSheet();
    anke.kill();
    await back(anke, "anke");
    await renewed(anke);
    expect(server.epochs.length).toBe(2);
  });

  it.each(Array.from({ length: 8 }, (_, i) => i + 1))(
    "goes on after a kill at the server's %i. answer, and nobody gets its keys twice",
    async (nth) => {
      const id = await newCase("Erfundene Person");
      await anke.sync.syncNow();
      await anke.recovery.makeSheet();
      const [lost] = server.sheets.ids as [string];
      let answers = 0;
      server.answerWith = () => {
        answers += 1;
        if (answers >= nth) server.down = true;
        return null;
      };
      await Promise.allSettled([anke.recovery.makeSheet(true)]);
      await settled(() => server.down || anke.session.renewing.value === null);
      anke.kill();
      Object.assign(server, { answerWith: null, down: false });
      await back(anke, "anke");
      // Nobody has seen new words when the request itself came to nothing: then she asks again.
      if (server.sheets.ids.length === 1) await anke.recovery.makeSheet(true);
      await renewed(anke);
      expect(server.envelopes.some(({ reader }) => reader === lost)).toBe(false);
      const sheet = server.sheets.ids.at(-1) as string;
      for (const key of epochIds()) expect(readersOf(key)).toContain(sheet);
      const keys = server.envelopes.filter(({ owner }) => owner === id).map((one) => one.key_id);
      expect(new Set(keys).size).toBe(2);
      expect(unexpected).toEqual([]);
    },
  );

  it.each([true, false])(
    "is followed by one with the key a colleague has made meanwhile (lost: %s)",
    async (lost) => {
      const words = await anke.recovery.makeSheet();
      anke.kill();
      const nora = await newPerson(server, "nora");
      await nora.recovery.recoverWith(words);
      await nora.recovery.makeSheet(true);
      await renewed(nora);
      nora.kill();
      server.down = true;
      await back(anke, "anke");
      server.down = false;
      await anke.recovery.makeSheet(lost);
      const last = server.sheets.ids.at(-1) as string;
      expect(readersOf(epochIds()[1] as string)).toContain(last);
      expect(unexpected).toEqual([]);
    },
  );

  it("does not take back what it was used for before", async () => {
    await newCase("Erfundene Person");
    const words = await anke.recovery.makeSheet();
    anke.kill();
    const nora = await newPerson(server, "nora");
    await nora.recovery.recoverWith(words);
    nora.kill();
    await back(anke, "anke");
    await anke.recovery.makeSheet(true);
    await renewed(anke);
    expect(readersOf(epochIds()[1] as string)).toContain(idOf("nora"));
    anke.kill();
    await back(nora, "nora");
    expect(nora.session.problems.value).toEqual([]);
    await shown(nora.records.watch("client_case"), ([row]) => row?.values.name !== undefined);
  });
});

describe("whether the newest sheet is missing", () => {
  const sheet = (user: string, at: string): [string, Member] => [
    user,
    {
      user,
      role: "recovery",
      boxPublic: "",
      signPublic: "",
      at,
      admitters: new Set(),
      ended: null,
    },
  ];
  const [early, late] = ["2026-11-27T10:00:00Z", "2026-11-27T10:00:01Z"];
  const told = [{ user: "a", role: "recovery" }];

  it.each([
    { other: early, served: ["b", "a"], missing: false },
    { other: early, served: ["a"], missing: true },
    { other: late, served: ["b", "a"], missing: true },
    { other: late, served: ["a"], missing: true },
  ])("other of $other, served $served: $missing", ({ other, served, missing }) => {
    const pair = [sheet("a", early), sheet("b", other)];
    for (const order of [pair, pair.toReversed()]) {
      expect(missesSheet(new Map(order), told, served)).toBe(missing);
    }
    expect(missesSheet(new Map(pair), [], [])).toBe(true);
    expect(missesSheet(new Map(pair.slice(1)), told, served)).toBe(false);
  });
});

describe("a server that has forgotten the sheet", () => {
  const sheetDue = async () => (await import("@pwa/platform/team")).sheetForgotten.value;

  it("hears of it from a phone that knew it, and has every key closed for it again", async () => {
    await newCase("Erfundene Person");
    const words = await anke.recovery.makeSheet();
    const [sheet] = server.sheets.ids as [string];
    server.goBack(anke.cookie);
    await anke.sync.syncNow();
    await anke.session.signInAgain(PASSWORD);
    await anke.sync.syncNow();
    expect(server.sheets.ids).toEqual([sheet]);
    await settled(() => readersOf(epochIds()[0] as string).includes(sheet));
    await anke.sync.syncNow();
    await settled(async () => !(await sheetDue()));
    anke.kill();
    const nora = await newPerson(server, "nora");
    await nora.recovery.recoverWith(words);
    await shown(nora.records.watch("client_case"), (rows) => rows.length === 1);
    expect(nora.session.problems.value).toEqual([]);
    expect(unexpected).toEqual([]);
  });

  it("and takes it from nobody: the phone says so until there is another", async () => {
    await anke.recovery.makeSheet();
    server.sheets.words = [];
    await anke.sync.syncNow();
    await settled(sheetDue);
    anke.kill();
    await back(anke, "anke");
    await settled(sheetDue);
    await anke.recovery.makeSheet();
    await settled(async () => !(await sheetDue()));
    // An older one is no substitute, and one that was lost is not missed.
    const older = [...server.sheets.words];
    await anke.recovery.makeSheet();
    await settled(async () => !(await sheetDue()));
    server.sheets.words = older;
    await anke.sync.syncNow();
    await settled(sheetDue);
    await anke.recovery.makeSheet(true);
    await renewed(anke);
    expect(await sheetDue()).toBe(false);
    expect(anke.session.problems.value).toEqual([]);
    expect(unexpected).toEqual([]);
  });
});
