/** What „gespeichert“ means: on the disk, whole, sealed, and said only after it was read back. */
import { IDBObjectStore } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, PASSWORD, Phone, settled, shown } from "./phone";

const NAME = "Kanarienvogel Mustermensch";
const NOTE = "Kanarienvogel sitzt am Fenster und wartet.";

let server: FakeServer;
let phone: Phone;

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
  server.down = true;
});

function newCase(name = NAME): Promise<string> {
  return phone.records.write("client_case", null, { kind: "handover", name, situation: NOTE });
}

/** Everything this person's database holds, as text. */
async function wholeDisk(): Promise<string> {
  const all = await Promise.all(phone.db.tables.map((table) => table.toArray()));
  return JSON.stringify(all);
}

function failOnce(store: "outbox" | "meta", method: "bulkAdd" | "bulkPut", name: string): void {
  // Inside a transaction the browser's error ends it, as this one does.
  vi.spyOn(phone.db[store], method).mockImplementationOnce(() => {
    throw new DOMException("test", name);
  });
}

describe("a write", () => {
  it("lies sealed on the disk, key and operation in one go", async () => {
    const id = await newCase();
    const sends = await phone.db.outbox.orderBy("n").toArray();
    expect(sends.map(({ kind, row }) => [kind, row])).toEqual([
      ["envelope", id],
      ["operation", id],
    ]);
    const disk = await wholeDisk();
    for (const clear of [NAME, NOTE, "Kanarienvogel", "Mustermensch"]) {
      expect(disk).not.toContain(clear);
    }
  });

  it("is numbered without gaps, also when one in between fails", async () => {
    await newCase();
    await expect(
      phone.records.write("client_case", null, { kind: "nonsense", name: NAME }),
    ).rejects.toMatchObject({ code: "unknown_code", field: "kind" });
    await newCase();
    const numbers = (await phone.db.outbox.toArray()).map(({ n }) => n);
    expect(numbers).toEqual(numbers.map((_, i) => i + (numbers[0] ?? 0)));
  });

  it("of several rows is one transaction", async () => {
    failOnce("meta", "bulkPut", "QuotaExceededError");
    const caseId = phone.records.newId();
    const visit = { case: caseId, happened_at: "2026-11-23T10:00:00Z", outcome: "short_talk" };
    const changes = [
      { table: "client_case", id: caseId, set: { kind: "handover", name: NAME } },
      { table: "visit", id: null, set: visit },
    ];
    await expect(phone.records.writeAll(changes)).rejects.toMatchObject({ code: "storage_full" });
    expect(await phone.db.outbox.count()).toBe(0);
    await phone.records.writeAll(changes);
    expect(await phone.db.outbox.count()).toBe(3);
    const [entry] = await shown(phone.records.watch("visit", { case: caseId }));
    expect(entry?.values).toMatchObject({ outcome: "short_talk" });
  });

  it("under an id that is there already writes nothing when it may only create", async () => {
    const id = phone.records.newId();
    const set = { kind: "handover", name: NAME };
    await phone.records.write("client_case", id, set, { create: true });
    const before = await phone.db.outbox.count();
    expect(await phone.records.write("client_case", id, set, { create: true })).toBe(id);
    expect(await phone.db.outbox.count()).toBe(before);
  });

  it("too long for any batch is refused at once, in German", async () => {
    const situation = "x".repeat(70_000);
    await expect(
      phone.records.write("client_case", null, { kind: "handover", name: NAME, situation }),
    ).rejects.toMatchObject({ code: "too_long" });
  });
});

describe("a disk that fails", () => {
  it("that is full says so, and keeps what was queued before", async () => {
    const first = await newCase("Zuerst");
    failOnce("outbox", "bulkAdd", "QuotaExceededError");
    await expect(newCase("Danach")).rejects.toMatchObject({
      code: "storage_full",
      message: expect.stringMatching(/Speicher dieses Telefons ist voll/),
    });
    const rows = new Set((await phone.db.outbox.toArray()).map(({ row }) => row));
    expect([...rows]).toEqual([first]);
    server.down = false;
    await phone.sync.syncNow();
    expect(server.rows.has(first)).toBe(true);
    await newCase("Wieder Platz");
  });

  it("that is full keeps nobody from reading what lies there", async () => {
    const id = await newCase();
    phone.kill();
    await phone.start();
    for (const method of ["add", "put"] as const) {
      vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(() => {
        throw new DOMException("test", "QuotaExceededError");
      });
    }
    await expect(
      phone.session.unlock(phone.session.accounts.value[0]?.user ?? "", "Ganz-falsch-1"),
    ).rejects.toMatchObject({ code: "wrong_password" });
    await phone.session.unlock(phone.session.accounts.value[0]?.user ?? "", PASSWORD);
    const [row] = await shown(phone.records.watch("client_case", { ids: [id] }));
    expect(row?.values.name).toBe(NAME);
    vi.restoreAllMocks();
  });

  it("that gives back something else means: not saved", async () => {
    vi.spyOn(phone.db.outbox, "bulkGet").mockImplementationOnce(
      () => Promise.resolve([undefined, undefined]) as never,
    );
    await expect(newCase()).rejects.toMatchObject({ code: "not_saved" });
  });

  it("whose connection was dropped is opened again", async () => {
    phone.db.backendDB().close();
    const id = await newCase();
    expect((await phone.db.outbox.toArray()).map(({ row }) => row)).toContain(id);
  });

  it("whose answer got lost after the commit does not write twice", async () => {
    const transaction = phone.db.transaction.bind(phone.db);
    let lost = 0;
    vi.spyOn(phone.db, "transaction").mockImplementation(((mode: string, ...rest: never[]) => {
      const done = (transaction as (...args: unknown[]) => Promise<unknown>)(mode, ...rest);
      if (mode !== "rw" || lost > 0) return done;
      lost += 1;
      return done.then(() => {
        throw new DOMException("test", "UnknownError");
      });
    }) as never);
    const id = await newCase();
    expect(lost).toBe(1);
    const sends = (await phone.db.outbox.toArray()).filter(({ row }) => row === id);
    expect(sends).toHaveLength(2);
  });
});

