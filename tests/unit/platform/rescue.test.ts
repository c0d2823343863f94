/** What a rescue file holds: all that is on this phone only, as the bytes that travel. */
import { getMeta, type WireState } from "@pwa/platform/db";
import { fromBase64url, toBase64url } from "@pwa/platform/encoding";
import { boxOpen, boxPair, loadVault, verifyText } from "@pwa/platform/vault";
import { beforeEach, expect, it, vi } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, type Phone, settled } from "./phone";

const CASE = { kind: "handover", name: "Erfundene Person", situation: "Wohnt bei der Tante." };

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});

async function pairOfTheServer() {
  await loadVault();
  const pair = boxPair(new Uint8Array(32).fill(7));
  server.settings = { ...server.settings, rescue_key: toBase64url(pair.publicKey) };
  return pair;
}

async function opened(phone: Phone, pair: Awaited<ReturnType<typeof pairOfTheServer>>) {
  const file = await phone.rescue.makeRescueFile();
  expect(file.text).not.toContain("Erfundene");
  const box = fromBase64url(file.text.split("\n")[1]);
  const inner = boxOpen(box, pair) as Uint8Array;
  const text = new TextDecoder().decode(inner.subarray(64));
  const state = (await getMeta(phone.db, "state")) as WireState;
  const key = fromBase64url(state.members[0]?.sign_public, 32);
  expect(verifyText(inner.subarray(0, 64), `zz1|rescue|${text}`, key)).toBe(true);
  return { file, content: JSON.parse(text), text };
}

it("holds every send byte for byte, what was refused, and sealed drafts; no word in clear", async () => {
  const pair = await pairOfTheServer();
  const phone = await firstColleague(server);
  const known = await phone.records.write("client_case", null, CASE);
  await settled(() => server.rows.has(known));
  server.down = true;
  const row = await phone.records.write("client_case", null, CASE);
  await phone.records.write("client_case", known, { name: "Erfundener Name" });
  await phone.drafts.saveDraft("visit:new", 1, { note: "Erfundene Notiz" });
  const note = { id: "1".repeat(32), at: 7, box: "Verschlossen" };
  await phone.db.note.put(note);
  const before = await phone.db.outbox.orderBy("n").toArray();
  await phone.db.tray.put({
    ...before[2],
    key: 999,
    n: 1,
    refusedAt: 5,
    code: "role_may_not",
    field: null,
  } as never);

  const { file, content, text } = await opened(phone, pair);
  expect(file).toMatchObject({ entries: 3, drafts: 1, notes: 1 });
  expect(file.name).toMatch(/^zuzweit-sicherungsdatei-\d{8}T\d{6}Z\.zuzweit$/);
  expect(content.sends).toEqual(
    before.map(({ kind, n, rest }) => ({ kind, send: `{"n":${n},${rest}` })),
  );
  expect(content.sends.map(({ kind }: { kind: string }) => kind)).toEqual([
    "envelope",
    "operation",
    "operation",
  ]);
  expect(JSON.parse(content.sends[1].send)).toMatchObject({ row, table: "client_case" });
  expect(content).toMatchObject({ format: 1, device: phone.cookie.device, held: [] });
  expect(content.tray).toMatchObject([{ code: "role_may_not", at: 5 }]);
  const [draft] = content.drafts;
  expect(draft.sealed).toBe((await phone.db.draft.get("visit:new"))?.sealed);
  expect(content.notes).toEqual([note]);
  expect(text).not.toContain("Erfunden");
  // Nothing here has changed by it.
  expect(await phone.db.outbox.orderBy("n").toArray()).toEqual(before);
});

it("cannot be made before the server has said for whom to close it, or while locked", async () => {
  const phone = await firstColleague(server);
  await expect(phone.rescue.makeRescueFile()).rejects.toMatchObject({ code: "rescue_key_missing" });
  phone.session.lock();
  // For a moment after locking, forms may still seal what was typed last.
  const locked = { code: "locked" };
  await vi.waitFor(() => expect(phone.rescue.makeRescueFile()).rejects.toMatchObject(locked));
});
