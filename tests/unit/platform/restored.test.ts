/** A server that went back in time, and what was erased for good. */
import { beforeEach, describe, expect, it } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, PASSWORD, type Phone, settled, shown } from "./phone";

let server: FakeServer;
let phone: Phone;

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
});

function newCase(name = "Erfundene Person"): Promise<string> {
  return phone.records.write("client_case", null, { kind: "handover", name });
}

function newVisit(id: string): Promise<string> {
  return phone.records.write("visit", null, { case: id, observation: "Licht an" });
}

/** The server has given the case a name, and this phone has heard of it. */
async function named(id: string, pseudonym: string): Promise<void> {
  const row = server.rows.get(id);
  if (!row) throw new Error("no such row");
  const columns = { ...row.state.columns, pseudonym };
  server.rows.set(id, { ...row, seq: ++server.seq, state: { ...row.state, columns } });
  await phone.sync.syncNow();
}

async function comeBack(): Promise<void> {
  await phone.sync.syncNow();
  expect(phone.sync.status.value.needsSignIn).toBe(true);
  await phone.session.signInAgain(PASSWORD);
  await phone.sync.syncNow();
}

function requestsTo(path: string) {
  return server.requests.filter((one) => one.path === path).map(({ body }) => JSON.parse(body));
}

describe("a server that went back in time", () => {
  it("is asked again later when it says so again and again, and nothing is lost by it", async () => {
    const id = await newCase();
    await phone.sync.syncNow();
    let asked = 0;
    server.answerWith = (path) => {
      if (path !== "/api/sync") return null;
      asked += 1;
      // Another log each time, as of a server that is put back while it runs.
      const log_id = asked.toString(16).padStart(32, "0");
      const nothing = { verdicts: [], envelopes: [], rows: [], cursor: null, more: true };
      return Response.json({ log_id, now: Date.now(), restored: true, ...nothing });
    };
    await phone.sync.syncNow();
    expect(asked).toBeLessThan(5);
    expect(phone.sync.status.value).toMatchObject({ running: false, reachable: false });
    server.answerWith = null;
    server.goBack(phone.cookie);
    await comeBack();
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0, reachable: true });
    expect(server.rows.has(id)).toBe(true);
  });

  it("gets everything again: the same bytes, ranks and names, as another device", async () => {
    // A year ahead: the server pulls the rank back, and must not pull it back anew.
    const year = 365 * 24 * 3_600_000;
    server.clockMs = () => Date.now() - year;
    const id = await newCase();
    const visit = await newVisit(id);
    await phone.sync.syncNow();
    await named(id, "U25-051");
    const before = structuredClone(
      [id, visit].map((row) => ({ ...server.rows.get(row)?.state, named: {} })),
    );
    const sent = (await phone.db.sent.toArray()).map(({ key, rest }) => [key, rest]);
    const device = phone.session.profile.value?.device;
    server.clockMs = () => Date.now();
    server.goBack(phone.cookie);
    await comeBack();
    const after = [id, visit].map((row) => ({ ...server.rows.get(row)?.state, named: {} }));
    // The pseudonym is the server's to give; the claim says which.
    Object.assign(after[0]?.columns ?? {}, { pseudonym: "U25-051" });
    expect(after).toEqual(before);
    const claims = requestsTo("/api/sync").flatMap(({ again }) => again ?? []);
    expect(claims.map(({ given }) => given).filter(Boolean)).toEqual([{ pseudonym: "U25-051" }]);
    expect((await phone.db.sent.toArray()).map(({ key, rest }) => [key, rest])).toEqual(sent);
    expect(phone.session.profile.value?.device).not.toBe(device);
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0 });
  });

  it("is told of the team first, by what the phone was told and has said", async () => {
    const id = await newCase();
    await phone.sync.syncNow();
    const [epochs, key] = [
      server.epochs,
      server.envelopes.find(({ purpose }) => purpose === "team"),
    ];
    server.goBack(phone.cookie);
    await comeBack();
    const [told] = requestsTo("/api/remembered");
    expect(told.epochs).toEqual(epochs);
    expect(told.envelopes.map(({ box }: { box: string }) => box)).toContain(key?.box);
    expect(told.statements).toHaveLength(1);
    expect((await phone.db.meta.get("remembered"))?.value).toBeNull();
    expect(server.rows.has(id)).toBe(true);
    const [row] = await shown(phone.records.watch("client_case"), ([one]) => !one?.pending);
    expect(row?.values.name).toBe("Erfundene Person");
  });

  it("gets what was written meanwhile as well, after what it had", async () => {
    const id = await newCase();
    await phone.sync.syncNow();
    server.down = true;
    await phone.records.write("client_case", id, { phone: "030 1" });
    server.down = false;
    server.goBack(phone.cookie);
    await comeBack();
    const [row] = await shown(phone.records.watch("client_case"), ([one]) => !one?.pending);
    expect(row?.values.phone).toBe("030 1");
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0 });
  });

  it("is told nothing twice, and nothing is lost, when the phone dies in the middle", async () => {
    const id = await newCase();
    await phone.sync.syncNow();
    server.goBack(phone.cookie);
    server.answerWith = (path) =>
      path === "/api/devices" || path === "/api/remembered"
        ? new Response("", { status: 502 })
        : null;
    await comeBack();
    expect(await phone.db.outbox.count()).toBeGreaterThan(0);
    phone.kill();
    server.answerWith = null;
    await phone.start();
    await settled(() => server.rows.has(id));
    await phone.sync.syncNow();
    expect(await phone.db.outbox.count()).toBe(0);
    expect(requestsTo("/api/remembered").length).toBeGreaterThan(0);
  });

  it("shows what waits to be brought back in its own rank, not above everything", async () => {
    const id = await newCase();
    await phone.records.write("client_case", id, { phone: "alt" });
    await phone.sync.syncNow();
    // A colleague has written over it since.
    const row = server.rows.get(id);
    if (!row) throw new Error("no such row");
    const later = `${"e".repeat(8)}${"0".repeat(24)}`;
    const stamps = { ...row.state.stamps, phone: [later, later, "e".repeat(32)] as const };
    const state = { ...row.state, columns: { ...row.state.columns, phone: null }, stamps };
    server.rows.set(id, { ...row, seq: ++server.seq, state: state as typeof row.state });
    await phone.sync.syncNow();
    server.goBack(phone.cookie);
    server.retryOperation = () => "restoring";
    await comeBack();
    const [seen] = await shown(
      phone.records.watch("client_case"),
      ([one]) => one?.pending === true,
    );
    expect(seen?.values.phone).toBeNull();
  });
});

