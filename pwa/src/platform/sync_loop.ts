/**
 * When to sync, and what the screens may say about it. Judged by answers alone: what the browser
 * thinks of the network only decides when to try.
 */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { forgetSession, signedInUser } from "./api";
import { allMeta, durable, type Meta, type PersonDb, type RowRecord, type Send } from "./db";
import { followDrafts } from "./drafts";
import { ApiProblem, messageOf, reportTrouble, Unreachable } from "./problems";
import { heldBack, lastSecured, loadQueue, outbox, requeued, tray, waitingCount } from "./queue";
import { countResting, type Fetched, leaveResting, restingCount, wantResting } from "./resting";
import { resetViews, rowsArrived, rowsElsewhere, rowsLeft } from "./row_views";
import { currentStore } from "./store";
import type { Absorbed } from "./sync_absorb";
import { SyncRun } from "./sync_run";
import type { SyncAnswer } from "./sync_wire";
import { aloneIfFree, hearTabs, type TabMessage, tellTabs } from "./tabs";
import { teamNews } from "./team_news";
import { isNeeded } from "./tray";

export interface SyncStatus {
  /** Operations the server has not accepted yet. */
  waiting: number;
  /** Entries in the tray. */
  toClarify: number;
  needsSignIn: boolean;
  running: boolean;
  /** Whether the last attempt was answered. */
  reachable: boolean;
  /** When the server last answered, by this phone's clock, in ms; null: never. */
  lastContact: number | null;
  clockWrong: boolean;
  /** Rows received so far while this store was never complete. */
  firstSync: { done: number } | null;
}
/** On this phone · on its way · in a verdict · refused and waiting for a person · kept aside. */
export type EntryState = "phone" | "sending" | "secured" | "clarify" | "held";
export interface SyncEntry {
  /** This phone's handle of the entry, for `sendAgain` and `discard`. */
  n: number;
  /** `envelope` for the key of the case `row`. */
  table: string;
  row: string;
  state: EntryState;
  at: number;
  code?: string;
  field?: string;
  message?: string;
  /** The key of entries that are not secured yet: it can only be sent again. */
  needed?: true;
}

const WRITE_DELAY_MS = 150;
const FIRST_RETRY_MS = 2_000;
const WAITING_MAX_MS = 30_000;
const IDLE_MS = 30_000;
/** While this person sees nothing, because nobody has admitted her yet, she waits for just that. */
const OUTSIDE_MS = 15_000;
const HIDDEN_MS = 300_000;
const SIGN_IN_CODES = new Set(["sign_in_needed", "device_locked", "wrong_device"]);

/** What one tab knows and the others are told. */
interface News {
  needsSignIn: boolean;
  running: boolean;
  reachable: boolean;
  lastContact: number | null;
  clockWrong: boolean;
  firstSync: { done: number } | null;
}
const fresh: News = {
  needsSignIn: false,
  running: false,
  reachable: true,
  lastContact: null,
  clockWrong: false,
  firstSync: null,
};
const news = signal<News>(fresh);
const sending = signal<ReadonlySet<number>>(new Set());

export const status: ReadonlySignal<SyncStatus> = computed(() => ({
  waiting: waitingCount.value,
  toClarify: tray.value.length,
  ...news.value,
}));

/** Newest first: everything that waits or is to be cleared up, and what was secured last. */
export const entries: ReadonlySignal<SyncEntry[]> = computed(() => {
  const operations = <S extends Send>(sends: readonly S[]) =>
    sends.filter(({ kind }) => kind === "operation");
  const waiting = operations(outbox.value).map((send): SyncEntry => {
    const { key: n, table, row, at } = send;
    return { n, table, row, state: sending.value.has(n) ? "sending" : "phone", at };
  });
  const refused = tray.value.map((one): SyncEntry => {
    const { key: n, table, row, at, code, field } = one;
    const message = messageOf(code);
    const needed = isNeeded(one, [...outbox.value, ...tray.value]);
    const more = { ...(field && { field }), ...(needed && { needed }) };
    return { n, table, row, state: "clarify", at, code, message, ...more };
  });
  const secured = operations(lastSecured.value).map((one): SyncEntry => {
    const { key: n, table, row, securedAt: at } = one;
    return { n, table, row, state: "secured", at };
  });
  const held = heldBack.value.map((one): SyncEntry => {
    const { key: n, table, row, at, code } = one;
    return { n, table, row, state: "held", at, code, message: messageOf(code) };
  });
  return [...waiting, ...refused, ...held, ...secured].sort((a, b) => b.at - a.at || b.n - a.n);
});

let timer: ReturnType<typeof setTimeout> | undefined;
let current: Promise<void> | null = null;
let again = false;
let failures = 0;
let outside = false;
/** For whom and on what day closed cases were last looked for. */
let restLook = "";
let takeLeave: (db: PersonDb) => Promise<void>;

