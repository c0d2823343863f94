/** Every verdict and every odd answer: what it does to outbox, tray, rows and clock. */
import { readStamp } from "@sync/clock";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, PASSWORD, type Phone, settled, shown } from "./phone";

const HOUR_MS = 3_600_000;

let server: FakeServer;
let phone: Phone;

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
});

function newCase(name = "Erfundene Person"): Promise<string> {
  return phone.records.write("client_case", null, { kind: "handover", name });
}

/** What the server was sent as operations, request by request. */
function sentOperations() {
  return server.requests
    .filter(({ path }) => path === "/api/sync")
    .map(({ body }) => JSON.parse(body).operations ?? [])
    .filter((operations) => operations.length > 0);
}

describe("an answer that gets lost", () => {
  it("makes the phone send the very same bytes again", async () => {
    server.dropReplies = 1;
    const id = await newCase();
    await phone.sync.syncNow();
    await phone.sync.syncNow();
    const [first, second] = sentOperations();
    expect(second).toEqual(first);
    expect(server.rows.get(id)).toBeDefined();
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0, reachable: true });
  });

  it("changes nothing when the request arrives twice", async () => {
    server.doubleRequests = true;
    const id = await newCase();
    await phone.sync.syncNow();
    await phone.records.write("client_case", id, { situation: "Erst eine Fassung." });
    await phone.sync.syncNow();
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0 });
    expect(server.rows.get(id)?.state.versions).toEqual({});
  });

  it("is given up when nothing moves, and tried again", async () => {
    server.down = true;
    await newCase();
    await phone.sync.syncNow();
    expect(phone.sync.status.value).toMatchObject({ waiting: 1, reachable: false });
    expect(phone.sync.entries.value[0]?.state).toBe("phone");
  });
});

describe("refused", () => {
  it("goes into the tray with the reason, and the row stays visible", async () => {
    server.refuseOperation = () => "role_may_not";
    const id = await newCase();
    await phone.sync.syncNow();
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 1 });
    expect(phone.sync.entries.value).toMatchObject([
      {
        row: id,
        state: "clarify",
        code: "role_may_not",
        message: expect.stringMatching(/Berechtigung/),
      },
    ]);
    const [row] = await shown(phone.records.watch("client_case"), (rows) => rows.length === 1);
    expect(row).toMatchObject({
      id,
      clarify: true,
      pending: false,
      values: { name: "Erfundene Person" },
    });
  });

  it("stops nothing else", async () => {
    server.refuseOperation = ({ row }) => (row === bad ? "role_may_not" : null);
    const bad = await newCase("Abgelehnt");
    const good = await newCase("Angenommen");
    await phone.sync.syncNow();
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 1 });
    expect(server.rows.has(good)).toBe(true);
  });

  it("is sent again under a new number with the same seal, after a restart too", async () => {
    server.refuseOperation = () => "role_may_not";
    const id = await newCase();
    await phone.sync.syncNow();
    phone.kill();
    server.refuseOperation = () => null;
    await phone.start();
    await settled(() => phone.sync.entries.value.length > 0);
    await phone.clarify.sendAgain(phone.sync.entries.value[0]?.n ?? 0);
    await settled(() => server.rows.has(id));
    await phone.sync.syncNow();
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0 });
    const [[first], [second]] = sentOperations();
    expect(second.n).toBeGreaterThan(first.n);
    expect({ ...second, n: 0 }).toEqual({ ...first, n: 0 });
  });

  it("is mended by writing the row again: the refused values go with it", async () => {
    server.refuseOperation = ({ set }) => (set.handed_over ? null : "column_required");
    const id = await newCase("Muss ergänzt werden");
    await phone.sync.syncNow();
    await phone.records.write("client_case", id, { handed_over: "2026-11-20" });
    await phone.sync.syncNow();
    expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0 });
    const [row] = await shown(phone.records.watch("client_case"), ([one]) => !one?.clarify);
    expect(row?.values).toMatchObject({ name: "Muss ergänzt werden", handed_over: "2026-11-20" });
  });

  it("is discarded by a person alone", async () => {
    server.refuseOperation = () => "role_may_not";
    await newCase();
    await phone.sync.syncNow();
    await phone.clarify.discard(phone.sync.entries.value[0]?.n ?? 0);
    expect(phone.sync.status.value.toClarify).toBe(0);
    expect(await phone.db.tray.count()).toBe(0);
  });

  it("for a key somebody else has closed before is no matter for a person", async () => {
    const id = await newCase();
    server.answerWith = (path, body) => {
      if (path !== "/api/sync" || !body.includes('"box"')) return null;
      server.answerWith = null;
      const request = JSON.parse(body);
      const verdict = { n: request.envelopes[0].n, verdict: "refused", code: "envelope_exists" };
      return Response.json({ ...empty(), verdicts: [verdict] });
    };
    await phone.sync.syncNow();
    expect(phone.sync.status.value.toClarify).toBe(0);
    expect(phone.sync.entries.value).toMatchObject([{ row: id }]);
  });
});

