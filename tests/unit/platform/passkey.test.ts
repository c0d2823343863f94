/** The phone's own lock as a way in: what it opens, what it never opens, and when it is dropped. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeServer } from "./fake_server";
import { Finger } from "./finger";
import { firstColleague, PASSWORD, type Phone, settled, shown, unexpected } from "./phone";

const NAME = "Erfundene Person";
const NEW = "Lampe-Schirm-Treppe-7";
const DAY_MS = 24 * 60 * 60_000;

let server: FakeServer;
let phone: Phone;
let finger: Finger;

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
  finger = new Finger().touch();
});
afterEach(() => {
  vi.useRealTimers();
});

const me = () => phone.session.accounts.value[0]?.user ?? "";
const hasPasskey = () => phone.session.accounts.value[0]?.hasPasskey;
const byFinger = () => phone.session.unlockByPasskey(me());
const accounts = () => import("@pwa/platform/accounts");

async function setUp(): Promise<void> {
  await phone.passkey.setUpPasskey(await phone.passkey.provePassword(PASSWORD));
}

/** Ends the app and opens it again; the finger stays the same. */
async function again(): Promise<void> {
  phone.kill();
  await phone.start();
  finger.touch();
}

describe("setting it up", () => {
  it("opens the store without a server, beside the password", async () => {
    await phone.records.write("client_case", null, { kind: "handover", name: NAME });
    await setUp();
    server.down = true;
    await again();
    expect(hasPasskey()).toBe(true);
    await byFinger();
    const [row] = await shown(phone.records.watch("client_case"), (rows) => rows.length === 1);
    expect(row?.values.name).toBe(NAME);
    await again();
    await phone.session.unlock(me(), PASSWORD);
    expect(unexpected).toEqual([]);
  });

  it("tells the server nothing, and leaves nothing of the answers behind", async () => {
    const before = server.requests.length;
    await setUp();
    phone.session.lock();
    await byFinger();
    expect(finger.answers).toHaveLength(2);
    expect(finger.answers.every((answer) => answer.every((byte) => byte === 0))).toBe(true);
    const sent = server.requests.slice(before).map(({ path, body }) => path + body);
    expect(sent.filter((text) => /login|password|passkey/.test(text))).toEqual([]);
    expect(sent.join()).not.toContain([...finger.secrets.keys()][0]);
  });

  it("is refused with a wrong password, and slowed down like an unlock", async () => {
    const wrong = () => phone.passkey.provePassword("falsch-falsch-falsch");
    await expect(wrong()).rejects.toMatchObject({ code: "wrong_password", waitSeconds: 0 });
    await expect(wrong()).rejects.toMatchObject({ code: "wrong_password", waitSeconds: 0 });
    await expect(wrong()).rejects.toMatchObject({ code: "wrong_password", waitSeconds: 5 });
    await expect(wrong()).rejects.toMatchObject({ code: "wait_before_retry" });
    expect(finger.asked).toBe(0);
    expect(hasPasskey()).toBe(false);
    expect(phone.session.phase.value).toBe("open");
  });

  it("asks a phone again that answers only then", async () => {
    finger = new Finger({ prf: "when_asked" }).touch();
    await setUp();
    expect(finger.asked).toBe(2);
    phone.session.lock();
    await byFinger();
    expect(phone.session.phase.value).toBe("open");
  });

  it("leaves no passkey behind on a phone that answers none, or when nobody confirms", async () => {
    finger = new Finger({ prf: "never" }).touch();
    await expect(setUp()).rejects.toMatchObject({ code: "passkey_impossible" });
    expect(finger.secrets.size).toBe(0);
    finger = new Finger({ knows: false }).touch();
    await expect(setUp()).rejects.toMatchObject({ code: "passkey_refused" });
    expect(hasPasskey()).toBe(false);
  });

  it("ends without a trace when the app is locked meanwhile", async () => {
    const proof = await phone.passkey.provePassword(PASSWORD);
    let confirm = () => {};
    finger.pause = new Promise((resolve) => {
      confirm = resolve;
    });
    const making = phone.passkey.setUpPasskey(proof);
    phone.session.lock();
    await settled(() => phone.vaultsEnded.every((ended) => ended === 1));
    confirm();
    await expect(making).rejects.toMatchObject({ code: "locked" });
    expect(finger.secrets.size).toBe(0);
    expect(hasPasskey()).toBe(false);
  });
});