/** Syncs now; resolves when this run has ended, however it ended (`status` says how). */
export function syncNow(): Promise<void> {
  if (current) {
    again = true;
    return current;
  }
  clearTimeout(timer);
  current = runUntilQuiet();
  return current;
}

/**
 * Fetches the closed cases that left this phone.
 * @throws Unreachable when not all of them came; the next sync goes on.
 */
export async function bringBackResting(): Promise<void> {
  const store = currentStore.peek();
  if (!store) return;
  await wantResting(store.db);
  await syncNow();
  await countResting(store.db);
  if (restingCount.peek() > 0) throw new Unreachable();
}

/** Turns the sync to the current store; called by session.ts whenever that changes. */
export async function followStore(): Promise<void> {
  const store = currentStore.peek();
  await loadQueue(store?.db ?? null);
  const meta = store ? await durable(store.db, () => allMeta(store.db)) : {};
  failures = 0;
  outside = meta.team === null;
  restingCount.value = (meta.resting ?? []).length;
  news.value = { ...fresh, ...newsOf(meta), firstSync: store ? firstSyncOf(meta) : null };
  syncSoon(0);
}

/**
 * Starts to listen for reasons to sync; once per tab. `onLockOut` takes leave of a store whose phone
 * the office has locked out.
 */
export function startSync(onLockOut: (db: PersonDb) => Promise<void>): void {
  takeLeave = onLockOut;
  let before = 0;
  effect(() => {
    const length = outbox.value.length;
    if (length > before) syncSoon(WRITE_DELAY_MS);
    before = length;
  });
  addEventListener("online", () => syncSoon(0));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") syncSoon(0);
  });
  hearTabs((message) => void heard(message).catch(reportTrouble));
}

/** Syncs after `delay` ms, or earlier when that was planned. */
export function syncSoon(delay: number): void {
  if (current) {
    again = true;
    return;
  }
  clearTimeout(timer);
  timer = setTimeout(() => void syncNow(), delay);
}

async function runUntilQuiet(): Promise<void> {
  try {
    do {
      again = false;
      await runOnce();
    } while (again && failures === 0 && !news.peek().needsSignIn);
  } finally {
    // In one breath with the last look at `again`: whoever asks later starts a new run.
    current = null;
    schedule();
  }
}

async function runOnce(): Promise<void> {
  const store = currentStore.peek();
  if (!store) return;
  const ran = await aloneIfFree(`zuzweit-sync-${store.db.user}`, () => attempt(store.db));
  // Another tab is at it: it hears that there may be more.
  if (ran === null) tellTabs({ kind: "wanted", user: store.db.user });
}

/** One run; whatever comes of it stands in `news` afterwards. */
async function attempt(db: PersonDb): Promise<true> {
  tell(db, { running: true });
  try {
    const mine = (await signedInUser()) === db.user;
    if (mine) await new SyncRun(db, reporter(db)).toTheEnd();
    await letRest(db);
    tell(db, { needsSignIn: !mine, reachable: true });
    failures = 0;
  } catch (error) {
    const lockedOut = error instanceof ApiProblem && error.code === "device_locked";
    if (!lockedOut) failed(db, error);
    else await takeLeave(db).catch((why: unknown) => failed(db, why));
  } finally {
    tell(db, { running: false });
  }
  return true;
}

/** Once a day, and when a closed case came: those that were closed long ago leave. */
async function letRest(db: PersonDb): Promise<void> {
  const day = `${db.user} ${new Date().toDateString()}`;
  if (restLook === day) return;
  restLook = day;
  const gone = await leaveResting(db, Date.now());
  if (gone.size > 0) forgotSome(db, gone);
}

/** Rows and keys have left the store: nothing of them may stay in memory. */
function forgotSome(db: PersonDb, gone: ReadonlySet<string>): void {
  if (currentStore.peek()?.db === db) {
    rowsLeft(gone);
    teamNews.value = { envelopes: null, state: true };
    void countResting(db).catch(reportTrouble);
  }
  tellTabs({ kind: "forgotten", user: db.user });
  tellTabs({ kind: "state", user: db.user });
}

function failed(db: PersonDb, error: unknown): void {
  if (error instanceof Unreachable) {
    failures += 1;
    tell(db, { reachable: false });
  } else if (error instanceof ApiProblem && SIGN_IN_CODES.has(error.code)) {
    tell(db, { needsSignIn: true, reachable: true });
  } else {
    failures += 1;
    const answered = error instanceof ApiProblem && error.status > 0;
    tell(db, { reachable: answered || news.peek().reachable });
    // A server that is busy or broken for a moment is tried again without a word.
    if (!answered || (error.status < 500 && error.status !== 429)) reportTrouble(error);
  }
}

