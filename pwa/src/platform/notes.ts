/**
 * Quick notes: written while locked, sealed for their person alone, and hers to assign to a case
 * once she is in. The lock holds no key: nobody reads a note there, not even who has just written it.
 *
 * A note has the id its contact will have, so that a contact saved before a kill is known by it.
 */
import Dexie from "dexie";
import { accountOf } from "./accounts";
import { durable, type NoteRecord, PersonDb } from "./db";
import { draftsChanged } from "./drafts";
import { newId } from "./ids";
import { Keyring, spoken } from "./keyring";
import { problem } from "./problems";
import { currentStore, opened } from "./store";
import { alone, writing } from "./tabs";

/** A note as its person reads it; `at` in ms, `text` null when it does not open on this phone. */
export interface QuickNote {
  id: string;
  at: number;
  text: string | null;
}

/** A note being written while the phone is locked, for somebody who has a store here. */
export class NotePad {
  readonly id = newId();
  private readonly user: string;
  private readonly db: PersonDb;
  /** Holds no key: it is never opened. */
  private readonly vault = new Keyring();
  private last: Promise<void> = Promise.resolve();

  constructor(user: string) {
    this.user = user;
    this.db = new PersonDb(user);
  }

  /**
   * Seals and stores what was written so far, in place of what was before; nothing written is no
   * note. Resolves once the disk gives it back. One after the other, in the order of the calls.
   * @throws ApiProblem `not_saved`, `storage_full`, `storage_failed`, `too_long`.
   */
  keep(text: string): Promise<void> {
    if (text.trim() === "") return this.discard();
    return this.inTurn(async () => {
      const account = accountOf(this.user);
      if (!account) throw problem("not_saved");
      const note = { id: this.id, at: Date.now(), text: text.trim() };
      const box = await this.vault
        .ask("sealNote", note, this.user, account.boxPublic)
        .catch((error: unknown) => {
          throw spoken(error);
        });
      await this.put({ id: note.id, at: note.at, box });
    });
  }

  /** Nothing of it stays. */
  discard(): Promise<void> {
    return this.inTurn(() => this.write((db) => db.note.delete(this.id)));
  }

  /** Call when the form is gone. */
  async close(): Promise<void> {
    await this.last;
    this.vault.close();
    this.db.close();
  }

  private async put(note: NoteRecord): Promise<void> {
    await this.write((db) => db.note.put(note));
    const stored = await durable(this.db, () => this.db.note.get(note.id));
    if (stored?.box !== note.box) throw problem("not_saved");
  }

  private write(work: (db: PersonDb) => PromiseLike<unknown>): Promise<void> {
    const { db } = this;
    return alone(writing(this.user), async () => {
      // Another tab may have signed her out: to open her store would make an empty one anew.
      if (!(await Dexie.exists(db.name))) throw problem("not_saved");
      await durable(db, () => work(db));
    });
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work).then(() => draftsChanged(this.user));
    this.last = done.catch(() => {}); // Told to whoever asked; the next turn comes all the same.
    return done;
  }
}

/** All notes of the person who is in, the oldest first. @throws ApiProblem `locked`. */
export async function readNotes(): Promise<QuickNote[]> {
  const { store, vault } = opened();
  const kept = await durable(store.db, () => store.db.note.toArray());
  const texts = await vault.ask("openNotes", kept);
  return kept.map(({ id, at }, i) => ({ id, at, text: texts[i] ?? null }));
}

/** Removes a note of the person who is in: it was assigned, or is not wanted. */
export async function discardNote(id: string): Promise<void> {
  const db = currentStore.peek()?.db;
  if (!db) return;
  await durable(db, () => db.note.delete(id));
  await draftsChanged(db.user);
}
