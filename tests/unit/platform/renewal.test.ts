/** Somebody leaves: new keys for all who stay, whoever is interrupted, and nothing is lost. */
import { instantNow } from "@pwa/platform/ids";
import { sealedKeyId } from "@sync/operation";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeServer } from "./fake_server";
import {
  firstColleague,
  newPerson,
  PASSWORD,
  type Phone,
  settled,
  shown,
  unexpected,
} from "./phone";
import * as renewals from "./renewals";

const MINUTE_MS = 60_000;

let server: FakeServer;
let anke: Phone;
let bea: Phone;
let carla: Phone;

const idOf = (name: string) => renewals.idOf(server, name);
const keyOf = (row: string) => sealedKeyId(server.rows.get(row)?.state.columns.name as string);
const epochIds = () => renewals.epochIds(server);
const readersOf = (key: string) => renewals.readersOf(server, key);
const newCase = (phone: Phone, name: string) =>
  phone.records.write("client_case", null, { kind: "handover", name });

const back = (phone: Phone, name: string) => renewals.back(server, phone, name);
const renewed = (phone: Phone) => renewals.renewed(server, phone);

async function admit(phone: Phone, name: string): Promise<void> {
  await phone.sync.syncNow();
  await settled(() => phone.session.members.value.some(({ user }) => user === idOf(name)));
  await phone.vouching.safetyNumber(idOf(name));
  await phone.vouching.admit(idOf(name));
}

/** A newcomer's phone, admitted by anke and by her own word. */
async function colleague(name: string): Promise<Phone> {
  const phone = await newPerson(server, name);
  await admit(phone, "anke");
  phone.kill();
  await back(anke, "anke");
  await admit(anke, name);
  anke.kill();
  return phone;
}

/** Every case: closed under the new key for all its versions, and one that only the new key opens. */
function expectRenewed(): void {
  const [first, second] = epochIds() as [string, string];
  expect(readersOf(second).sort()).toEqual([idOf("anke"), idOf("bea")].sort());
  for (const owner of new Set(server.envelopes.map((one) => one.owner))) {
    if (owner === server.team) continue;
    const keys = new Set(
      server.envelopes.filter((one) => one.owner === owner).map((one) => one.key_id),
    );
    const readers = [...keys].map((key) => readersOf(key));
    expect(readers.every((some) => some.includes(second))).toBe(true);
    expect(readers.some((some) => !some.includes(first))).toBe(true);
  }
}

beforeEach(async () => {
  server = new FakeServer();
  anke = await firstColleague(server);
  anke.kill();
  bea = await colleague("bea");
  carla = await colleague("carla");
  await back(anke, "anke");
});
afterEach(() => vi.useRealTimers());

describe("when a colleague has left", () => {
  it("the team gets its next key, and every case one that she never had", async () => {
    const [old] = await newCase(anke, "Erfundene Person").then((id) => [id]);
    await anke.sync.syncNow();
    server.leave("carla");
    await anke.sync.syncNow();
    await renewed(anke);
    expectRenewed();
    const signedOff = server.users.get("carla")?.statements.map(({ role }) => role);
    expect(signedOff).toContain("left");
    const fresh = await newCase(anke, "Noch eine Person");
    await anke.records.write("client_case", old as string, { name: "Erfundene Person geändert" });
    await anke.sync.syncNow();
    const [first, second] = epochIds() as [string, string];
    for (const row of [old as string, fresh]) {
      expect(readersOf(keyOf(row))).toContain(second);
      expect(readersOf(keyOf(row))).not.toContain(first);
    }
    anke.kill();
    await back(bea, "bea");
    const rows = await shown(bea.records.watch("client_case"), (all) => all.length === 2);
    expect(rows.map(({ values }) => values.name).sort()).toEqual([
      "Erfundene Person geändert",
      "Noch eine Person",
    ]);
    expect(bea.session.problems.value).toEqual([]);
    expect(bea.session.renewing.value).toBeNull();
    expect(unexpected).toEqual([]);
  });

  it("nothing happens while she is only served as gone to somebody who holds no key", async () => {
    anke.kill();
    server.invite("dora", "deputy");
    const dora = await newPerson(server, "dora");
    server.leave("carla");
    await dora.sync.syncNow();
    await settled(() => dora.session.members.value.every(({ user }) => user !== idOf("carla")));
    expect(dora.session.renewing.value).toBeNull();
    expect(server.epochs.length).toBe(1);
  });

  it("shows that it is under way until the server has everything", async () => {
    await newCase(anke, "Erfundene Person");
    await anke.sync.syncNow();
    const seen: (string | null)[] = [];
    anke.session.renewing.subscribe((now) => seen.push(now && `${now.done}/${now.total}`));
    server.leave("carla");
    await anke.sync.syncNow();
    await renewed(anke);
    expect(seen[0]).toBeNull();
    expect(seen).toContain("1/1");
    expect(seen.at(-1)).toBeNull();
  });

  it("work under the old key is still accepted, and gets its new key later", async () => {
    anke.kill();
    await back(bea, "bea");
    server.down = true;
    const offline = await newCase(bea, "Ohne Netz angelegt");
    bea.kill();
    server.down = false;
    server.leave("carla");
    await back(anke, "anke");
    await renewed(anke);
    anke.kill();
    await back(bea, "bea");
    await settled(() => server.rows.has(offline));
    expect(readersOf(keyOf(offline))).toEqual([epochIds()[0]]);
    bea.kill();
    await back(anke, "anke");
    anke.session.lock();
    await anke.session.unlock(idOf("anke"), PASSWORD);
    await settled(() => server.envelopes.filter(({ owner }) => owner === offline).length === 3);
    await renewed(anke);
    expectRenewed();
  });

  it("a case that is handed over takes its deputy along", async () => {
    const id = await newCase(anke, "Erfundene Person");
    await anke.sync.syncNow();
    anke.kill();
    server.invite("dora", "deputy");
    const dora = await newPerson(server, "dora");
    dora.kill();
    await back(anke, "anke");
    await admit(anke, "dora");
    const { writeAll } = await import("@pwa/platform/writes");
    const set = {
      case: id,
      deputy: idOf("dora"),
      starts: "2020-01-01",
      until: "2099-12-31",
      note: "",
    };
    await writeAll([{ table: "handed_case", id: null, set, handTo: idOf("dora") }]);
    await anke.sync.syncNow();
    server.leave("carla");
    await anke.sync.syncNow();
    await renewed(anke);
    const keys = new Set(
      server.envelopes.filter((one) => one.owner === id).map((one) => one.key_id),
    );
    expect(keys.size).toBe(2);
    for (const key of keys) expect(readersOf(key)).toContain(idOf("dora"));
  });
});