describe("retry", () => {
  it("stays queued and lets what comes after it pass", async () => {
    server.retryOperation = ({ row }) => (row === early ? "key_open" : null);
    const early = await newCase("Noch nicht");
    const late = await newCase("Schon");
    await phone.sync.syncNow();
    expect(phone.sync.status.value).toMatchObject({ waiting: 1, toClarify: 0 });
    expect(server.rows.has(late)).toBe(true);
    server.retryOperation = () => null;
    await phone.sync.syncNow();
    expect(phone.sync.status.value.waiting).toBe(0);
  });
});

describe("a request the server cannot take", () => {
  it("is halved on 413 until it fits", async () => {
    server.down = true;
    for (let i = 0; i < 12; i += 1) await newCase(`Person ${i}`);
    server.down = false;
    server.mostSends = 3;
    await phone.sync.syncNow();
    expect(server.rows.size).toBe(12);
    expect(phone.sync.status.value.waiting).toBe(0);
  });

  it("with one send left goes into the tray, the rest goes on", async () => {
    const mark = "2026-11-11";
    const bad = await phone.records.write("client_case", null, {
      kind: "handover",
      name: "Zu groß für den Weg",
      handed_over: mark,
    });
    const good = await newCase();
    server.answerWith = (path, body) =>
      path === "/api/sync" && body.includes(mark) ? new Response("<html>", { status: 413 }) : null;
    await phone.sync.syncNow();
    expect(phone.sync.entries.value.find(({ row }) => row === bad)).toMatchObject({
      state: "clarify",
      code: "batch_too_large",
    });
    expect(server.rows.has(good)).toBe(true);
    const known = server.devices.get(phone.cookie.device ?? "")?.verdicts.keys() ?? [];
    // A gap would make the server wait for it.
    expect([...known].sort()).toEqual([1, 2]);
  });

  it("because one send breaks the server: that one waits, the rest goes on", async () => {
    const mark = "2026-11-12";
    const bad = await phone.records.write("client_case", null, {
      kind: "handover",
      name: "Bricht den Server",
      handed_over: mark,
    });
    const good = await newCase();
    server.answerWith = (path, body) =>
      path === "/api/sync" && body.includes(mark)
        ? Response.json({ code: "internal", field: null, message: "Fehler" }, { status: 500 })
        : null;
    await phone.sync.syncNow();
    expect(server.rows.has(good)).toBe(true);
    expect(phone.sync.entries.value.find(({ row }) => row === bad)?.state).toBe("phone");
  });

  it("because the app is too old goes nowhere, and nothing lands in the tray", async () => {
    const message = "Bitte laden Sie die App neu.";
    server.answerWith = (path) =>
      path === "/api/sync"
        ? Response.json({ code: "protocol_unknown", field: null, message }, { status: 400 })
        : null;
    await newCase();
    await phone.sync.syncNow();
    expect(phone.sync.status.value).toMatchObject({ waiting: 1, toClarify: 0 });
    expect(phone.session.problems.value).toContain(message);
  });

  it("because a page stands in between is no answer at all", async () => {
    server.answerWith = () => new Response("<html>Bitte melden Sie sich am WLAN an</html>");
    await newCase();
    await phone.sync.syncNow();
    expect(phone.sync.status.value).toMatchObject({ waiting: 1, reachable: false });
  });
});

