/** What a person does with an entry the server has refused: send it again, or throw it away. */
import { durable, type PersonDb, type Refused, type Send } from "./db";
import { number } from "./outbox";
import { problem } from "./problems";
import { outbox, queued, tray, untrayed } from "./queue";
import { currentStore } from "./store";
import { syncSoon } from "./sync_loop";
import { tellTabs } from "./tabs";
import { isNeeded } from "./tray";

/**
 * Queues a refused entry again, with stamp and sealed values as they are, under a new number;
 * later refused entries on the same row go with it.
 * @throws ApiProblem `not_found` when it is gone.
 */
export async function sendAgain(key: number): Promise<void> {
  const db = currentStore.peek()?.db;
  if (!db || !(await queueAgain(db, key))) throw problem("not_found");
  syncSoon(0);
}

async function queueAgain(db: PersonDb, key: number): Promise<boolean> {
  const stores = [db.outbox, db.tray, db.meta];
  const [sends, gone] = await durable(db, () =>
    db.transaction("rw", stores, async (): Promise<[Send[], Refused[]]> => {
      const chosen = await db.tray.get(key);
      if (!chosen) return [[], []];
      const onRow = await db.tray.where("row").equals(chosen.row).sortBy("key");
      const group = onRow.filter((one) => one.key >= key);
      await db.tray.bulkDelete(group.map((one) => one.key));
      const again = group.map(({ kind, table, row, at, rest }) => ({ kind, table, row, at, rest }));
      return [await number(db, again), group];
    }),
  );
  untrayed(gone);
  queued(sends);
  tellTabs({ kind: "queue", user: db.user });
  return sends.length > 0;
}

/**
 * Throws a refused entry away for good: the one way to lose something written, and a person's own.
 * @throws ApiProblem `unsent_entries` for a key without which others could never be sent.
 */
export async function discard(key: number): Promise<void> {
  const db = currentStore.peek()?.db;
  const chosen = tray.peek().find((one) => one.key === key);
  const others = [...outbox.peek(), ...tray.peek()];
  if (chosen && isNeeded(chosen, others)) throw problem("unsent_entries");
  if (!db) return;
  const gone = await durable(db, () =>
    db.transaction("rw", db.tray, async () => {
      const found = await db.tray.get(key);
      await db.tray.delete(key);
      return found;
    }),
  );
  if (gone) untrayed([gone]);
  tellTabs({ kind: "queue", user: db.user });
}
