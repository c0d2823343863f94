/**
 * Taking in one answer of the server, all of it in one transaction: verdicts, what to forget,
 * envelopes, rows, and where to go on. Killed before the commit, the phone asks the same again.
 */
import { keepClock, mergeStamps, newClock, restartedClock, skewOf } from "./clock_state";
import {
  allMeta,
  durable,
  keepEnvelopes,
  type Meta,
  type PersonDb,
  putMeta,
  type RowRecord,
  type Secured,
  type Send,
} from "./db";
import { purge } from "./erasures";
import type { Queue } from "./queue";
import { keptHere } from "./resting";
import { getRows, putRows, rowStores } from "./row_store";
import { forgetOutside } from "./scope";
import { mergeSend, newsFor, operationOf } from "./sends";
import { bringBack, KEEP_SENT_MS, wentBack } from "./sync_restored";
import type { SyncAnswer, Verdict } from "./sync_wire";

/** Somebody closed the same key for the same reader before us: as good as accepted. */
const HARMLESS = "envelope_exists";
/** What was written is gone with what it was about. */
const ERASED = "erased";

/** What a commit has changed. */
export interface Absorbed {
  /** Rows as they lie in the store now. */
  records: RowRecord[];
  /** The queue after it; null when nothing of it changed. */
  queue: (Queue & { accepted: Secured[] }) | null;
  /** Keys of the sends without a final verdict: to be sent again later. */
  retry: number[];
  /** Rows and envelopes were forgotten. */
  forgot: boolean;
  /** The ids of what was erased: nothing of them is left here. */
  purged: ReadonlySet<string>;
  /** The server went back in time: everything begins anew. */
  wentBack: boolean;
  meta: Partial<Meta>;
}

/** One verdict and the send it is about. */
interface Judged {
  send: Send;
  verdict: Verdict;
}

/** Stores an answer to `batch`. `phoneNowMs` is the phone's clock when the answer had come. */
export function absorb(
  db: PersonDb,
  batch: readonly Send[],
  answer: SyncAnswer,
  phoneNowMs: number,
): Promise<Absorbed> {
  const stores = [
    ...rowStores(db),
    db.outbox,
    db.sent,
    db.tray,
    db.held,
    db.envelopes,
    db.draft,
    db.note,
    db.meta,
  ];
  return durable(db, () =>
    db.transaction("rw", stores, async () => {
      const meta = await allMeta(db);
      if (wentBack(meta, answer)) return beginAnew(db, meta, answer, phoneNowMs);
      const judged = await judgedSends(db, batch, answer.verdicts);
      const accepted = await settle(db, judged, phoneNowMs);
      const merged = await mergeAccepted(db, accepted);
      const forgot = answer.scope ? await forgetOutside(db, answer.scope) : false;
      const here = keptHere(
        { ...meta, ...(answer.state && { state: answer.state }) },
        answer,
        phoneNowMs,
      );
      const records = [...(forgot ? [] : merged), ...here.rows];
      await keepEnvelopes(db, here.envelopes);
      await putRows(db, records);
      await putMeta(db, here.facts);
      const purged = await purge(db, meta, erasedBy(answer, judged));
      const facts = await nextFacts(db, meta, answer, { judged, forgot, phoneNowMs });
      // A batch that was not found whole means that the mirror of the queue is behind the disk.
      const touched = batch.length > 0 || purged.size > 0;
      const left = await db.outbox.bulkGet(batch.map(({ key }) => key));
      return {
        records: records.filter(({ id }) => !purged.has(id)),
        queue: touched ? { ...(await queueOf(db)), accepted } : null,
        retry: left.flatMap((send) => send?.key ?? []),
        forgot,
        purged,
        wentBack: false,
        meta: { ...meta, ...facts, ...here.facts },
      };
    }),
  );
}

/** Nothing of the answer counts but that the log is another one. */
async function beginAnew(
  db: PersonDb,
  meta: Partial<Meta>,
  answer: SyncAnswer,
  phoneNowMs: number,
): Promise<Absorbed> {
  const facts = await bringBack(db, meta, answer, phoneNowMs);
  return {
    records: [],
    queue: { ...(await queueOf(db)), accepted: [] },
    retry: [],
    forgot: false,
    purged: new Set(),
    wentBack: true,
    meta: { ...meta, ...facts },
  };
}

/** What an answer tells to be erased: by name, or in a verdict on what was written to it. */
function erasedBy({ erased }: SyncAnswer, judged: readonly Judged[]): string[] {
  const refused = judged.filter(({ verdict }) => verdict.code === ERASED);
  return [...(erased ?? []).map(({ id }) => id), ...refused.map(({ send }) => send.row)];
}

/** Verdicts on sends that still wait; what was answered before (a doubled reply) is left out. */
async function judgedSends(
  db: PersonDb,
  batch: readonly Send[],
  verdicts: readonly Verdict[],
): Promise<Judged[]> {
  const waiting = await db.outbox.bulkGet(batch.map(({ key }) => key));
  const byN = new Map(waiting.flatMap((send) => (send ? [[send.n, send]] : [])));
  return verdicts.flatMap((verdict) => {
    const send = byN.get(verdict.n);
    return send ? [{ send, verdict }] : [];
  });
}

