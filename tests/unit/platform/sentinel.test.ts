/** A browser that throws stores away is noticed, also without a network; nobody loses it twice. */
import { beforeEach, expect, it } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, PASSWORD, type Phone, settled, shown } from "./phone";

let server: FakeServer;
let phone: Phone;

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
});

const CASE = { kind: "handover", name: "Nina" };

it("says nothing while everything is there, and keeps no name beside the stores", async () => {
  phone.kill();
  await phone.start();
  expect(phone.session.storeLost.value).toBeNull();
  expect(phone.session.phase.value).toBe("locked");
  const [[key, text]] = [...phone.corner] as [[string, string]];
  expect(key).toBe("zuzweit-stores");
  expect(text).toMatch(/^[0-9a-f]{32}$/);
});

it("tells of a wiped phone without a network, until somebody is in again", async () => {
  const name = phone.session.accounts.value[0]?.name ?? "";
  server.down = true;
  await phone.wipe(() => true);
  await phone.start();
  expect(phone.session.phase.value).toBe("signed_out");
  expect(phone.session.storeLost.value).toMatch(/Daten dieser App/);
  server.down = false;
  await phone.session.signIn(name, PASSWORD);
  expect(phone.session.storeLost.value).toBeNull();
  phone.kill();
  await phone.start();
  expect(phone.session.storeLost.value).toBeNull();
});

it("signs in under a new number when only the person's own store is gone", async () => {
  const known = await phone.records.write("client_case", null, CASE);
  await settled(() => server.rows.has(known));
  await settled(() => phone.sync.status.value.waiting === 0 && !phone.sync.status.value.running);
  const name = phone.session.accounts.value[0]?.name ?? "";
  const before = phone.cookie.device;
  await phone.wipe((one) => one !== "zuzweit-phone");
  await phone.start();
  expect(phone.session.storeLost.value).toMatch(/Daten dieser App/);
  // A lock that opens nothing would be a dead end.
  expect(phone.session.phase.value).toBe("signed_out");
  await phone.session.signIn(name, PASSWORD);
  expect(phone.cookie.device).not.toBe(before);
  // Everything comes again from the server, the keys with it.
  await shown(phone.records.watch("client_case"), ([row]) => row?.values.name === CASE.name);
  const written = await phone.records.write("client_case", null, CASE);
  await settled(() => phone.sync.status.value.waiting === 0);
  expect(server.rows.has(written)).toBe(true);
  expect(phone.sync.status.value.toClarify).toBe(0);
});

it("is silent about a store that was removed by signing out", async () => {
  await settled(() => phone.sync.status.value.waiting === 0);
  await phone.session.signOut();
  phone.kill();
  await phone.start();
  expect(phone.session.storeLost.value).toBeNull();
  expect(phone.corner.size).toBe(0);
});
