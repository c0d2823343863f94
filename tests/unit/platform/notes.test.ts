/** Quick notes: sealed while locked, read by their person alone, and one contact each. */
import type { NoteRecord } from "@pwa/platform/db";
import { IDBObjectStore } from "fake-indexeddb";
import { beforeEach, expect, it, vi } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, newPerson, PASSWORD, type Phone, settled, shown } from "./phone";

const TEXT = "Kanarienvogel sitzt am Fenster und wartet.";
const MINUTE = 60_000;

let server: FakeServer;
let phone: Phone;

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
  server.down = true;
  phone.session.lock();
});

const user = (name = "anke") =>
  phone.session.accounts.value.find((account) => account.name === name)?.user ?? "";
const enter = (name?: string) => phone.session.unlock(user(name), PASSWORD);
const notesModule = () => import("@pwa/platform/notes");
const waiting = () => phone.drafts.notes.value;

async function pad(name?: string) {
  const { NotePad } = await notesModule();
  return new NotePad(user(name));
}

/** Written on the lock and left there; its id. */
async function written(text = TEXT, name?: string): Promise<string> {
  const made = await pad(name);
  await made.keep(text);
  await made.close();
  return made.id;
}

async function read() {
  return (await notesModule()).readNotes();
}

async function boxes(): Promise<NoteRecord[]> {
  return phone.db.note.toArray();
}

/** What becomes of the next note on its way to the disk. */
function nextNote(instead: (note: NoteRecord) => NoteRecord): void {
  const put = IDBObjectStore.prototype.put;
  let done = false;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: never, value) {
    const hit = !done && (this as IDBObjectStore).name === "note";
    done ||= hit;
    return put.call(this, hit ? instead(value) : value);
  });
}

it("is sealed while locked and without a network, and read after a kill and an unlock", async () => {
  const before = Date.now();
  const id = await written();
  expect(waiting()).toEqual([id]);
  expect(JSON.stringify(await boxes())).not.toContain("Kanarienvogel");
  phone.kill();
  await phone.start();
  expect(phone.session.phase.value).toBe("locked");
  expect(waiting()).toEqual([id]);
  await expect(read()).rejects.toMatchObject({ code: "locked" });
  await enter();
  const [note] = await read();
  expect(note).toMatchObject({ id, text: TEXT });
  expect(note?.at).toBeGreaterThanOrEqual(before);
  expect(note?.at).toBeLessThanOrEqual(Date.now());
});

it("is padded: a word weighs as much as a sentence", async () => {
  await written("Tür");
  await written(TEXT);
  const [word, sentence] = await boxes();
  expect(word?.box.length).toBe(sentence?.box.length);
});

it("takes the place of what was typed before, and is gone when nothing is left", async () => {
  const made = await pad();
  const all = [made.keep("Kan"), made.keep("Kanarien"), made.keep(` ${TEXT} `)];
  await Promise.all(all);
  expect(waiting()).toEqual([made.id]);
  await made.keep("  ");
  expect(waiting()).toEqual([]);
  await made.keep(TEXT);
  await made.close();
  await enter();
  expect(await read()).toMatchObject([{ text: TEXT }]);
});

it("is not shown when the box is another's, was moved, or is no note", async () => {
  const [first, second] = [await written("eins"), await written("zwei")];
  const [one, two] = (await boxes()) as [NoteRecord, NoteRecord];
  await phone.db.note.bulkPut([
    { ...one, box: two.box },
    { ...two, at: two.at + 1 },
    { ...one, id: "0".repeat(32), box: "keine" },
  ]);
  await enter();
  expect(await read()).toEqual([
    { id: "0".repeat(32), at: one.at, text: null },
    { id: first, at: one.at, text: null },
    { id: second, at: two.at + 1, text: null },
  ]);
});

it("belongs to one of several people on a phone", async () => {
  server.down = false;
  server.invite("berta");
  await phone.session.acceptInvitation("token-berta", PASSWORD);
  phone.session.lock();
  const hers = await written("von Berta", "berta");
  expect(waiting()).toEqual([hers]);
  const other = await written("von Anke", "anke");
  expect(waiting()).toEqual([hers]);
  await enter("anke");
  expect(waiting()).toEqual([other]);
  expect(await read()).toMatchObject([{ text: "von Anke" }]);
});

