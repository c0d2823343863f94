import { inOrder, passwordAnswer, stateText } from "@pwa/features/synchronisation/entry_words";
import { chipState } from "@pwa/features/synchronisation/model";
import { ApiProblem } from "@pwa/platform/problems";
import type { SyncEntry, SyncStatus } from "@pwa/platform/sync_loop";
import { describe, expect, test } from "vitest";

const quiet: SyncStatus = {
  waiting: 0,
  toClarify: 0,
  needsSignIn: false,
  running: false,
  reachable: true,
  lastContact: null,
  clockWrong: false,
  firstSync: null,
};
const chip = (change: Partial<SyncStatus>) => chipState({ ...quiet, ...change });

describe("the chip", () => {
  test.each([
    [{}, "Alles gesichert", "ok"],
    [{ waiting: 1 }, "1 Eintrag wartet auf Verbindung", "wait"],
    [{ waiting: 2 }, "2 Einträge warten auf Verbindung", "wait"],
    [{ toClarify: 1, waiting: 4 }, "1 Eintrag ist zu klären", "stop"],
    [{ toClarify: 2 }, "2 Einträge sind zu klären", "stop"],
    [{ needsSignIn: true }, "Bitte neu anmelden", "stop"],
    [
      { needsSignIn: true, waiting: 1 },
      "Bitte neu anmelden – 1 Eintrag ist auf diesem Telefon gespeichert",
      "stop",
    ],
    [
      { needsSignIn: true, waiting: 1, toClarify: 1 },
      "Bitte neu anmelden – 2 Einträge sind auf diesem Telefon gespeichert",
      "stop",
    ],
    [{ firstSync: { done: 0 } }, "Wird geladen …", "wait"],
    [{ firstSync: { done: 1999 } }, "Wird geladen … 1.500 Einträge", "wait"],
    [{ firstSync: { done: 1999 }, reachable: false }, "Noch nicht alles geladen", "wait"],
  ])("%j says %s", (change, text, tone) => {
    expect(chip(change)).toMatchObject({ text, tone });
  });

  test("never claims safety while something waits, whatever else is going on", () => {
    expect(chip({ waiting: 1, firstSync: { done: 7 } }).text).toContain("wartet");
  });
});

describe("an entry's state", () => {
  const now = Date.parse("2026-11-25T12:00:00Z");
  const entry = (change: Partial<SyncEntry>): SyncEntry => ({
    n: 1,
    table: "visit",
    row: "a",
    state: "secured",
    at: now,
    ...change,
  });

  test.each([
    [{ state: "phone" as const }, "auf diesem Telefon"],
    [{ state: "sending" as const }, "wird gesendet"],
    [{ at: Date.parse("2026-11-25T09:42:00Z") }, "gesichert um 10:42"],
    [{ at: Date.parse("2026-11-24T09:42:00Z") }, "gesichert gestern um 10:42"],
    [{ at: Date.parse("2026-11-19T09:42:00Z") }, "gesichert am 19.11.2026 um 10:42"],
    [
      { state: "clarify" as const, code: "role_may_not" },
      "zu klären, weil Ihnen dafür die Berechtigung fehlt",
    ],
    [
      { state: "clarify" as const, code: "made_later", message: "Zu spät." },
      "zu klären, Antwort des Servers: Zu spät.",
    ],
  ])("%j", (change, text) => {
    expect(stateText(entry(change), now)).toBe(text);
  });

  test("what only this phone has stands above what is secured, newest first", () => {
    const states = ["secured", "phone", "clarify", "sending"] as const;
    const listed = inOrder(states.map((state, at) => entry({ n: at + 1, state })));
    expect(listed.map(({ n }) => n)).toEqual([3, 4, 2, 1]);
  });
});

test("who was asked for a password alone is not told that the name may be wrong", () => {
  const wrong = new ApiProblem("wrong_sign_in", "Anmeldename oder Passwort stimmt nicht.");
  expect(passwordAnswer(wrong, wrong.message)).toBe("Das Passwort stimmt nicht.");
  const busy = new ApiProblem("too_many_tries", "Bitte warten Sie.");
  expect(passwordAnswer(busy, busy.message)).toBe("Bitte warten Sie.");
  expect(passwordAnswer(null, null)).toBeNull();
});
