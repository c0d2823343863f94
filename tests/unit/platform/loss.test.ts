/** Ways in which something a person entered could vanish or stand still, and do not. */
import { beforeEach, expect, it } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, type Phone, shown } from "./phone";

let server: FakeServer;
let phone: Phone;

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
});

const CASE = { kind: "handover", name: "Nina" };

it("an entry written while signing out waits for the server is not deleted", async () => {
  let reply = () => {};
  const asked = new Promise<void>((go) => {
    server.answerWith = (path) => {
      if (path === "/api/logout") go();
      return null;
    };
  });
  const held = new Promise<void>((go) => {
    reply = go;
  });
  const handle = server.handle.bind(server);
  server.handle = async (session, path, init) => {
    const answer = await handle(session, path, init);
    if (path === "/api/logout") {
      server.down = true;
      await held;
    }
    return answer;
  };
  const leaving = phone.session.signOut();
  await asked;
  await phone.records.write("client_case", null, CASE);
  reply();
  await expect(leaving).rejects.toMatchObject({ code: "unsent_entries" });
  expect(await phone.db.outbox.count()).toBe(2);
});

it("a second save of the same new entry with other words is not thrown away", async () => {
  const id = phone.records.newId();
  await phone.records.write("client_case", id, { ...CASE, situation: "eins" }, { create: true });
  await phone.records.write("client_case", id, { ...CASE, situation: "zwei" }, { create: true });
  const [entry] = await shown(phone.records.watch("client_case", { ids: [id] }));
  expect(entry?.values.situation).toBe("zwei");
});

it("a send that is gone from the disk is not sent for ever", async () => {
  server.down = true;
  await phone.records.write("client_case", null, CASE);
  await phone.db.outbox.clear();
  server.down = false;
  const before = server.requests.length;
  await Promise.race([phone.sync.syncNow(), new Promise((go) => setTimeout(go, 1_000))]);
  expect(server.requests.length - before).toBeLessThan(8);
  expect(phone.sync.status.value.waiting).toBe(0);
});