function reporter(db: PersonDb) {
  return {
    sending: (keys: ReadonlySet<number>) => {
      sending.value = keys;
    },
    requeued: async () => {
      if (currentStore.peek()?.db === db) await loadQueue(db);
      tellTabs({ kind: "queue", user: db.user });
    },
    absorbed: (answer: SyncAnswer, absorbed: Absorbed) => {
      // First the rows, then that all have come: nobody may read that there is nothing.
      if (currentStore.peek()?.db === db) showAbsorbed(answer, absorbed);
      tell(db, { ...newsOf(absorbed.meta), reachable: true });
      outside = absorbed.meta.team === null;
      tellAbsorbed(db.user, answer, absorbed);
      if (absorbed.records.some(({ columns }) => typeof columns.closed === "string")) restLook = "";
    },
    fetched: ({ rows, envelopes }: Fetched) => {
      if (currentStore.peek()?.db === db) {
        teamNews.value = { envelopes, state: false };
        rowsArrived(rows);
        void countResting(db).catch(reportTrouble);
      }
      tellRows(db.user, rows);
      tellTabs({ kind: "state", user: db.user });
    },
  };
}

/** This tab's mirrors after a commit: queue and rows in one go, so that nothing flickers. */
function showAbsorbed(answer: SyncAnswer, { records, queue, forgot, purged }: Absorbed): void {
  if (forgot || purged.size > 0) resetViews();
  // The keys first: the rows wait for them.
  if (answer.envelopes.length > 0 || answer.state) {
    teamNews.value = { envelopes: answer.envelopes, state: answer.state !== undefined };
  }
  rowsArrived(records);
  if (queue) requeued(queue, queue.accepted, purged);
  if (purged.size > 0) void followDrafts().catch(reportTrouble);
}

function tellAbsorbed(
  user: string,
  answer: SyncAnswer,
  { records, queue, forgot, purged }: Absorbed,
): void {
  if (forgot || purged.size > 0) tellTabs({ kind: "forgotten", user });
  if (purged.size > 0) tellTabs({ kind: "drafts", user });
  tellRows(user, records);
  if (queue) tellTabs({ kind: "queue", user });
  if (answer.envelopes.length > 0 || answer.state) tellTabs({ kind: "state", user });
}

function tellRows(user: string, records: readonly RowRecord[]): void {
  for (const table of new Set(records.map((record) => record.table))) {
    const rows = records.filter((record) => record.table === table).map(({ id }) => id);
    tellTabs({ kind: "rows", user, table, rows });
  }
}

function newsOf(meta: Partial<Meta>): Pick<News, "lastContact" | "clockWrong" | "firstSync"> {
  return {
    lastContact: meta.lastContact ?? null,
    clockWrong: (meta.skew ?? 0) !== 0,
    firstSync: meta.firstSync ?? null,
  };
}

/** A store that has never heard from the server is at the very beginning. */
function firstSyncOf(meta: Partial<Meta>): News["firstSync"] {
  return meta.firstSync === undefined ? { done: 0 } : meta.firstSync;
}

function tell(db: PersonDb, change: Partial<News>): void {
  if (currentStore.peek()?.db === db) news.value = { ...news.peek(), ...change };
  tellTabs({ kind: "sync", user: db.user, news: { ...change } });
}

async function heard(message: TabMessage): Promise<void> {
  if (message.kind === "signed_in") forgetSession();
  const db = currentStore.peek()?.db;
  if (!db || !("user" in message) || message.user !== db.user) return;
  if (message.kind === "sync") news.value = { ...news.peek(), ...(message.news as Partial<News>) };
  if (message.kind === "queue") await loadQueue(db);
  if (message.kind === "rows") await rowsElsewhere(message.table, message.rows);
  if (message.kind === "forgotten") resetViews();
  if (message.kind === "state") await countResting(db);
  if (message.kind === "state") teamNews.value = { envelopes: null, state: true };
  if (message.kind === "wanted" || message.kind === "signed_in") syncSoon(0);
}

/** The next attempt by the clock: soon while something waits, later when there is nothing to do. */
function schedule(): void {
  if (!currentStore.peek() || news.peek().needsSignIn) return;
  clearTimeout(timer);
  // Jitter only shortens: the longest wait is a promise.
  timer = setTimeout(() => void syncNow(), pause() * (0.75 + Math.random() / 4));
}

function pause(): number {
  const urgent = waitingCount.peek() > 0;
  const visible = document.visibilityState === "visible";
  const longest = urgent ? WAITING_MAX_MS : visible ? idle() : HIDDEN_MS;
  if (!urgent && failures === 0) return longest;
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 10), longest);
}

function idle(): number {
  return outside ? OUTSIDE_MS : IDLE_MS;
}
