/** Changing the password: killed at any moment, the phone still opens, and nothing unsent is lost. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeServer, type Session } from "./fake_server";
import { firstColleague, PASSWORD, Phone, settled, shown, unexpected } from "./phone";

const NEW = "Lampe-Schirm-Treppe-7";
const NAME = "Erfundene Person";

let server: FakeServer;
let phone: Phone;

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
});

const me = () => phone.session.accounts.value[0]?.user ?? "";
const account = async () => {
  const accounts = await import("@pwa/platform/accounts");
  return accounts.accountOf(me());
};
const user = () => server.users.get("anke") as { wrapped_seed: string; login_key: string };

/** Which of both passwords open this phone after a kill, without a server. */
async function opensWith(): Promise<string[]> {
  const before = server.down;
  server.down = true;
  const good: string[] = [];
  for (const password of [PASSWORD, NEW]) {
    phone.kill();
    await phone.start();
    const opened = await phone.session.unlock(me(), password).then(
      () => true,
      () => false,
    );
    if (opened) good.push(password);
  }
  server.down = before;
  return good;
}

async function writeUnsent(): Promise<void> {
  server.down = true;
  await phone.records.write("client_case", null, { kind: "handover", name: NAME });
  server.down = false;
}

/** A second phone of hers, signed in now. */
async function secondPhone(): Promise<Phone> {
  phone.kill();
  const second = await new Phone(server).start();
  await second.session.signIn("anke", PASSWORD);
  await second.sync.syncNow();
  return second;
}

describe("changing the password", () => {
  it("opens the phone with the new one alone, and keeps everything", async () => {
    await phone.records.write("client_case", null, { kind: "handover", name: NAME });
    const keys = [user().wrapped_seed, user().login_key];
    expect(await phone.password.changePassword(PASSWORD, NEW)).toBe("now");
    expect([user().wrapped_seed, user().login_key]).not.toContain(keys[0]);
    expect(await opensWith()).toEqual([NEW]);
    const [row] = await shown(phone.records.watch("client_case"), (rows) => rows.length === 1);
    expect(row?.values.name).toBe(NAME);
    await phone.sync.syncNow();
    expect(phone.sync.status.value.needsSignIn).toBe(false);
    expect(unexpected).toEqual([]);
  });

  it("never sends a password, the seed or what opens it", async () => {
    await phone.password.changePassword(PASSWORD, NEW);
    const sent = server.requests.map(({ body }) => body).join("\n");
    expect(sent).toContain("wrapped_seed");
    for (const secret of [PASSWORD, NEW]) expect(sent).not.toContain(secret);
  });

  it("is refused with a wrong old password, and slowed down like an unlock", async () => {
    const wrong = () => phone.password.changePassword("falsch-falsch-falsch", NEW);
    await expect(wrong()).rejects.toMatchObject({ code: "wrong_password", waitSeconds: 0 });
    await expect(wrong()).rejects.toMatchObject({ code: "wrong_password", waitSeconds: 0 });
    await expect(wrong()).rejects.toMatchObject({ code: "wrong_password", waitSeconds: 5 });
    await expect(wrong()).rejects.toMatchObject({ code: "wait_before_retry" });
    expect(server.requests.filter(({ path }) => path === "/api/password")).toEqual([]);
  });

  it("is refused with a weak new password before anything is derived", async () => {
    await expect(phone.password.changePassword(PASSWORD, "kurz")).rejects.toMatchObject({
      code: "weak_password",
    });
  });
});