describe("what was erased for good", () => {
  it("leaves every place on the phone, with what hangs below it", async () => {
    const [id, other] = [await newCase("Geht"), await newCase("Bleibt")];
    const visit = await newVisit(id);
    await phone.sync.syncNow();
    server.refuseOperation = ({ row }) => (row === visit ? "role_may_not" : null);
    await phone.records.write("visit", visit, { observation: "abgelehnt" });
    await phone.sync.syncNow();
    expect(phone.sync.status.value.toClarify).toBe(1);
    server.down = true;
    await phone.records.write("client_case", id, { phone: "030 1" });
    const unknown = await newVisit(id);
    await phone.records.write("visit", unknown, { next_step: "anrufen" });
    await phone.drafts.saveDraft(`visit:new:${id}`, 1, { observation: "Entwurf" });
    await phone.drafts.saveDraft(`case:${other}`, 1, { phone: "bleibt" });
    server.down = false;
    server.erase(id);
    await phone.sync.syncNow();

    const { row, outbox, sent, tray, envelopes, draft } = phone.db;
    expect(await row.toCollection().primaryKeys()).toEqual([`client_case/${other}`]);
    expect(await outbox.count()).toBe(0);
    expect(await tray.count()).toBe(0);
    expect((await sent.toArray()).every((one) => one.row === other)).toBe(true);
    const keys = (await envelopes.toArray()).flatMap(({ list }) => list);
    expect(keys.map(({ owner }) => owner)).not.toContain(id);
    expect(await draft.toCollection().primaryKeys()).toEqual([`case:${other}`]);
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0 });
    expect(phone.sync.entries.value.every((entry) => entry.row === other)).toBe(true);
    expect(phone.drafts.drafts.value.map(({ key }) => key)).toEqual([`case:${other}`]);
    const rows = await shown(phone.records.watch("client_case"), (all) => all.length === 1);
    expect(rows[0]?.id).toBe(other);
  });

  it("is not written to any more, and the numbers have no gap for what comes next", async () => {
    const id = await newCase();
    await phone.sync.syncNow();
    server.down = true;
    await phone.records.write("client_case", id, { phone: "030 1" });
    server.down = false;
    server.erase(id);
    // Only the empty round trip gets through: the change never reaches the server.
    server.answerWith = (path, body) =>
      path === "/api/sync" && body.includes('"stamp"') ? new Response("", { status: 413 }) : null;
    await phone.sync.syncNow();
    server.answerWith = null;
    expect(await phone.db.tray.count()).toBe(0);
    const next = await newCase("Danach");
    await phone.sync.syncNow();
    expect(server.rows.has(next)).toBe(true);
    const known = server.devices.get(phone.cookie.device ?? "")?.verdicts.keys() ?? [];
    expect([...known].sort()).toEqual([1, 2]);
  });

  it("does not come back from a phone that brings everything back", async () => {
    const id = await newCase();
    const visit = await newVisit(id);
    await phone.sync.syncNow();
    server.goBack(phone.cookie);
    server.erase(id);
    await comeBack();
    await phone.sync.syncNow();
    expect([server.rows.has(id), server.rows.has(visit)]).toEqual([false, false]);
    expect(await phone.db.sent.where("key").above(0).count()).toBe(0);
    expect(await phone.db.row.count()).toBe(0);
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0 });
  });

  it("takes a draft with it that an open form has saved once more", async () => {
    const id = await newCase();
    await phone.sync.syncNow();
    server.erase(id);
    await phone.sync.syncNow();
    await phone.drafts.saveDraft(`case:${id}`, 1, { phone: "noch offen" });
    await phone.sync.syncNow();
    expect(await phone.db.draft.count()).toBe(0);
  });
});
