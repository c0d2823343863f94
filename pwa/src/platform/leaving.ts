/** What is done before a store leaves this phone: when its person signs out, or is locked out. */
import { MAX_BATCH_COUNT } from "@sync/operation";
import { post } from "./api";
import { durable, type PersonDb, type Send } from "./db";
import { ApiProblem, UnsentEntries } from "./problems";
import { ONE_SPOILS_ALL, positionOf } from "./sync_run";
import { firstBatch, requestText } from "./sync_wire";

/** @throws UnsentEntries while anything exists on this phone only. */
export async function nothingUnsent(db: PersonDb): Promise<void> {
  const [sends, refused, drafts, notes] = await durable(db, () =>
    db.transaction("r", db.outbox, db.tray, db.draft, db.note, () =>
      Promise.all([db.outbox.count(), db.tray.count(), db.draft.count(), db.note.count()]),
    ),
  );
  if (sends + refused + drafts + notes > 0) throw new UnsentEntries(sends, refused, drafts, notes);
}

/**
 * The office has locked this phone out: sends everything that waits, and then that it was all.
 * Nothing comes back, and the store goes next, so what the server cannot take is lost.
 * @throws Unreachable, or ApiProblem for a refusal of the phone itself: then it is to be tried again.
 */
export async function surrender(db: PersonDb): Promise<void> {
  const position = await positionOf(db);
  const give = (batch: readonly Send[]) =>
    post("/api/surrender", requestText(position, batch, Date.now()));
  let waiting = await durable(db, () => db.outbox.toArray());
  for (let most = MAX_BATCH_COUNT; waiting.length > 0; ) {
    const batch = firstBatch(waiting, most);
    const known = await taken(() => give(batch));
    // One alone that cannot be taken must not keep the others here.
    if (known || batch.length === 1) waiting = waiting.slice(batch.length);
    else most = Math.max(1, Math.floor(batch.length / 2));
  }
  await give([]);
}

/** False when it may be the fault of one send among many. */
async function taken(giving: () => Promise<unknown>): Promise<boolean> {
  try {
    await giving();
    return true;
  } catch (error) {
    const spoilt = error instanceof ApiProblem && SPOILT.has(error.code);
    if (spoilt) return false;
    throw error;
  }
}

const SPOILT: ReadonlySet<string> = new Set([...ONE_SPOILS_ALL, "device_cloned"]);
