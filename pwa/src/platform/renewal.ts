/**
 * Somebody has left: signing it, the team's next key, and new keys for all cases. Loaded when it is
 * due.
 *
 * What the vault closes goes through the outbox like everything else. Nothing of the way is kept:
 * the vault finds out from what is stored what is still missing, so a kill costs nothing and two
 * phones at once come to the same end.
 */
import { computed, effect } from "@preact/signals";
import { post } from "./api";
import { readClock } from "./clock_state";
import { durable, type EnvelopeRecord, type PersonDb } from "./db";
import { type Keyring, spoken } from "./keyring";
import { keepSends, type NewSend } from "./outbox";
import { ApiProblem, Unreachable } from "./problems";
import { outbox } from "./queue";
import { allRows } from "./row_store";
import { operationOf, restOf } from "./sends";
import { currentStore, currentVault } from "./store";
import { status, syncNow } from "./sync_loop";
import { keepSaid } from "./sync_restored";
import { alone, writing } from "./tabs";
import { absorbTeam, renewalDue, renewing } from "./team";
import { officeNow, saidIn, vouch } from "./vouching";

/** So many envelopes are closed and stored at a time. */
const PART = 60;
const HANDED = "handed_case";
const DAY_MS = 24 * 60 * 60 * 1000;

/** Keys that wait to be sent for cases whose own creation does not. */
const waiting = computed(() => {
  const made = new Set(
    outbox.value.flatMap(({ kind, row }) => (kind === "operation" ? [row] : [])),
  );
  return outbox.value.some(({ kind, row }) => kind === "envelope" && !made.has(row));
});
/** More would be a server that hides the key it was given. */
const SUCCESSIONS = 3;
let running = false;
let triedAt: number | null = null;

/** Does what is due, as far as the server can be reached; the rest at the next contact. */
export async function renewKeys(): Promise<void> {
  const { lastContact } = status.peek();
  const [store, vault] = [currentStore.peek(), currentVault.peek()];
  if (running || !store || !vault || lastContact === triedAt) return;
  running = true;
  triedAt = lastContact;
  const { db } = store;
  try {
    await alone(`zuzweit-renewal-${db.user}`, () => renewAll(db, vault));
  } catch (error) {
    // No answer, or a lock in the middle: what is missing is found again.
    const locked = currentVault.peek() !== vault;
    if (!(error instanceof Unreachable) && !locked) throw spoken(error);
  } finally {
    running = false;
  }
}

async function renewAll(db: PersonDb, vault: Keyring): Promise<void> {
  renewing.value ??= { done: 0, total: 0 };
  for (let i = 0; i < SUCCESSIONS && (await succeed(db, vault)); i += 1) {
    // The server's answer brings the new key, and who else has left meanwhile.
    await syncNow();
    await absorbTeam(db, vault);
  }
  const handed = await handedCases(db);
  for (;;) {
    const { envelopes, done, total } = await vault.ask("renew", handed, await officeNow(db), PART);
    renewing.value = { done, total };
    if (envelopes.length === 0) break;
    await queue(db, envelopes);
    await vault.ask("learn", envelopes);
  }
  renewalDue.value = false;
  const stop = effect(() => {
    if (waiting.value) return;
    renewing.value = null;
    queueMicrotask(() => stop());
  });
  await syncNow();
}

/** Signs off who has left and mints the next key; whether anything was to be done. */
async function succeed(db: PersonDb, vault: Keyring): Promise<boolean> {
  const { statements, epoch } = await vault.ask("succession", await officeNow(db));
  for (const body of statements) await vouch(db, body);
  if (statements.length > 0) await absorbTeam(db, vault);
  if (epoch) {
    await keepSaid(db, saidIn(epoch));
    await post("/api/epochs", epoch).catch((error: unknown) => {
      // A colleague's phone was faster: her key is the next one.
      if (!(error instanceof ApiProblem && error.code === "epoch_exists")) throw error;
    });
  }
  return statements.length > 0 || epoch !== null;
}

/** All of them, or none; the clock is nobody else's meanwhile. */
function queue(db: PersonDb, envelopes: readonly EnvelopeRecord[]): Promise<void> {
  const at = Date.now();
  const sends = envelopes.map((envelope): NewSend => {
    const rest = restOf(envelope);
    return { kind: "envelope", table: "envelope", row: envelope.owner, at, rest };
  });
  return alone(writing(db.user), async () => {
    const { clock } = await durable(db, () => readClock(db));
    await keepSends(db, sends, { clock, envelopes, mended: [] });
  });
}

/** Per case the people it is handed to, now or later, as far as this phone knows. */
async function handedCases(db: PersonDb): Promise<Record<string, string[]>> {
  const stored = await durable(db, () => allRows(db, HANDED));
  const rows = new Map(stored.map(({ id, columns }) => [id, columns]));
  for (const send of outbox.peek()) {
    if (send.table !== HANDED) continue;
    rows.set(send.row, { ...rows.get(send.row), ...operationOf(send).set });
  }
  // A day more than needed, whatever the time zone: she gets no rows by it.
  const today = new Date(Date.parse(await officeNow(db)) - DAY_MS).toISOString().slice(0, 10);
  const handed: Record<string, string[]> = {};
  for (const { case: owner, deputy, until, deleted_at } of rows.values()) {
    if (typeof owner !== "string" || typeof deputy !== "string") continue;
    if (typeof until !== "string" || until < today || deleted_at) continue;
    handed[owner] = [...(handed[owner] ?? []), deputy];
  }
  return handed;
}