describe("when a handover has ended", () => {
  const keysOf = (owner: string) =>
    new Set(server.envelopes.filter((one) => one.owner === owner).map(({ key_id }) => key_id));

  /** What anke hands dora until a day; the case and the handover. */
  async function handed(until: string): Promise<{ id: string; handover: string }> {
    const id = await newCase(anke, "Erfundene Person");
    const { writeAll } = await import("@pwa/platform/writes");
    const set = { case: id, deputy: idOf("dora"), starts: "2020-01-01", until, note: "" };
    const [handover] = await writeAll([
      { table: "handed_case", id: null, set, handTo: idOf("dora") },
    ]);
    await anke.sync.syncNow();
    return { id, handover: handover as string };
  }

  /** Anke unlocks another time, and everything that is due is done. */
  async function unlockAgain(): Promise<void> {
    anke.kill();
    await back(anke, "anke");
    const { outbox } = await import("@pwa/platform/queue");
    const { renewalDue } = await import("@pwa/platform/team");
    await settled(
      () =>
        !renewalDue.value &&
        anke.session.renewing.value === null &&
        outbox.value.length === 0 &&
        !anke.sync.status.value.running,
    );
  }

  /** What is written from now on, the team alone reads; the team's own key stays. */
  async function getsItsKeyOnce(id: string): Promise<void> {
    await unlockAgain();
    // What did not succeed is tried again at the next contact.
    await settled(async () => {
      await anke.sync.syncNow();
      return keysOf(id).size === 2;
    });
    await anke.records.write("client_case", id, { name: "Geänderte Person" });
    await anke.sync.syncNow();
    expect(readersOf(keyOf(id))).toEqual(epochIds());
    await unlockAgain();
    expect(keysOf(id).size).toBe(2);
    expect(server.epochs.length).toBe(1);
    expect(unexpected).toEqual([]);
  }

  beforeEach(async () => {
    anke.kill();
    server.invite("dora", "deputy");
    (await newPerson(server, "dora")).kill();
    await back(anke, "anke");
    await admit(anke, "dora");
  });

  it.each([
    ["by its last day", "2020-01-02", () => null],
    ["before its last day", "2099-12-31", () => ({ until: "2026-01-01" })],
    ["as it was taken back", "2099-12-31", () => ({ deleted_at: instantNow() })],
  ])("%s, the case gets a key its deputy never had, once", async (_, until, change) => {
    const { id, handover } = await handed(until);
    const other = await handed("2099-12-31");
    const set = change();
    if (set) {
      await anke.records.write("handed_case", handover, set);
      await anke.sync.syncNow();
    }
    await getsItsKeyOnce(id);
    // One that is handed still keeps its key.
    expect(keysOf(other.id).size).toBe(1);
    expect(readersOf(keyOf(other.id))).toContain(idOf("dora"));
  });

  it("because its deputy has left, the case gets one too, and the team keeps its own", async () => {
    const { id } = await handed("2099-12-31");
    server.leave("dora");
    await anke.sync.syncNow();
    await getsItsKeyOnce(id);
  });
});

