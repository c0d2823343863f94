/** A person writes in a cellar: nothing is lost, whatever ends when. */
import { beforeEach, expect, it } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, PASSWORD, settled, shown, unexpected } from "./phone";

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  unexpected.length = 0;
});

const CASE = { kind: "handover", name: "Erfundene Person", situation: "Wohnt bei der Tante." };

it("keeps what was written offline through a kill, shows it waiting, and sends it by itself", async () => {
  const phone = await firstColleague(server);
  server.down = true;
  const id = await phone.records.write("client_case", null, CASE);
  phone.kill();

  await phone.start();
  expect(phone.session.phase.value).toBe("locked");
  expect(phone.session.unsentWhileLocked.value).toBe(1);
  await phone.session.unlock(phone.session.accounts.value[0]?.user ?? "", PASSWORD);
  const [waiting] = await shown(phone.records.watch("client_case"), (rows) => rows.length === 1);
  expect(waiting).toMatchObject({ id, pending: true, values: CASE });
  expect(phone.sync.entries.value).toMatchObject([{ row: id, state: "phone" }]);

  server.down = false;
  dispatchEvent(new Event("online"));
  const [secured] = await shown(phone.records.watch("client_case"), ([row]) => !row?.pending);
  expect(secured).toMatchObject({ id, values: CASE });
  expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0, reachable: true });
  expect(phone.sync.entries.value).toMatchObject([{ row: id, state: "secured" }]);
  expect(server.rows.get(id)?.state.columns.name).not.toContain("Erfundene");
  expect(unexpected).toEqual([]);
});

it("syncs while locked: sending needs no keys", async () => {
  const phone = await firstColleague(server);
  server.down = true;
  const id = await phone.records.write("client_case", null, CASE);
  phone.session.lock();
  server.down = false;
  await phone.sync.syncNow();
  await settled(() => server.rows.has(id));
  expect(phone.session.phase.value).toBe("locked");
  expect(phone.session.unsentWhileLocked.value).toBe(0);
});

it("tells in a row's history what was overwritten before it ever travelled", async () => {
  const phone = await firstColleague(server);
  const id = await phone.records.write("client_case", null, CASE);
  await phone.sync.syncNow();
  await settled(() => server.rows.has(id));
  server.answerWith = (path) => (path === "/api/sync" ? new Response("", { status: 503 }) : null);
  await phone.records.write("client_case", id, { name: "Anderer Name" });
  await phone.records.write("client_case", id, { name: "Dritter Name" });
  const told = await phone.records.history("client_case", id);
  expect(told.map(({ columns }) => columns)).toEqual([
    [{ column: "name", before: "Anderer Name", value: "Dritter Name" }],
    [{ column: "name", before: CASE.name, value: "Anderer Name" }],
    [],
  ]);
});