describe("what this phone can", () => {
  it("is said before anybody is asked", async () => {
    expect(await phone.passkey.passkeyObstacle()).toBeNull();
    vi.stubGlobal("location", { hostname: "192.0.2.7" });
    expect(await phone.passkey.passkeyObstacle()).toBe("no_name");
    vi.stubGlobal("location", { hostname: "zuzweit.example" });
    const can = { getClientCapabilities: async () => ({ "extension:prf": false }) };
    vi.stubGlobal("PublicKeyCredential", Object.assign(PublicKeyCredential, can));
    expect(await phone.passkey.passkeyObstacle()).toBe("no_passkeys");
    Reflect.deleteProperty(globalThis, "PublicKeyCredential");
    expect(await phone.passkey.passkeyObstacle()).toBe("no_passkeys");
  });
});

describe("unlocking", () => {
  beforeEach(setUp);

  it("stays locked when nobody confirms, and opens at the next try", async () => {
    phone.session.lock();
    finger.knows = false;
    await expect(byFinger()).rejects.toMatchObject({ code: "passkey_refused" });
    expect(phone.session.phase.value).toBe("locked");
    finger.knows = true;
    await byFinger();
    expect(phone.session.phase.value).toBe("open");
  });

  it("signs nobody in: where the session has ended, the person is asked", async () => {
    phone.session.lock();
    Object.assign(phone.cookie, { user: null, device: null });
    await byFinger();
    await settled(() => phone.sync.status.value.needsSignIn);
    expect(server.requests.filter(({ path }) => path === "/api/login")).toEqual([]);
  });

  it("asks for the password on a phone that was away for too long, and not for the finger", async () => {
    phone.session.lock();
    server.down = true;
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 8 * DAY_MS);
    const before = finger.asked;
    await expect(byFinger()).rejects.toMatchObject({ code: "passkey_rests" });
    expect(finger.asked).toBe(before);
    expect(hasPasskey()).toBe(true);
    server.down = false;
    await phone.session.unlock(me(), PASSWORD);
    await phone.sync.syncNow();
    phone.session.lock();
    await byFinger();
    expect(phone.session.phase.value).toBe("open");
  });

  it("goes on after a change of the password, and after signing in with it", async () => {
    await phone.password.changePassword(PASSWORD, NEW);
    phone.session.lock();
    await byFinger();
    await phone.session.signInAgain(NEW);
    expect(hasPasskey()).toBe(true);
    await again();
    await byFinger();
    expect(phone.session.phase.value).toBe("open");
  });

  it("is over when she signs out, and says nothing about it", async () => {
    await phone.sync.syncNow();
    await phone.session.signOut();
    await settled(() => finger.secrets.size === 0);
    expect(phone.session.problems.value).toEqual([]);
  });

  it("is over once it is switched off, here and in another tab", async () => {
    const { changeAccount } = await accounts();
    await phone.passkey.removePasskey();
    expect(hasPasskey()).toBe(false);
    expect(finger.secrets.size).toBe(0);
    await setUp();
    phone.session.lock();
    await changeAccount(me(), { passkey: null });
    await expect(byFinger()).rejects.toMatchObject({ code: "passkey_off" });
  });
});

describe("another seed", () => {
  beforeEach(setUp);

  it("drops the passkey and says so, when she has been invited anew", async () => {
    phone.session.lock();
    Object.assign(server.users.get("anke") as object, { registered: false, admitted: false });
    await phone.session.acceptInvitation("token-anke", NEW);
    expect(hasPasskey()).toBe(false);
    await settled(() => finger.secrets.size === 0);
    await settled(() =>
      phone.session.problems.value.some((text) => text.includes("Fingerabdruck passt nicht mehr")),
    );
  });

  it("does not open for a profile whose public halves were swapped", async () => {
    const { changeAccount } = await accounts();
    phone.session.lock();
    await changeAccount(me(), { boxPublic: "A".repeat(43) });
    await expect(byFinger()).rejects.toMatchObject({ code: "passkey_dropped" });
    expect(phone.session.phase.value).toBe("locked");
    expect(hasPasskey()).toBe(false);
  });

  it("does not open with what another passkey answers", async () => {
    phone.session.lock();
    for (const id of finger.secrets.keys()) finger.secrets.set(id, new Uint8Array(32));
    await expect(byFinger()).rejects.toMatchObject({ code: "passkey_dropped" });
    await phone.session.unlock(me(), PASSWORD);
    expect(phone.session.phase.value).toBe("open");
  });

  it("of another person on this phone has no part in it", async () => {
    server.invite("britta");
    phone.session.lock();
    await phone.session.acceptInvitation("token-britta", NEW);
    const of = (name: string) => phone.session.accounts.value.find((one) => one.name === name);
    expect(of("britta")?.hasPasskey).toBe(false);
    expect(of("anke")?.hasPasskey).toBe(true);
    phone.session.lock();
    await phone.session.unlockByPasskey(of("anke")?.user ?? "");
    expect(phone.session.profile.value?.name).toBe("anke");
  });
});