it("is sent after a kill between queueing and sending", async () => {
  const id = await newCase();
  phone.kill();
  server.down = false;
  await phone.start();
  await settled(() => server.rows.has(id));
  expect(phone.session.phase.value).toBe("locked");
});

describe("drafts", () => {
  const draft = { person: NAME, note: NOTE };

  it("survive a kill, sealed, and open after unlocking", async () => {
    await phone.drafts.saveDraft("kontakt", 1, draft);
    expect(await wholeDisk()).not.toContain("Kanarienvogel");
    phone.kill();
    await phone.start();
    await expect(phone.drafts.loadDraft("kontakt", 1)).rejects.toMatchObject({ code: "locked" });
    await phone.session.unlock(phone.session.accounts.value[0]?.user ?? "", PASSWORD);
    expect(phone.drafts.drafts.value.map(({ key }) => key)).toEqual(["kontakt"]);
    expect(await phone.drafts.loadDraft("kontakt", 1)).toEqual(draft);
  });

  it("of an older form are migrated, and never thrown away for being old", async () => {
    await phone.drafts.saveDraft("kontakt", 1, draft);
    expect(await phone.drafts.loadDraft("kontakt", 2)).toBeNull();
    const migrate = (old: unknown, from: number) => ({ ...(old as object), from });
    expect(await phone.drafts.loadDraft("kontakt", 2, migrate)).toEqual({ ...draft, from: 1 });
    expect(await phone.drafts.loadDraft("kontakt", 1)).toEqual(draft);
  });

  it("of a newer form are not replaced by an app that cannot read them", async () => {
    await phone.drafts.saveDraft("kontakt", 2, draft);
    const older = phone.drafts.saveDraft("kontakt", 1, { note: "anders" });
    await expect(older).rejects.toMatchObject({ code: "draft_newer" });
    expect(await phone.drafts.loadDraft("kontakt", 2)).toEqual(draft);
  });

  it("are not brought back by a late save", async () => {
    const saving = phone.drafts.saveDraft("kontakt", 1, draft);
    const discarding = phone.drafts.discardDraft("kontakt");
    await Promise.all([saving, discarding]);
    expect(await phone.db.draft.count()).toBe(0);
    expect(phone.drafts.drafts.value).toEqual([]);
  });

  it("may be saved in the moment of locking", async () => {
    phone.session.lock();
    await phone.drafts.saveDraft("kontakt", 1, draft);
    expect(await phone.db.draft.count()).toBe(1);
    await settled(() => phone.vaultsEnded.every((ended) => ended === 1));
    expect(() => phone.drafts.saveDraft("kontakt", 1, draft)).toThrow(/gesperrt/);
  });
});

