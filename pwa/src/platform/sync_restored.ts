/**
 * A server that went back in time: what an earlier log of it had accepted or held waits again, before what
 * was written since, with the rank and the name it was given. What the phone knows of the team goes
 * back first (`tellRemembered`): it admits people and tells of keys.
 */
import { post } from "./api";
import {
  allEnvelopes,
  allMeta,
  durable,
  type Earlier,
  type EnvelopeRecord,
  type HeldBack,
  type Meta,
  type PersonDb,
  putMeta,
  type Remembered,
  type Said,
  type Secured,
  type Send,
} from "./db";
import { getRows } from "./row_store";
import { operationOf, tableOf } from "./sends";
import type { SyncAnswer } from "./sync_wire";

/** Accepted sends are kept this long: a restored server gets them again. */
export const KEEP_SENT_MS = 30 * 24 * 60 * 60 * 1000;

/** Whether the server knows less than this phone: another log is another server, or ours restored. */
export function wentBack({ logId }: Partial<Meta>, answer: SyncAnswer): boolean {
  return answer.restored === true || (Boolean(logId) && logId !== answer.log_id);
}

/**
 * Queues again what was accepted or held in the last 30 days; answers the facts it has written.
 * Call inside a transaction over rowStores, outbox, sent, held, envelopes and meta.
 */
export async function bringBack(
  db: PersonDb,
  meta: Partial<Meta>,
  answer: SyncAnswer,
  phoneNowMs: number,
): Promise<Partial<Meta>> {
  const since = phoneNowMs - KEEP_SENT_MS;
  const [secured, held, waiting] = await Promise.all([
    db.sent.where("securedAt").aboveOrEqual(since).toArray(),
    db.held.filter(({ heldAt }) => heldAt >= since).toArray(),
    db.outbox.toArray(),
  ]);
  const again = [...secured, ...held, ...waiting.filter(({ earlier }) => earlier)];
  const names = await namesOf(db, again);
  await db.outbox.bulkPut(again.map((send) => asBefore(send, names)));
  await db.sent.bulkDelete(secured.map(({ key }) => key));
  await db.held.bulkDelete(held.map(({ key }) => key));
  const facts: Partial<Meta> = {
    logId: answer.log_id,
    cursor: null,
    // What goes out again may bear numbers of an earlier device, and what was refused is a gap.
    deviceSpent: true,
    remembered: await remember(db, meta),
    lastContact: phoneNowMs,
  };
  await putMeta(db, facts);
  return facts;
}

/** Keeps what is about to be said of somebody, with the keys closed for her, before it travels. */
export async function keepSaid(db: PersonDb, said: Said): Promise<void> {
  await durable(db, () =>
    db.transaction("rw", db.meta, async () => {
      const { vouched } = await allMeta(db);
      await putMeta(db, { vouched: [...(vouched ?? []), said] });
    }),
  );
}

/** Tells a restored server what it has forgotten of the team. @throws as `post` does. */
export async function tellRemembered(db: PersonDb): Promise<void> {
  const { remembered } = await durable(db, () => allMeta(db));
  if (!remembered) return;
  await post("/api/remembered", remembered);
  await durable(db, () => putMeta(db, { remembered: null }));
}

/** A send as it was queued once, with what the earlier log gave it beside its bytes. */
function asBefore(
  send: Send | Secured | HeldBack,
  names: ReadonlyMap<string, Earlier["given"]>,
): Send {
  const { key, n, kind, table, row, at, rest } = send;
  const plain = { key, n, kind, table, row, at, rest };
  if (kind === "envelope") return { ...plain, earlier: {} };
  const operation = operationOf(send);
  const given = "effective" in send ? send.effective : undefined;
  const effective = given ?? send.earlier?.effective ?? operation.stamp;
  const columns = tableOf(table)?.columns ?? {};
  const creates = Object.keys(operation.set).some((column) => columns[column]?.create);
  const name = names.get(row) ?? send.earlier?.given;
  return { ...plain, earlier: { effective, ...(creates && name && { given: name }) } };
}

/** By row: what the server has filled in at its creation, as far as this phone has seen it. */
async function namesOf(
  db: PersonDb,
  sends: readonly Send[],
): Promise<Map<string, NonNullable<Earlier["given"]>>> {
  const names = new Map<string, NonNullable<Earlier["given"]>>();
  const operations = sends.filter(({ kind }) => kind === "operation");
  for (const name of new Set(operations.map(({ table }) => table))) {
    const columns = tableOf(name)?.columns ?? {};
    const labels = Object.keys(columns).filter((column) => columns[column]?.kind === "label");
    const ids = operations.filter(({ table }) => table === name).map(({ row }) => row);
    for (const record of await getRows(db, name, [...new Set(ids)])) {
      const given = labels.flatMap((label): [string, string][] => {
        const value = record.columns[label];
        return typeof value === "string" ? [[label, value]] : [];
      });
      if (given.length > 0) names.set(record.id, Object.fromEntries(given));
    }
  }
  return names;
}

/** Statements, epochs and team keys: whatever this phone was told or has said itself. */
async function remember(db: PersonDb, meta: Partial<Meta>): Promise<Remembered> {
  const vouched = meta.vouched ?? [];
  const served = meta.state?.members.flatMap(({ statements }) => statements) ?? [];
  const said = vouched.flatMap(({ statement }) => (statement ? [statement] : []));
  const mine = (await allEnvelopes(db)).filter(
    ({ purpose, reader }) => purpose === "team" && reader === db.user,
  );
  const envelopes: EnvelopeRecord[] = [...mine, ...vouched.flatMap((one) => one.envelopes)];
  const all = [...(meta.statements ?? []), ...served, ...said];
  return {
    statements: [...new Map(all.map((one) => [one.signature, one])).values()],
    // A restore in the middle of another one: the epochs of the first are not served yet.
    epochs: meta.remembered?.epochs ?? meta.state?.epochs ?? [],
    envelopes,
  };
}
