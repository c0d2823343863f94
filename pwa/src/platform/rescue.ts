/**
 * A rescue file: everything that exists on this phone only, closed for the server it belongs to.
 * For a phone that cannot send any more; nothing on it changes. PROTOCOL.md, "Rescue files".
 */
import { SCHEMA } from "@sync/tables";
import { allMeta, durable, type HeldBack, type PersonDb, type Refused } from "./db";
import { instantNow } from "./ids";
import { spoken } from "./keyring";
import { problem } from "./problems";
import { bytesOf } from "./sends";
import { opened } from "./store";

/** What was put into a file. */
export interface RescueFile {
  name: string;
  text: string;
  /** Not arrived yet, or refused. */
  entries: number;
  drafts: number;
  notes: number;
}

/**
 * Puts all of it into one file, as one moment of the store; works without a network.
 * @throws ApiProblem `rescue_key_missing` before the server was ever reached, `locked`,
 *   `storage_failed`.
 */
export async function makeRescueFile(): Promise<RescueFile> {
  const { store, vault } = opened();
  const { account, db } = store;
  const all = await durable(db, () => read(db));
  const to = all.meta.state?.settings.rescue_key;
  if (typeof to !== "string") throw problem("rescue_key_missing");
  const at = instantNow();
  const content = {
    format: 1,
    team: account.team,
    user: account.user,
    device: all.meta.device,
    at,
    schema: SCHEMA,
    sends: all.outbox.map((send) => ({ kind: send.kind, send: bytesOf(send) })),
    again: all.outbox.flatMap(({ n, earlier }) => (earlier ? [{ n, ...earlier }] : [])),
    tray: all.tray.map((one) => ({ ...asideOf(one), at: one.refusedAt })),
    held: all.held.map((one) => ({ ...asideOf(one), at: one.heldAt })),
    drafts: all.drafts.map(({ key, version, changedAt, sealed }) => {
      return { key, version, changed_at: changedAt, sealed };
    }),
    notes: all.notes,
  };
  const text = await vault.ask("closeRescue", JSON.stringify(content), to).catch((error) => {
    throw spoken(error);
  });
  const name = `zuzweit-sicherungsdatei-${at.replace(/[-:]/g, "")}.zuzweit`;
  const operations = all.outbox.filter(({ kind }) => kind === "operation");
  return {
    name,
    text,
    entries: operations.length + all.tray.length,
    drafts: all.drafts.length,
    notes: all.notes.length,
  };
}

/** Long enough for the browser to have taken the file. */
const TAKEN_MS = 60_000;

/** Makes the file and saves it where downloads go. */
export async function giveOutRescueFile(): Promise<RescueFile> {
  const file = await makeRescueFile();
  const address = URL.createObjectURL(new Blob([file.text], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), TAKEN_MS);
  return file;
}

function read(db: PersonDb) {
  const stores = [db.outbox, db.tray, db.held, db.draft, db.note, db.meta];
  return db.transaction("r", stores, async () => {
    const [outbox, tray, held, drafts, notes, meta] = await Promise.all([
      db.outbox.orderBy("n").toArray(),
      db.tray.toArray(),
      db.held.toArray(),
      db.draft.toArray(),
      db.note.toArray(),
      allMeta(db),
    ]);
    return { outbox, tray, held, drafts, notes, meta };
  });
}

function asideOf(one: Refused | HeldBack) {
  return { send: bytesOf(one), code: one.code, field: "field" in one ? one.field : null };
}