describe("a kill or a lost answer", () => {
  it("before the request: both open, the server keeps the old one, and the phone forgets the new", async () => {
    await writeUnsent();
    server.down = true;
    await expect(phone.password.changePassword(PASSWORD, NEW)).rejects.toMatchObject({
      code: "unreachable",
    });
    expect(await opensWith()).toEqual([PASSWORD, NEW]);
    server.down = false;
    await phone.sync.syncNow();
    await settled(async () => (await account())?.pending === null);
    expect(await opensWith()).toEqual([PASSWORD]);
    await phone.session.unlock(me(), PASSWORD);
    await phone.sync.syncNow();
    await settled(() => server.rows.size === 1);
  });

  it("after it: both open, and the new one holds as soon as the server says so", async () => {
    await writeUnsent();
    Object.assign(server, { dropReplies: 1, dropOn: "/api/password" });
    await expect(phone.password.changePassword(PASSWORD, NEW)).rejects.toMatchObject({
      code: "unreachable",
    });
    expect(await opensWith()).toEqual([PASSWORD, NEW]);
    await phone.sync.syncNow();
    await settled(async () => (await account())?.pending === null);
    expect((await account())?.wrappedSeed).toBe(user().wrapped_seed);
    expect(await opensWith()).toEqual([NEW]);
    await phone.sync.syncNow();
    await settled(() => server.rows.size === 1);
    expect(unexpected).toEqual([]);
  });

  it("after it, and the person tries once more: the earlier change is found to hold", async () => {
    Object.assign(server, { dropReplies: 1, dropOn: "/api/password" });
    await expect(phone.password.changePassword(PASSWORD, NEW)).rejects.toThrow();
    expect(phone.password.isOpen()).toBe(true);
    expect(await phone.password.changePassword(PASSWORD, "Etwas-ganz-anderes-3")).toBe("earlier");
    expect(phone.password.isOpen()).toBe(false);
    expect(await opensWith()).toEqual([NEW]);
  });

  it("while the sign-in had ended: the next sign-in settles it", async () => {
    Object.assign(server, { dropReplies: 1, dropOn: "/api/password" });
    await expect(phone.password.changePassword(PASSWORD, NEW)).rejects.toThrow();
    Object.assign(phone.cookie, { user: null, device: null } satisfies Session);
    await phone.sync.syncNow();
    expect(phone.sync.status.value.needsSignIn).toBe(true);
    await phone.session.signInAgain(NEW);
    expect((await account())?.pending ?? null).toBeNull();
    expect(await opensWith()).toEqual([NEW]);
  });
});

describe("another phone of the same person", () => {
  it("opens offline with the old one until its next contact, then asks for the new one", async () => {
    const second = await secondPhone();
    await second.records.write("client_case", null, { kind: "handover", name: NAME });
    second.kill();
    await phone.start();
    await phone.session.unlock(me(), PASSWORD);
    await phone.password.changePassword(PASSWORD, NEW);
    phone.kill();

    phone = second;
    server.down = true;
    await second.start();
    await second.session.unlock(me(), PASSWORD);
    await second.records.write("client_case", null, { kind: "handover", name: "Noch eine" });
    server.down = false;
    await second.sync.syncNow();
    await settled(() => second.sync.status.value.needsSignIn);
    await expect(second.session.signInAgain(PASSWORD)).rejects.toMatchObject({
      code: "password_changed",
    });
    await second.session.signInAgain(NEW);
    await second.sync.syncNow();
    await settled(() => server.rows.size === 2);
    expect(await opensWith()).toEqual([NEW]);
  });

  it("opens with the new one at once where there is a network", async () => {
    const second = await secondPhone();
    second.session.lock();
    second.kill();
    await phone.start();
    await phone.session.unlock(me(), PASSWORD);
    await phone.password.changePassword(PASSWORD, NEW);
    phone.kill();

    phone = second;
    await second.start();
    server.down = true;
    await expect(second.session.unlock(me(), NEW)).rejects.toMatchObject({
      code: "wrong_password",
    });
    server.down = false;
    await second.session.unlock(me(), NEW);
    expect(second.session.phase.value).toBe("open");
    await second.sync.syncNow();
    expect(second.sync.status.value.needsSignIn).toBe(false);
  });

  it("that was away for too long is not shut out: it says which password it wants", async () => {
    const second = await secondPhone();
    second.kill();
    await phone.start();
    await phone.session.unlock(me(), PASSWORD);
    await phone.password.changePassword(PASSWORD, NEW);
    phone.kill();

    phone = second;
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 8 * 24 * 60 * 60_000);
    try {
      await second.start();
      await expect(second.session.unlock(me(), PASSWORD)).rejects.toMatchObject({
        code: "password_changed",
      });
      await second.session.unlock(me(), NEW);
      expect(second.session.phase.value).toBe("open");
    } finally {
      vi.useRealTimers();
    }
  });

  it("is not told by a wrong password whether it was changed: that asks for the salt alone", async () => {
    phone = await secondPhone();
    phone.session.lock();
    server.requests = [];
    await expect(phone.session.unlock(me(), "falsch-falsch-falsch")).rejects.toMatchObject({
      code: "wrong_password",
    });
    expect(server.requests.filter(({ path }) => path === "/api/login")).toEqual([]);
  });
});