/** Moves what was judged for good; answers what was accepted. */
async function settle(
  db: PersonDb,
  judged: readonly Judged[],
  phoneNowMs: number,
): Promise<Secured[]> {
  const final = judged.filter(({ verdict }) => verdict.verdict !== "retry");
  const good = ({ verdict }: Judged) => verdict.verdict === "accepted" || verdict.code === HARMLESS;
  const secured = final.filter(good).map(({ send: { earlier: _, ...send }, verdict }) => ({
    ...send,
    securedAt: phoneNowMs,
    effective: verdict.effective ?? null,
  }));
  const isHeld = ({ verdict }: Judged) => verdict.verdict === "held";
  const held = final.filter(isHeld).map(({ send: { earlier: _, ...send }, verdict }) => ({
    ...send,
    heldAt: phoneNowMs,
    effective: verdict.effective ?? null,
    code: verdict.code ?? "late_work",
  }));
  const refused = final
    .filter((one) => !good(one) && !isHeld(one) && one.verdict.code !== ERASED)
    .map(({ send: { earlier: _, ...send }, verdict }) => ({
      ...send,
      refusedAt: phoneNowMs,
      code: verdict.code ?? "invalid",
      field: verdict.field ?? null,
    }));
  await db.sent.bulkPut(secured);
  await db.held.bulkPut(held);
  await db.tray.bulkPut(refused);
  await db.outbox.bulkDelete(final.map(({ send }) => send.key));
  if (secured.length > 0) {
    await db.sent
      .where("securedAt")
      .below(phoneNowMs - KEEP_SENT_MS)
      .delete();
  }
  return secured;
}

/** The rows after what was accepted: nothing may seem gone until the server sends them back. */
async function mergeAccepted(db: PersonDb, accepted: readonly Secured[]): Promise<RowRecord[]> {
  const deeds = accepted
    .filter(({ kind }) => kind === "operation")
    .map((send) => ({ operation: operationOf(send), effective: send.effective }));
  const rows = new Map<string, RowRecord>();
  for (const table of new Set(deeds.map(({ operation }) => operation.table))) {
    const here = deeds.filter(({ operation }) => operation.table === table);
    const ids = here.map(({ operation }) => operation.row);
    for (const record of await getRows(db, table, ids)) rows.set(record.id, record);
  }
  for (const { operation, effective } of deeds) {
    const before = rows.get(operation.row) ?? null;
    const rank = effective ?? operation.stamp;
    const news = newsFor(before, operation, db.user, rank);
    if (news) rows.set(operation.row, mergeSend(before, news, db.user, rank));
  }
  return [...rows.values()];
}

async function nextFacts(
  db: PersonDb,
  meta: Partial<Meta>,
  answer: SyncAnswer,
  { judged, forgot, phoneNowMs }: { judged: Judged[]; forgot: boolean; phoneNowMs: number },
): Promise<Partial<Meta>> {
  const final = judged.filter(({ verdict }) => verdict.verdict !== "retry");
  const done = (meta.firstSync?.done ?? 0) + answer.rows.length;
  const facts: Partial<Meta> = {
    logId: answer.log_id,
    // After forgetting, what is still to be seen comes from the start.
    cursor: forgot && answer.scope?.team ? null : answer.cursor,
    acknowledged: Math.max(meta.acknowledged ?? 0, ...final.map(({ send }) => send.n)),
    lastContact: phoneNowMs,
    firstSync: answer.more && (meta.firstSync || !meta.cursor) ? { done } : null,
    skew: skewOf(answer.now, phoneNowMs),
  };
  if (answer.scope) {
    const { hash, team, cases } = answer.scope;
    Object.assign(facts, { scopeHash: hash, team, cases: cases ?? null });
  }
  if (answer.state) Object.assign(facts, { stateHash: answer.state.hash, state: answer.state });
  await putMeta(db, facts);
  await adoptStamps(db, meta, answer, judged);
  return facts;
}

/** The clock follows the effective stamps; one that was pulled back starts anew. */
async function adoptStamps(
  db: PersonDb,
  meta: Partial<Meta>,
  answer: SyncAnswer,
  judged: readonly Judged[],
): Promise<void> {
  const clamped = judged.some(
    ({ send, verdict }) =>
      verdict.effective !== undefined && verdict.effective < operationOf(send).stamp,
  );
  const clock = clamped ? restartedClock(answer.now) : (meta.clock ?? newClock());
  const given = judged.flatMap(({ verdict }) => verdict.effective ?? []);
  const merged = mergeStamps(clock, [...given, ...effectiveStamps(answer.rows)]);
  if (clamped || merged.last !== meta.clock?.last) await keepClock(db, merged);
}

function* effectiveStamps(rows: readonly RowRecord[]): Iterable<string> {
  for (const row of rows) {
    yield row.stamp[1];
    if (row.stamps) for (const stamps of Object.values(row.stamps)) yield stamps[1];
  }
}

async function queueOf(db: PersonDb): Promise<Queue> {
  const [outbox, tray, held] = await Promise.all([
    db.outbox.orderBy("n").toArray(),
    db.tray.toArray(),
    db.held.toArray(),
  ]);
  return { outbox, tray, held };
}