describe("interrupted", () => {
  it.each(Array.from({ length: 9 }, (_, i) => i + 1))(
    "at the server's %i. answer, it goes on after a kill, and once",
    async (nth) => {
      const ids = [await newCase(anke, "Eine"), await newCase(anke, "Andere")];
      await anke.sync.syncNow();
      server.leave("carla");
      let answers = 0;
      server.answerWith = () => {
        answers += 1;
        if (answers >= nth) server.down = true;
        return null;
      };
      await anke.sync.syncNow();
      await settled(() => server.down || anke.session.renewing.value === null);
      anke.kill();
      Object.assign(server, { answerWith: null, down: false });
      await back(anke, "anke");
      await renewed(anke);
      expectRenewed();
      for (const id of ids) {
        const keys = server.envelopes.filter((one) => one.owner === id).map((one) => one.key_id);
        expect(new Set(keys).size).toBe(2);
      }
      await shown(anke.records.watch("client_case"), (rows) => rows.length === 2);
      expect(unexpected).toEqual([]);
    },
  );

  it("after a lost answer to the new key, it is not made twice", async () => {
    await newCase(anke, "Eine");
    await anke.sync.syncNow();
    Object.assign(server, { dropReplies: 1, dropOn: "/api/epochs" });
    server.leave("carla");
    await anke.sync.syncNow();
    await settled(() => server.epochs.length === 2);
    await anke.sync.syncNow();
    await renewed(anke);
    expectRenewed();
  });
});

describe("two phones", () => {
  it("make one key together, and seal with the same ones", async () => {
    const id = await newCase(anke, "Eine");
    await anke.sync.syncNow();
    // Anke knows that Carla has left, and can say nothing.
    server.answerWith = (path) => {
      if (path === "/api/statements" || path === "/api/epochs")
        throw new TypeError("Failed to fetch");
      return null;
    };
    server.leave("carla");
    await anke.sync.syncNow();
    await settled(() => anke.session.renewing.value !== null);
    anke.kill();
    server.answerWith = null;
    await back(bea, "bea");
    await renewed(bea);
    bea.kill();
    // Her own state is the old one until the server has answered.
    const late = vi.fn(() => null);
    server.answerWith = late;
    await back(anke, "anke");
    await renewed(anke);
    expect(server.epochs[1]?.author).toBe(idOf("bea"));
    expectRenewed();
    // Long after, both look for what is missing: nothing is.
    const before = server.envelopes.length;
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 11 * MINUTE_MS);
    anke.session.lock();
    await anke.session.unlock(idOf("anke"), PASSWORD);
    await anke.sync.syncNow();
    expect(server.envelopes.length).toBe(before);
    await anke.records.write("client_case", id, { name: "Von Anke" });
    await anke.sync.syncNow();
    const ankes = keyOf(id);
    anke.kill();
    await back(bea, "bea");
    await bea.records.write("client_case", id, { name: "Von Bea" });
    await bea.sync.syncNow();
    expect(keyOf(id)).toBe(ankes);
  });

  it("one goes on where the other was interrupted for good", async () => {
    await newCase(anke, "Eine");
    await anke.sync.syncNow();
    server.leave("carla");
    server.answerWith = (path) => {
      if (server.epochs.length === 2 && path === "/api/sync") server.down = true;
      return null;
    };
    await anke.sync.syncNow();
    await settled(() => server.down);
    anke.kill();
    Object.assign(server, { answerWith: null, down: false });
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 11 * MINUTE_MS);
    await back(bea, "bea");
    await renewed(bea);
    expectRenewed();
  });

  it("a colleague admitted meanwhile gets the key she lacks", async () => {
    anke.kill();
    const dora = await newPerson(server, "dora");
    dora.kill();
    server.leave("carla");
    await back(anke, "anke");
    await renewed(anke);
    // As if somebody had admitted her who did not have the new key yet.
    await admit(anke, "dora");
    const [, second] = epochIds() as [string, string];
    server.envelopes = server.envelopes.filter(
      ({ key_id, reader }) => key_id !== second || reader !== idOf("dora"),
    );
    await anke.sync.syncNow();
    await settled(() => readersOf(second).includes(idOf("dora")));
  });
});

it("who comes back has a new seed, and is compared anew without an alarm", async () => {
  server.leave("carla");
  await anke.sync.syncNow();
  await renewed(anke);
  anke.kill();
  Object.assign(server.users.get("carla") ?? {}, { left: false, registered: false });
  carla = await newPerson(server, "carla");
  carla.kill();
  await back(anke, "anke");
  await settled(() => anke.session.newcomers.value.length === 1);
  expect(anke.session.problems.value).toEqual([]);
  await anke.vouching.safetyNumber(idOf("carla"));
  await anke.vouching.admit(idOf("carla"));
  const id = await newCase(anke, "Für alle");
  await anke.sync.syncNow();
  anke.kill();
  await back(carla, "carla");
  await admit(carla, "anke");
  await settled(() => server.rows.has(id));
  const [row] = await shown(carla.records.watch("client_case"), (rows) => rows.length === 1);
  expect(row?.values.name).toBe("Für alle");
});
