/** A phone the office has locked out: it gives up what waits, wipes itself, and says so. */
import { beforeEach, expect, it } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, PASSWORD, type Phone, settled } from "./phone";

let server: FakeServer;
let phone: Phone;
let office: Office;

/** What an office does that has locked a device out: it stands before the server. */
class Office {
  locked: string | null = null;
  surrendered: string[] = [];
  /** How it misbehaves: a request it cannot take, or a network that is gone. */
  mostSends = 500;
  spoilt = "";
  down = false;

  answer(path: string, body: string): Response | null {
    if (this.locked === null || phone.cookie.device !== this.locked) return null;
    if (path === "/api/session")
      return said(200, { csrf: "token", signed_in: false, locked: true });
    if (path !== "/api/surrender") return said(403, { code: "device_locked" });
    if (this.down) throw new TypeError("Failed to fetch");
    return this.take(JSON.parse(body));
  }

  private take({ device, envelopes = [], operations = [] }: Batch): Response {
    if (device !== this.locked) return said(409, { code: "wrong_device" });
    const count = envelopes.length + operations.length;
    if (count > this.mostSends) return said(413, { code: "batch_too_large" });
    const rows = operations.map(({ row }) => row);
    if (rows.includes(this.spoilt)) return said(400, { code: "malformed" });
    this.surrendered.push(...rows);
    if (count === 0) Object.assign(phone.cookie, { user: null, device: null });
    return said(200, { verdicts: [] });
  }
}
interface Batch {
  device: string;
  envelopes?: unknown[];
  operations?: { row: string }[];
}

function said(status: number, answer: object): Response {
  return new Response(JSON.stringify({ field: null, message: "–", ...answer }), { status });
}

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
  office = new Office();
  server.answerWith = (path, body) => office.answer(path, body);
});

const newCase = () =>
  phone.records.write("client_case", null, { kind: "handover", name: "Erfunden" });
const stores = async () => (await phone.disk.databases()).map(({ name }) => name);
const gone = () => settled(() => phone.session.phase.value === "signed_out");

async function lockOut(): Promise<void> {
  office.locked = phone.cookie.device;
  await phone.sync.syncNow();
}

it("gives up what waits and keeps nothing", async () => {
  server.down = true;
  const rows = [await newCase(), await newCase()];
  server.down = false;
  await lockOut();
  await gone();
  expect(office.surrendered).toEqual(rows);
  expect(await stores()).toEqual(["zuzweit-phone"]);
  expect(phone.session.accounts.value).toEqual([]);
  expect(phone.session.wipedByOffice.value).toContain("gesperrt");
});

it("does it while nobody has unlocked, too", async () => {
  server.down = true;
  const row = await newCase();
  phone.session.lock();
  server.down = false;
  await lockOut();
  await gone();
  expect(office.surrendered).toEqual([row]);
  expect(await stores()).toEqual(["zuzweit-phone"]);
});

it("keeps everything until the server has answered", async () => {
  server.down = true;
  const row = await newCase();
  server.down = false;
  office.down = true;
  await lockOut();
  expect(await stores()).toHaveLength(2);
  expect(phone.session.phase.value).toBe("open");
  office.down = false;
  await phone.sync.syncNow();
  await gone();
  expect(office.surrendered).toEqual([row]);
});

it("halves what is too much, and leaves one behind that nobody can take", async () => {
  server.down = true;
  const rows = [await newCase(), await newCase(), await newCase()];
  server.down = false;
  office.mostSends = 2;
  office.spoilt = rows[1] as string;
  await lockOut();
  await gone();
  expect(office.surrendered.sort()).toEqual([rows[0], rows[2]].sort());
});

it("does not touch the store of somebody else whose cookie it is not", async () => {
  office.locked = "f".repeat(32);
  phone.cookie.device = office.locked;
  await phone.sync.syncNow();
  expect(await stores()).toHaveLength(2);
  expect(phone.sync.status.value.needsSignIn).toBe(true);
  office.locked = null;
  phone.cookie.device = phone.session.profile.value?.device ?? "";
  await phone.session.signInAgain(PASSWORD);
  await newCase();
  await settled(() => server.rows.size === 1);
});
