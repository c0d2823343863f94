/**
 * Drafts of forms: sealed with the person's own key, saved at every change, gone only by discarding.
 *
 * A draft's key names the form and ids, never a person. Saving and discarding one draft happen in
 * the order they were asked for, so that a late save never brings back what was discarded.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { type DraftRecord, durable } from "./db";
import { spoken } from "./keyring";
import { problem, reportTrouble } from "./problems";
import { currentStore, currentVault, opened } from "./store";
import { hearTabs, tellTabs } from "./tabs";
import { holdForm } from "./updates";

export interface DraftInfo {
  key: string;
  /** Milliseconds since 1970. */
  changedAt: number;
  /** Nobody has left its form since: a lock or a kill closed it. */
  open: boolean;
}

const known = signal<DraftInfo[]>([]);
const noted = signal<readonly string[]>([]);
const turns = new Map<string, Promise<unknown>>();

/** The drafts of the current store, the newest first; what is in them is sealed. */
export const drafts: ReadonlySignal<DraftInfo[]> = known;

/** The ids of the quick notes in the current store, see notes.ts; the oldest first. */
export const notes: ReadonlySignal<readonly string[]> = noted;

/**
 * Opens a draft; null when there is none. One saved by another version of the form goes through
 * `migrate`; without one it stays where it is and counts as none.
 * @throws ApiProblem `locked`, `storage_failed`, or `unreadable` for a draft of another seed.
 */
export function loadDraft<T>(
  key: string,
  version: number,
  migrate?: (value: unknown, fromVersion: number) => T | null,
): Promise<T | null> {
  return inTurn(key, async () => {
    const { store, vault } = opened();
    const draft = await durable(store.db, () => store.db.draft.get(key));
    if (!draft || (draft.version !== version && !migrate)) return null;
    const value = await vault.ask("openOwn", nameOf(draft), draft.sealed).catch(rethrow);
    // The version says which shape the form itself has saved.
    return draft.version === version ? (value as T) : (migrate?.(value, draft.version) ?? null);
  });
}

/** Whether a draft may be there: when not, nobody needs to look. Another tab's newest takes a moment. */
export function mayHaveDraft(key: string): boolean {
  return turns.has(key) || known.peek().some((draft) => draft.key === key);
}

/** Saves a draft; resolves once it lies on the disk. @throws ApiProblem as a write does. */
export function saveDraft(key: string, version: number, value: unknown): Promise<void> {
  const { store, vault } = opened();
  const changedAt = Date.now();
  // Asked at once, so that a lock right after this still gets it sealed.
  const sealing = vault.ask("sealOwn", nameOf({ key, version }), value).catch(rethrow);
  sealing.catch(() => {}); // Told to whoever saved, in turn.
  return inTurn(key, async () => {
    const draft: DraftRecord = { key, version, changedAt, sealed: await sealing, open: true };
    await durable(store.db, () =>
      store.db.transaction("rw", store.db.draft, async () => {
        // Of a newer app in another tab: what this one cannot read it must not replace.
        if (((await store.db.draft.get(key))?.version ?? 0) > version) throw problem("draft_newer");
        await store.db.draft.put(draft);
      }),
    );
    await draftsChanged(store.db.user);
  });
}

/** Discards a draft; nothing happens when there is none. */
export function discardDraft(key: string): Promise<void> {
  return inTurn(key, async () => {
    const db = currentStore.peek()?.db;
    if (!db) return;
    await durable(db, () => db.draft.delete(key));
    await draftsChanged(db.user);
  });
}

/**
 * Keeps updates away while a form is open. Call the answer once the form is closed and its draft is
 * saved: unless a lock closed it, the form counts as left.
 */
export function holdDraft(key: string): () => void {
  const release = holdForm();
  return () => {
    release();
    if (currentVault.peek()) leaveDraft(key).catch(reportTrouble);
  };
}

/** Nobody writes this draft any more, for now: the app need not open there again. */
export async function leaveDraft(key: string): Promise<void> {
  if (!mayHaveDraft(key)) return;
  await inTurn(key, async () => {
    const db = currentStore.peek()?.db;
    const draft = db && (await durable(db, () => db.draft.get(key)));
    if (!db || !draft) return;
    await durable(db, () => db.draft.put({ ...draft, open: false }));
    await draftsChanged(db.user);
  });
}

/** Reads the lists anew; called when another store becomes the current one. */
export async function followDrafts(): Promise<void> {
  const db = currentStore.peek()?.db;
  const read = () => Promise.all([db?.draft.toArray(), db?.note.toCollection().primaryKeys()]);
  const [all = [], ids = []] = db ? await durable(db, read) : [];
  noted.value = ids;
  known.value = all
    .map(({ key, changedAt, open }) => ({ key, changedAt, open }))
    .sort((a, b) => b.changedAt - a.changedAt);
}

/** Hears of drafts in other tabs; once per tab. */
export function startDrafts(): void {
  hearTabs((message) => {
    if (message.kind === "drafts" && message.user === currentStore.peek()?.db.user) {
      void followDrafts();
    }
  });
}

/** After a commit that changed drafts or quick notes: this tab and all others look again. */
export async function draftsChanged(user: string): Promise<void> {
  if (currentStore.peek()?.db.user === user) await followDrafts();
  tellTabs({ kind: "drafts", user });
}

function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(key) ?? Promise.resolve()).then(work, work);
  turns.set(key, turn);
  const done = () => {
    if (turns.get(key) === turn) turns.delete(key);
  };
  turn.then(done, done);
  return turn;
}

function nameOf({ key, version }: Pick<DraftRecord, "key" | "version">): string {
  return `draft|${version}|${key}`;
}

function rethrow(error: unknown): never {
  throw spoken(error);
}
