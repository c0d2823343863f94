/** Who is here: locking, unlocking, several people on one phone, signing out, vouching. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, newPerson, PASSWORD, Phone, settled, shown, unexpected } from "./phone";

const MINUTE_MS = 60_000;
const NAME = "Erfundene Person";

let server: FakeServer;
let phone: Phone;

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
});
afterEach(() => {
  vi.useRealTimers();
});

const me = () => phone.session.accounts.value[0]?.user ?? "";
const newCase = (name = NAME) =>
  phone.records.write("client_case", null, { kind: "handover", name });

describe("locking", () => {
  it("ends the vault, empties what was shown, and refuses to write", async () => {
    await newCase();
    const watched = phone.records.watch("client_case");
    await shown(watched, (rows) => rows.length === 1);
    phone.session.lock();
    expect(phone.session.phase.value).toBe("locked");
    expect(phone.session.profile.value).toBeNull();
    expect(phone.session.members.value).toEqual([]);
    expect(watched.value).toBeNull();
    expect(phone.session.lockedAt.value).toBeNull();
    await settled(() => phone.vaultsEnded.every((ended) => ended === 1));
    await expect(newCase()).rejects.toMatchObject({ code: "locked" });
    await settled(() => phone.session.lockedAt.value !== null);
    await phone.session.unlock(me(), PASSWORD);
    const [row] = await shown(watched);
    expect(row?.values.name).toBe(NAME);
  });

  it("comes by itself after five minutes without a touch, also after sleep", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const later = (ms: number) => {
      vi.setSystemTime(Date.now() + ms);
      phone.show("visible");
    };
    later(4 * MINUTE_MS);
    expect(phone.session.phase.value).toBe("open");
    dispatchEvent(new Event("pointerdown"));
    later(4 * MINUTE_MS);
    expect(phone.session.phase.value).toBe("open");
    later(MINUTE_MS);
    expect(phone.session.phase.value).toBe("locked");
  });

  it("is not put off by the first touch after sleep", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 6 * MINUTE_MS);
    dispatchEvent(new Event("pointerdown"));
    expect(phone.session.phase.value).toBe("locked");
  });

  it("comes when the clock was set back, and follows the team's setting", async () => {
    server.settings = { lock_minutes: 30 };
    await phone.sync.syncNow();
    await settled(() => phone.session.settings.value.lock_minutes === 30);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 10 * MINUTE_MS);
    phone.show("visible");
    expect(phone.session.phase.value).toBe("open");
    dispatchEvent(new Event("pointerdown"));
    vi.setSystemTime(Date.now() - MINUTE_MS);
    phone.show("visible");
    expect(phone.session.phase.value).toBe("locked");
  });

  it("in another tab locks this one", async () => {
    const other = new BroadcastChannel("zuzweit");
    other.postMessage({ kind: "locked" });
    await settled(() => phone.session.phase.value === "locked");
    other.close();
  });
});

describe("unlocking", () => {
  it("needs no server", async () => {
    server.down = true;
    phone.kill();
    await phone.start();
    expect(phone.session.phase.value).toBe("locked");
    await phone.session.unlock(me(), PASSWORD);
    expect(phone.session.phase.value).toBe("open");
    expect(phone.session.profile.value).toMatchObject({ name: "anke", admitted: true });
  });

  it("slows down with wrong passwords, also over a restart, and never wipes", async () => {
    await newCase();
    phone.session.lock();
    const wrong = () => phone.session.unlock(me(), "falsch-falsch-falsch");
    await expect(wrong()).rejects.toMatchObject({ code: "wrong_password", waitSeconds: 0 });
    await expect(wrong()).rejects.toMatchObject({ code: "wrong_password", waitSeconds: 0 });
    await expect(wrong()).rejects.toMatchObject({ code: "wrong_password", waitSeconds: 5 });
    phone.kill();
    await phone.start();
    const right = () => phone.session.unlock(me(), PASSWORD);
    await expect(right()).rejects.toMatchObject({ code: "wait_before_retry" });
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 6_000);
    await expect(wrong()).rejects.toMatchObject({ code: "wrong_password", waitSeconds: 10 });
    vi.setSystemTime(Date.now() - 60 * MINUTE_MS);
    const waiting = await wrong().catch((error) => error.waitSeconds);
    expect(waiting).toBeLessThanOrEqual(10);
    vi.setSystemTime(Date.now() + 61 * MINUTE_MS);
    await right();
    await shown(phone.records.watch("client_case"), (rows) => rows.length === 1);
  });
});

describe("a phone nobody has seen for a week", () => {
  const DAY_MS = 24 * 60 * MINUTE_MS;

  beforeEach(async () => {
    server.down = true;
    await newCase();
    phone.session.lock();
    vi.useFakeTimers({ toFake: ["Date"] });
  });

  it("opens without a network up to its last day", async () => {
    vi.setSystemTime(Date.now() + 7 * DAY_MS - MINUTE_MS);
    await phone.session.unlock(me(), PASSWORD);
    expect(phone.session.phase.value).toBe("open");
  });

  it("asks for the server before it shows anything, and loses nothing", async () => {
    vi.setSystemTime(Date.now() + 8 * DAY_MS);
    await expect(phone.session.unlock(me(), PASSWORD)).rejects.toMatchObject({
      code: "offline_too_long",
    });
    expect(phone.session.phase.value).toBe("locked");
    expect(phone.session.unsentWhileLocked.value).toBe(1);
    server.down = false;
    await phone.session.unlock(me(), PASSWORD);
    expect(phone.session.phase.value).toBe("open");
    await settled(() => phone.sync.status.value.waiting === 0);
    expect(server.rows.size).toBe(1);
  });

  it("follows the office's setting, never beyond a month", async () => {
    vi.useRealTimers();
    server.down = false;
    server.settings = { ...server.settings, offline_days: 400 };
    await phone.session.unlock(me(), PASSWORD);
    await phone.sync.syncNow();
    phone.session.lock();
    server.down = true;
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 30 * DAY_MS);
    await phone.session.unlock(me(), PASSWORD);
    phone.session.lock();
    vi.setSystemTime(Date.now() + 2 * DAY_MS);
    await expect(phone.session.unlock(me(), PASSWORD)).rejects.toMatchObject({
      code: "offline_too_long",
    });
  });
});

describe("several people on one phone", () => {
  it("have separate stores; nobody's unsent entries are touched or sent by another", async () => {
    server.down = true;
    const id = await newCase("Ankes Fall");
    server.down = false;
    server.answerWith = (path) => (path === "/api/sync" ? new Response("", { status: 503 }) : null);
    server.invite("berit");
    phone.session.lock();
    await phone.session.acceptInvitation("token-berit", PASSWORD);
    server.answerWith = null;
    await phone.sync.syncNow();
    expect(phone.session.profile.value?.name).toBe("berit");
    expect(server.rows.has(id)).toBe(false);
    expect(await shown(phone.records.watch("client_case"))).toEqual([]);
    expect(phone.session.accounts.value.map(({ name }) => name).sort()).toEqual(["anke", "berit"]);

    const anke = server.users.get("anke")?.user ?? "";
    await phone.session.unlock(anke, PASSWORD);
    await settled(() => phone.sync.status.value.needsSignIn);
    expect(phone.sync.status.value.waiting).toBe(1);
    expect(server.rows.has(id)).toBe(false);
    await phone.session.signInAgain(PASSWORD);
    await settled(() => server.rows.has(id));
    expect(server.rows.get(id)?.created_by).toBe(anke);
  });
});

describe("signing out", () => {
  it("is refused while an entry or a draft exists on this phone only", async () => {
    server.down = true;
    await newCase();
    await phone.drafts.saveDraft("kontakt", 1, { note: "halb" });
    await expect(phone.session.signOut()).rejects.toMatchObject({
      code: "unsent_entries",
      waiting: 2,
      drafts: 1,
    });
    expect(phone.session.phase.value).toBe("open");
    server.down = false;
    await phone.sync.syncNow();
    await phone.drafts.discardDraft("kontakt");
    server.down = true;
    await expect(phone.session.signOut()).rejects.toMatchObject({ code: "unreachable" });
    expect(phone.session.phase.value).toBe("open");
  });

  it("removes the store and ends the session", async () => {
    await newCase();
    await phone.sync.syncNow();
    await phone.session.signOut();
    expect(phone.session.phase.value).toBe("signed_out");
    expect(phone.cookie.user).toBeNull();
    const databases = await phone.disk.databases();
    expect(databases.map(({ name }) => name)).toEqual(["zuzweit-phone"]);
    await phone.session.signIn("anke", PASSWORD);
    await shown(phone.records.watch("client_case"), (rows) => rows.length === 1);
  });
});

describe("vouching for one another", () => {
  it("lets a newcomer read once both have compared, and not before", async () => {
    const id = await newCase();
    await phone.sync.syncNow();
    const berit = await newPerson(server, "berit");
    const member = (who: Phone, name: string) =>
      who.session.members.value.find(({ displayName }) => displayName === name);
    expect(member(berit, "berit")).toMatchObject({ me: true, admitted: false });
    expect(member(berit, "anke")).toMatchObject({ trusted: false });
    expect(berit.session.problems.value).toEqual([]);
    const hers = await berit.vouching.safetyNumber(server.users.get("anke")?.user ?? "");
    expect(hers).toHaveLength(10);
    await expect(newCaseOn(berit)).rejects.toMatchObject({ code: "not_admitted" });

    await phone.start();
    await phone.session.unlock(me(), PASSWORD);
    await phone.sync.syncNow();
    const user = server.users.get("berit")?.user ?? "";
    await settled(() => phone.session.members.value.some((one) => one.user === user));
    expect(await phone.vouching.safetyNumber(user)).toEqual(hers);
    await phone.vouching.admit(user);
    await settled(() => member(phone, "berit")?.trusted === true);

    await berit.start();
    await berit.session.unlock(berit.session.accounts.value[0]?.user ?? "", PASSWORD);
    await berit.sync.syncNow();
    const watched = berit.records.watch("client_case", { ids: [id], columns: ["name"] });
    const [closed] = await shown(watched, (rows) => rows.length === 1);
    expect(closed?.values.name).toBe(berit.records.UNREADABLE);
    await berit.vouching.safetyNumber(server.users.get("anke")?.user ?? "");
    await berit.vouching.admit(server.users.get("anke")?.user ?? "");
    const [open] = await shown(watched, ([row]) => row?.values.name === NAME);
    expect(open?.values.name).toBe(NAME);
    expect(member(berit, "anke")).toMatchObject({ trusted: true });
    await newCaseOn(berit);
    expect(unexpected).toEqual([]);
  });

  it("names a server that shows somebody else's keys", async () => {
    await newPerson(server, "berit");
    await phone.start();
    await phone.session.unlock(me(), PASSWORD);
    await phone.sync.syncNow();
    const berit = server.users.get("berit");
    await settled(() => phone.session.members.value.length === 2);
    await phone.vouching.safetyNumber(berit?.user ?? "");
    await phone.vouching.admit(berit?.user ?? "");
    if (berit) berit.box_public = "A".repeat(43);
    await phone.sync.syncNow();
    await settled(() => phone.session.problems.value.length === 1);
    expect(phone.session.problems.value[0]).toMatch(/^berit: .*andere Schlüssel/);
    const shownMember = phone.session.members.value.find(({ user }) => user === berit?.user);
    expect(shownMember?.trusted).toBe(false);
  });

  it("lets a phone that comes second with its key wait as a newcomer", async () => {
    const epochs = server.epochs;
    server.epochs = [];
    server.invite("carla");
    const carla = await new Phone(server).start();
    let asked = false;
    server.answerWith = (path) => {
      asked ||= path === "/api/epochs";
      if (asked) server.epochs = epochs;
      return null;
    };
    await carla.session.acceptInvitation("token-carla", PASSWORD);
    await settled(() => asked && !carla.sync.status.value.running);
    await settled(() => carla.session.members.value.length === 2);
    const self = carla.session.members.value.find(({ me: mine }) => mine);
    expect(self).toMatchObject({ admitted: false });
    expect(carla.session.problems.value).toEqual([]);
    expect(unexpected).toEqual([]);
  });
});

it("refuses a profile whose seed is not the one of the password", async () => {
  const anke = server.users.get("anke");
  if (anke) anke.wrapped_seed = `${anke.wrapped_seed.slice(0, -2)}AA`;
  const fresh = await new Phone(server).start();
  await expect(fresh.session.signIn("anke", PASSWORD)).rejects.toMatchObject({
    code: "profile_refused",
  });
  expect(fresh.session.phase.value).toBe("signed_out");
});

it("notices that the browser has thrown the store away", async () => {
  phone.kill();
  const wiped = new Phone(server);
  Object.assign(wiped.cookie, phone.cookie);
  await wiped.start();
  await settled(() => wiped.session.storeLost.value !== null);
  expect(wiped.session.storeLost.value).toMatch(/gelöscht/);
});

it("refuses a weak password and a used invitation before anything is made", async () => {
  server.invite("dora");
  const fresh = await new Phone(server).start();
  await expect(fresh.session.acceptInvitation("token-dora", "kurz")).rejects.toMatchObject({
    code: "weak_password",
  });
  await fresh.session.acceptInvitation("token-dora", PASSWORD);
  await expect(fresh.session.openInvitation("token-dora")).rejects.toMatchObject({
    code: "invitation_invalid",
    status: 410,
  });
});

it("signs in with the same password when the reply to accepting an invitation got lost", async () => {
  server.invite("emil");
  const fresh = await new Phone(server).start();
  await fresh.session.openInvitation("token-emil");
  Object.assign(server, { dropReplies: 1, dropOn: "/api/invitation/accept" });
  const accept = (password: string) => fresh.session.acceptInvitation("token-emil", password);
  await expect(accept(PASSWORD)).rejects.toMatchObject({ code: "unreachable" });
  await expect(accept("Ein-ganz-anderes-Passwort")).rejects.toMatchObject({
    code: "invitation_invalid",
  });
  await accept(PASSWORD);
  expect(fresh.session.profile.value?.name).toBe("emil");
});

it("makes no second first key when the server hides the one it has", async () => {
  const { epochs } = server;
  server.epochs = [];
  await phone.sync.syncNow();
  await settled(async () => (await newCase().catch((error) => error.code)) === "not_admitted");
  await phone.sync.syncNow();
  expect(server.epochs).toEqual([]);
  server.epochs = epochs;
  await phone.sync.syncNow();
  await settled(async () => (await newCase().catch(() => null)) !== null);
});

function newCaseOn(who: Phone): Promise<string> {
  return who.records.write("client_case", null, { kind: "handover", name: NAME });
}
