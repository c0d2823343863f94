/** What a server that lies gets from a phone: refusals, never a key and never a signature. */
import { beforeEach, describe, expect, it } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, newPerson, PASSWORD, type Phone, settled } from "./phone";

let server: FakeServer;
let anke: Phone;
let bea: string;

function user(name: string) {
  const found = server.users.get(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

beforeEach(async () => {
  server = new FakeServer();
  anke = await firstColleague(server);
  await newPerson(server, "mallory");
  await newPerson(server, "bea");
  bea = user("bea").user;
  await anke.start();
  await anke.session.unlock(user("anke").user, PASSWORD);
  await anke.sync.syncNow();
  await settled(() => anke.session.members.value.length === 3);
});

describe("an admission", () => {
  it("signs the keys whose number was compared, not ones served afterwards", async () => {
    await anke.vouching.safetyNumber(bea);
    const { box_public, sign_public } = user("mallory");
    Object.assign(user("bea"), { box_public, sign_public, display_name: "Bea" });
    await anke.sync.syncNow();
    await settled(() => anke.session.members.value.some((one) => one.displayName === "Bea"));
    await expect(anke.vouching.admit(bea)).rejects.toMatchObject({ code: "keys_changed" });
    expect(server.requests.some(({ path }) => path === "/api/statements")).toBe(false);
  });

  it("signs the role that was shown, not one served afterwards", async () => {
    user("bea").role = "pap";
    await anke.sync.syncNow();
    await settled(() => anke.session.members.value.some((one) => one.role === "pap"));
    await anke.vouching.safetyNumber(bea);
    Object.assign(user("bea"), { role: "ab_pap", display_name: "Bea" });
    await anke.sync.syncNow();
    await settled(() => anke.session.members.value.some((one) => one.displayName === "Bea"));
    await expect(anke.vouching.admit(bea)).rejects.toMatchObject({ code: "keys_changed" });
  });

  it("needs a number that was shown", async () => {
    await expect(anke.vouching.admit(bea)).rejects.toMatchObject({ code: "keys_changed" });
  });
});

describe("a server that takes epochs back", () => {
  it("gets no second first key", async () => {
    server.epochs = [];
    const before = server.requests.length;
    await anke.sync.syncNow();
    await anke.sync.syncNow();
    const paths = server.requests.slice(before).map(({ path }) => path);
    expect(paths).not.toContain("/api/epochs");
  });

  it("gets no new case key closed for an epoch it took back", async () => {
    server.epochs = [];
    await anke.sync.syncNow();
    const write = anke.records.write("client_case", null, { kind: "handover", name: "Nina" });
    await expect(write).rejects.toMatchObject({ code: "not_admitted" });
  });
});

describe("what it plants", () => {
  const said = (sentence: string) =>
    settled(() => anke.session.problems.value.some((one) => one.includes(sentence)));
  const planted = (): Record<string, unknown> => {
    const { box_public, sign_public } = user("mallory");
    const [subject, team] = [user("mallory").user, server.team];
    const at = "2026-11-26T10:00:00Z";
    return {
      team,
      subject,
      role: "ab_pap",
      box_public,
      sign_public,
      at,
      signature: "A".repeat(86),
    };
  };

  // Whoever trusts nobody yet cannot tell a stranger's word from a colleague's.
  beforeEach(async () => {
    await anke.vouching.safetyNumber(bea);
    await anke.vouching.admit(bea);
  });

  it("a membership nobody entitled has signed, is refused by name", async () => {
    user("mallory").statements.push({ ...planted(), author: user("mallory").user });
    user("mallory").statements.push({ ...planted(), author: "f".repeat(32) });
    user("mallory").admitted = true;
    await anke.sync.syncNow();
    await said("Eine Aufnahme ins Team trägt keine Unterschrift");
    const mallory = anke.session.members.value.find((one) => one.user === user("mallory").user);
    expect(mallory?.trusted).toBe(false);
  });

  it("a membership in somebody's name, is refused by name", async () => {
    user("mallory").statements.push({ ...planted(), author: user("anke").user });
    await anke.sync.syncNow();
    await said("Eine Aufnahme ins Team ist gefälscht");
  });

  it("an epoch of its own, is refused by name, and nothing is sealed for it", async () => {
    const [first] = server.epochs;
    const fork = { ...first, epoch: 2, key_id: `${server.team}${"e".repeat(16)}` };
    server.epochs = [
      ...server.epochs,
      { ...fork, previous: first?.key_id, author: "f".repeat(32) },
    ];
    await anke.sync.syncNow();
    await said("Ein Teamschlüssel trägt keine Unterschrift");
    await anke.records.write("client_case", null, { kind: "handover", name: "Nina" });
    await anke.sync.syncNow();
    expect(server.envelopes.map(({ reader }) => reader)).not.toContain(fork.key_id);
  });
});

it("shows the signed role of a pinned person, whatever is served", async () => {
  await anke.vouching.safetyNumber(bea);
  await anke.vouching.admit(bea);
  user("bea").role = "admin";
  await anke.sync.syncNow();
  await settled(() => anke.session.problems.value.some((one) => one.includes("andere Rolle")));
  expect(anke.session.members.value.find((one) => one.user === bea)?.role).toBe("ab_pap");
});

it("cannot keep the phone from locking itself", async () => {
  server.settings = { lock_minutes: 1e9 };
  await anke.sync.syncNow();
  await settled(() => anke.session.settings.value.lock_minutes === 1e9);
  const real = Date.now;
  try {
    Date.now = () => real() + 61 * 60_000;
    dispatchEvent(new Event("focus"));
    expect(anke.session.phase.value).toBe("locked");
  } finally {
    Date.now = real;
  }
});

it("is asked once more, not for ever, about sends it says nothing about", async () => {
  server.down = true;
  await anke.records.write("client_case", null, { kind: "handover", name: "Nina" });
  server.down = false;
  server.answerWith = (path) => {
    if (path !== "/api/sync") return null;
    const silent = { log_id: server.logId, now: Date.now(), cursor: null, more: false };
    return new Response(JSON.stringify({ ...silent, verdicts: [], envelopes: [], rows: [] }));
  };
  const before = server.requests.length;
  await Promise.race([anke.sync.syncNow(), new Promise((go) => setTimeout(go, 1_000))]);
  expect(server.requests.length - before).toBeLessThan(5);
});