it("does not open for a colleague who gets hold of it", async () => {
  await written();
  const stolen = await boxes();
  server.down = false;
  phone.kill();
  phone = await newPerson(server, "mira");
  await phone.db.note.bulkPut(stolen);
  expect(await read()).toMatchObject([{ text: null }]);
});

it("that finds no room says so, and what lay there before stays", async () => {
  const made = await pad();
  await made.keep("vorher");
  nextNote(() => {
    throw new DOMException("test", "QuotaExceededError");
  });
  await expect(made.keep(TEXT)).rejects.toMatchObject({ code: "storage_full" });
  await enter();
  expect(await read()).toMatchObject([{ text: "vorher" }]);
  await made.keep(TEXT);
  expect(await read()).toMatchObject([{ text: TEXT }]);
});

it("that the disk does not give back was not saved", async () => {
  const made = await pad();
  nextNote((note) => ({ ...note, box: "etwas anderes" }));
  await expect(made.keep(TEXT)).rejects.toMatchObject({ code: "not_saved" });
  await made.keep(TEXT);
});

it("makes no store anew where its person has signed out in another tab", async () => {
  const made = await pad();
  const { name } = phone.db;
  phone.db.close();
  await phone.db.delete();
  await expect(made.keep(TEXT)).rejects.toMatchObject({ code: "not_saved" });
  const names = (await phone.disk.databases()).map((one) => one.name);
  expect(names).not.toContain(name);
});

it("keeps its person from signing out until it is assigned or thrown away", async () => {
  const id = await written();
  server.down = false;
  await enter();
  await settled(() => phone.sync.status.value.waiting === 0);
  await expect(phone.session.signOut()).rejects.toMatchObject({
    code: "unsent_entries",
    drafts: 0,
    notes: 1,
  });
  await (await notesModule()).discardNote(id);
  expect(waiting()).toEqual([]);
  await phone.session.signOut();
});

it("goes with the contact of its id when that is erased for good", async () => {
  const id = await written();
  server.down = false;
  await enter();
  const row = await phone.records.write("client_case", null, { kind: "handover", name: "Nina" });
  const visit = { case: row, happened_at: "2026-11-23T10:00:00Z", outcome: "short_talk" };
  await phone.records.write("visit", id, visit, { create: true });
  await settled(() => server.rows.has(id));
  server.erase(row);
  await phone.sync.syncNow();
  await expect.poll(waiting).toEqual([]);
});

async function visits() {
  const [store, notes, cases] = await Promise.all([
    import("@pwa/features/visits/store"),
    import("@pwa/features/visits/note_store"),
    phone.records.write("client_case", null, { kind: "handover", name: "Nina" }),
  ]);
  return { store, notes, caseId: cases };
}

it("becomes a contact with its words and its time, once, although it outlived the save", async () => {
  const id = await written();
  await enter();
  const { store, notes, caseId } = await visits();
  const [note] = await notes.waitingNotes();
  const draft = notes.contactOf(note as NonNullable<typeof note>);
  const form = { ...draft.form, caseId, placeKind: "doorstep", outcome: "nobody_met" };
  await store.contactDrafts.save(`visit:note:${id}`, store.DRAFT_VERSION, {
    ...draft,
    form,
    handed: form,
  });
  await store.saveContact({ ...draft, form });
  // Killed before draft and note could go.
  phone.kill();
  await phone.start();
  await enter();
  const again = await import("@pwa/features/visits/note_store");
  expect(waiting()).toEqual([id]);
  expect(await again.noteFor(id)).toBeNull();
  expect([waiting(), phone.drafts.drafts.value]).toEqual([[], []]);
  const rows = await shown(phone.records.watch("visit", {}));
  expect(rows.map((row) => [row.id, row.values.observation])).toEqual([[id, TEXT]]);
  const happened = Date.parse(String(rows[0]?.values.happened_at));
  expect(Math.abs(happened - (note?.at ?? 0))).toBeLessThan(MINUTE);
});

it("whose contact was begun and not saved still waits, with the draft", async () => {
  const id = await written();
  await enter();
  const { store, notes } = await visits();
  const note = await notes.noteFor(id);
  const draft = notes.contactOf(note as NonNullable<typeof note>);
  await store.contactDrafts.save(`visit:note:${id}`, store.DRAFT_VERSION, draft);
  expect(await notes.noteFor(id)).toMatchObject({ text: TEXT });
  expect(phone.drafts.drafts.value).toHaveLength(1);
});