describe("reading", () => {
  it("shows what does not open as such, and never writes over it silently", async () => {
    const id = await newCase();
    server.down = false;
    await phone.sync.syncNow();
    const record = await storedRow(id);
    const other = await newCase("Andere Person");
    await phone.sync.syncNow();
    const stolen = await storedRow(other);
    const columns = { ...record.columns, name: stolen.columns.name ?? null };
    await phone.db.row.put(JSON.stringify({ ...record, columns }), `client_case/${id}`);
    phone.kill();
    server.down = true;
    await phone.start();
    await phone.session.unlock(phone.session.accounts.value[0]?.user ?? "", PASSWORD);
    const [row] = await shown(phone.records.watch("client_case", { ids: [id] }));
    expect(row?.values.name).toBe(phone.records.UNREADABLE);
    expect(row?.values.situation).toBe(NOTE);
    const rename = phone.records.write("client_case", id, { name: "Neu" });
    await expect(rename).rejects.toMatchObject({ code: "unreadable_value", field: "name" });
    await phone.records.write("client_case", id, { name: "Neu" }, { overwriteUnreadable: true });
  });

  it("opens a row whose key comes later as soon as it comes", async () => {
    const id = await newCase();
    server.down = false;
    await phone.sync.syncNow();
    phone.kill();
    const [key] = await takeEnvelopes(phone);
    server.down = true;
    await phone.start();
    await phone.session.unlock(phone.session.accounts.value[0]?.user ?? "", PASSWORD);
    const watched = phone.records.watch("client_case", { ids: [id], columns: ["name"] });
    const [waits] = await shown(watched);
    expect(waits?.values.name).toBe(phone.records.UNREADABLE);
    server.down = false;
    if (key) server.envelopes.push({ ...key, seq: ++server.seq });
    await phone.sync.syncNow();
    const [row] = await shown(watched, ([one]) => one?.values.name === NAME);
    expect(row?.values).toEqual({ name: NAME });
  });

  it("never calls unreadable what came in one breath with its key", async () => {
    const id = await newCase();
    server.down = false;
    await phone.sync.syncNow();
    // Another phone of hers, which has seen all but this case.
    const row = server.rows.get(id);
    const key = server.envelopes.find(({ owner }) => owner === id);
    if (!row || !key) throw new Error("not there");
    server.rows.delete(id);
    server.envelopes = server.envelopes.filter((one) => one !== key);
    const second = await new Phone(server).start();
    await second.session.signIn("anke", PASSWORD);
    await second.sync.syncNow();
    const watched = second.records.watch("client_case", { columns: ["name"] });
    await shown(watched, (rows) => rows.length === 0);
    const seen = new Set<unknown>();
    watched.subscribe((rows) => {
      for (const { values } of rows ?? []) seen.add(values.name);
    });
    server.rows.set(id, { ...row, seq: ++server.seq });
    server.envelopes.push({ ...key, seq: ++server.seq });
    server.settings = { lock_minutes: 30 };
    await second.sync.syncNow();
    await shown(watched, ([one]) => one?.values.name === NAME);
    expect([...seen]).toEqual([NAME]);
  });

  it("never says that there is nothing once everything has come", async () => {
    await newCase();
    server.down = false;
    await phone.sync.syncNow();
    const second = await new Phone(server).start();
    const watched = second.records.watch("client_case", { columns: ["name"] });
    const seen: (number | undefined)[] = [];
    const look = () => {
      if (second.sync.status.value.firstSync === null) seen.push(watched.value?.length);
    };
    second.sync.status.subscribe(look);
    watched.subscribe(look);
    await second.session.signIn("anke", PASSWORD);
    // The store is new and empty, and so is the first answer.
    await shown(watched, (rows) => rows.length === 1);
    expect(seen).not.toContain(0);
    expect(seen.at(-1)).toBe(1);
  });

  it("answers the same question with the same signal, and opens only what was asked", async () => {
    const id = await newCase();
    const asked = { ids: [id], columns: ["name", "kind"] };
    const watched = phone.records.watch("client_case", asked);
    expect(phone.records.watch("client_case", { ...asked })).toBe(watched);
    const [row] = await shown(watched);
    expect(row?.values).toEqual({ name: NAME, kind: "handover" });
  });

  it("keeps two versions written without knowing of one another", async () => {
    server.down = false;
    const id = await newCase();
    await phone.sync.syncNow();
    const row = server.rows.get(id);
    if (!row) throw new Error("no row");
    server.down = true;
    await phone.records.write("client_case", id, { situation: "Meine Fassung." });
    await phone.records.write("client_case", id, { situation: "Meine zweite Fassung." });
    const [mine] = await shown(phone.records.watch("client_case", { ids: [id] }));
    expect(mine?.versions).toBeUndefined();
    await phone.records.write(
      "client_case",
      id,
      { situation: "Aus einem alten Formular." },
      { base: { situation: [] } },
    );
    const [two] = await shown(
      phone.records.watch("client_case", { ids: [id] }),
      ([one]) => one?.versions !== undefined,
    );
    expect(two?.versions?.situation?.map(({ value }) => value)).toEqual([
      "Aus einem alten Formular.",
      "Meine zweite Fassung.",
    ]);
  });
});

/** Takes the stored envelopes of case keys off a phone that is switched off. */
async function takeEnvelopes(from: Phone) {
  await from.start();
  const keys = (await from.db.envelopes.toArray()).flatMap(({ list }) => list);
  await from.db.envelopes.clear();
  await from.db.envelopes.add({ list: keys.filter(({ purpose }) => purpose === "team") });
  from.kill();
  return keys.filter(({ purpose }) => purpose === "case");
}

async function storedRow(id: string) {
  return JSON.parse((await phone.db.row.get(`client_case/${id}`)) ?? "");
}