it("takes a new device number when it was cloned, and changes nothing but the numbers", async () => {
  await newCase("Vorher");
  await phone.sync.syncNow();
  const before = phone.session.profile.value?.device ?? "";
  server.down = true;
  const id = await newCase("Danach");
  const queued = await phone.db.outbox.toArray();
  for (const { n } of queued) {
    const verdict = { n, verdict: "accepted" as const };
    server.devices.get(before)?.verdicts.set(n, { bytes: "of the clone", verdict });
  }
  server.down = false;
  await phone.sync.syncNow();
  await settled(() => server.rows.has(id));
  expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0 });
  expect(phone.cookie.device).not.toBe(before);
  expect(phone.session.profile.value?.device).toBe(phone.cookie.device);
  const sent = (await phone.db.sent.toArray()).filter(({ row }) => row === id);
  expect(sent.map(({ n, rest }) => [n, rest])).toEqual(queued.map(({ rest }, i) => [i + 1, rest]));
});

it("keeps a refused key as long as an entry needs it", async () => {
  server.down = true;
  const id = await newCase();
  server.down = false;
  server.answerWith = (path, body) =>
    path === "/api/sync" && body.includes(`"purpose":"case"`)
      ? new Response("", { status: 413 })
      : null;
  await phone.sync.syncNow();
  server.answerWith = null;
  await phone.sync.syncNow();
  const key = phone.sync.entries.value.find(({ state }) => state === "clarify");
  expect(key).toMatchObject({ table: "envelope", row: id, needed: true });
  expect(phone.sync.status.value.waiting).toBe(1);
  await expect(phone.clarify.discard(key?.n ?? 0)).rejects.toMatchObject({
    code: "unsent_entries",
  });
  expect(await phone.db.tray.count()).toBe(1);
  await phone.clarify.sendAgain(key?.n ?? 0);
  await settled(() => phone.sync.status.value.waiting === 0);
  expect(server.rows.has(id)).toBe(true);
});

/** Another phone has used the number of what waits: the server answers `device_cloned`. */
async function clone() {
  const device = server.devices.get(phone.cookie.device ?? "");
  for (const { n } of await phone.db.outbox.toArray())
    device?.verdicts.set(n, { bytes: "of the clone", verdict: { n, verdict: "accepted" } });
}

it("sends in the order of writing when a server went back and the numbers are of two devices", async () => {
  const id = await newCase();
  await phone.sync.syncNow();
  server.down = true;
  await phone.records.write("client_case", id, { phone: "030 1" });
  await clone();
  server.down = false;
  await phone.sync.syncNow();
  expect(phone.sync.status.value.waiting).toBe(0);
  server.rows.clear();
  server.envelopes.length = 1;
  server.logId = "b".repeat(32);
  for (const device of server.devices.values()) device.verdicts.clear();
  await phone.sync.syncNow();
  await settled(() => phone.sync.status.value.waiting === 0);
  expect(phone.sync.status.value.toClarify).toBe(0);
  const sent = (await phone.db.sent.toArray()).sort((a, b) => a.key - b.key);
  expect(sent.map(({ n }) => n)).toEqual([1, 2, 3]);
  const [row] = await shown(phone.records.watch("client_case"), ([one]) => !one?.pending);
  expect(row?.values.phone).toBe("030 1");
});

