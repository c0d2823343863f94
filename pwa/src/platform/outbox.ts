/** Putting finished sends on the disk, and making sure they are there. */
import { keepClock } from "./clock_state";
import {
  type ClockState,
  durable,
  type EnvelopeRecord,
  getMeta,
  keepEnvelopes,
  type PersonDb,
  putMeta,
  type Refused,
  type Send,
} from "./db";
import { problem } from "./problems";
import { queued, untrayed } from "./queue";
import { tellTabs } from "./tabs";

export type NewSend = Omit<Send, "key" | "n">;

/** What else belongs into the same transaction. */
export interface Beside {
  clock: ClockState;
  envelopes: readonly EnvelopeRecord[];
  mended: readonly Refused[];
}

/**
 * Numbers and stores sends in one transaction, reads them back, then tells everybody.
 * @throws ApiProblem `not_saved` when the disk does not give back what it was given.
 */
export async function keepSends(
  db: PersonDb,
  sends: readonly NewSend[],
  beside: Beside,
): Promise<void> {
  if (sends.length === 0) return;
  const stores = [db.outbox, db.tray, db.envelopes, db.meta];
  const stored = await durable(db, () =>
    db.transaction("rw", stores, async () => {
      // The work runs again when only the answer of the first commit was lost.
      const there = await alreadyStored(db, sends);
      if (there) return there;
      await keepEnvelopes(db, beside.envelopes);
      await db.tray.bulkDelete(beside.mended.map(({ key }) => key));
      await keepClock(db, beside.clock);
      return number(db, sends);
    }),
  );
  await readBack(db, stored);
  queued(stored);
  untrayed(beside.mended);
  tellTabs({ kind: "queue", user: db.user });
}

/** Gives sends the device's next numbers. Call inside a transaction over outbox and meta. */
export async function number(db: PersonDb, sends: readonly NewSend[]): Promise<Send[]> {
  const [n, key] = await Promise.all([getMeta(db, "nextN"), getMeta(db, "nextKey")]);
  const numbered = sends.map((send, i) => ({ ...send, n: (n ?? 1) + i, key: (key ?? 1) + i }));
  await db.outbox.bulkAdd(numbered);
  const count = numbered.length;
  await putMeta(db, { nextN: (n ?? 1) + count, nextKey: (key ?? 1) + count });
  return numbered;
}

async function alreadyStored(db: PersonDb, sends: readonly NewSend[]): Promise<Send[] | null> {
  const rows = new Set(sends.map(({ row }) => row));
  const there = await db.outbox
    .where("row")
    .anyOf([...rows])
    .toArray();
  const same = sends.map(({ rest }) => there.find((send) => send.rest === rest));
  const found = same.filter((send) => send !== undefined);
  return found.length === sends.length ? found : null;
}

/** „Gespeichert“ is only said about what the disk gives back. A quick sync may have moved it on. */
async function readBack(db: PersonDb, stored: readonly Send[]): Promise<void> {
  const keys = stored.map(({ key }) => key);
  const places = await durable(db, () =>
    db.transaction("r", db.outbox, db.sent, db.tray, db.held, () =>
      Promise.all([db.outbox, db.sent, db.tray, db.held].map((place) => place.bulkGet(keys))),
    ),
  );
  const kept = stored.every(({ rest }, i) => places.some((place) => place[i]?.rest === rest));
  if (!kept) throw problem("not_saved");
}