describe("a wrong clock", () => {
  it("ahead of the server is told, starts anew and never loses the order of writes", async () => {
    server.clockMs = () => Date.now() - 5 * HOUR_MS;
    const id = await newCase();
    const node = (await phone.db.meta.get("clock"))?.value as { node: string };
    server.down = true;
    await phone.records.write("client_case", id, { phone: "erste" });
    server.down = false;
    await phone.sync.syncNow();
    expect(phone.sync.status.value).toMatchObject({ clockWrong: true, waiting: 0 });

    await phone.records.write("client_case", id, { phone: "zweite" });
    const [last] = await phone.db.outbox.toArray();
    const [ms, , newNode] = readStamp(JSON.parse(`{${last?.rest}`).stamp);
    expect(newNode).not.toBe(node.node);
    expect(Math.abs(ms - server.clockMs())).toBeLessThan(HOUR_MS);
    await phone.sync.syncNow();
    const [row] = await shown(phone.records.watch("client_case"), ([one]) => !one?.pending);
    expect(row?.values.phone).toBe("zweite");
    server.clockMs = () => Date.now();
    await phone.sync.syncNow();
    expect(phone.sync.status.value.clockWrong).toBe(false);
  });

  it("behind the server never writes below what it has seen", async () => {
    server.clockMs = () => Date.now() + 5 * HOUR_MS;
    const id = await newCase();
    await phone.sync.syncNow();
    await phone.records.write("client_case", id, { phone: "neu" });
    await phone.sync.syncNow();
    expect(phone.sync.status.value.clockWrong).toBe(true);
    const [row] = await shown(phone.records.watch("client_case"), ([one]) => !one?.pending);
    expect(row?.values.phone).toBe("neu");
  });
});

it("forgets rows outside its scope, never what it has not got rid of", async () => {
  const known = await newCase("Bleibt nicht");
  await phone.sync.syncNow();
  server.retryOperation = () => "row_open";
  const waiting = await newCase("Bleibt");
  const user = server.users.get("anke");
  if (user) user.admitted = false;
  await phone.sync.syncNow();
  expect(await phone.db.row.get(`client_case/${known}`)).toBeUndefined();
  expect(phone.sync.status.value.waiting).toBe(1);
  const rows = await shown(phone.records.watch("client_case"), (all) => all.length === 1);
  expect(rows[0]).toMatchObject({ id: waiting, pending: true });
});

it("gives a server that went back in time again what it had accepted", async () => {
  const id = await newCase();
  await phone.sync.syncNow();
  server.rows.clear();
  server.envelopes.length = 1;
  server.logId = "b".repeat(32);
  for (const device of server.devices.values()) device.verdicts.clear();
  await phone.sync.syncNow();
  await settled(() => server.rows.has(id));
  expect(phone.sync.status.value).toMatchObject({ waiting: 0, toClarify: 0 });
});

describe("a session that has ended", () => {
  beforeEach(async () => {
    phone.cookie.user = null;
    await newCase();
    await phone.sync.syncNow();
  });

  it("is told, and nothing on the phone changes", async () => {
    expect(phone.sync.status.value).toMatchObject({ needsSignIn: true, waiting: 1 });
    expect(phone.session.phase.value).toBe("open");
    await shown(phone.records.watch("client_case"), (rows) => rows.length === 1);
  });

  it("is begun again in place, and what waited is sent", async () => {
    await expect(phone.session.signInAgain("falsch-falsch-falsch")).rejects.toMatchObject({
      code: "wrong_sign_in",
    });
    expect(phone.session.phase.value).toBe("open");
    const device = phone.session.profile.value?.device;
    await phone.session.signInAgain(PASSWORD);
    await settled(() => phone.sync.status.value.waiting === 0);
    expect(phone.sync.status.value.needsSignIn).toBe(false);
    expect(phone.session.profile.value?.device).toBe(device);
    expect(server.rows.size).toBe(1);
  });
});

it("goes on with the first sync where it was killed, page by page", async () => {
  server.down = true;
  for (let i = 0; i < 10; i += 1) await newCase(`Person ${i}`);
  server.down = false;
  await phone.sync.syncNow();
  await phone.db.row.clear();
  await phone.db.meta.bulkPut([
    { key: "cursor", value: null },
    { key: "firstSync", value: { done: 0 } },
  ]);
  server.page = 3;
  let pages = 0;
  server.answerWith = (path) => {
    pages += path === "/api/sync" ? 1 : 0;
    return pages > 2 ? new Response("", { status: 502 }) : null;
  };
  await phone.sync.syncNow();
  expect(phone.sync.status.value.firstSync).not.toBeNull();
  phone.kill();
  server.answerWith = null;
  await phone.start();
  await settled(() => phone.sync.status.value.firstSync === null);
  expect(await phone.db.row.count()).toBe(10);
});

function empty() {
  return {
    log_id: server.logId,
    now: Date.now(),
    cursor: String(server.seq),
    more: false,
    verdicts: [],
    envelopes: [],
    rows: [],
  };
}
