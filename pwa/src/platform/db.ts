/**
 * What this phone keeps: one database per person, and one that knows who has such a database.
 *
 * Sealed values lie here as they came, never opened; nothing a person wrote lies here in clear.
 * Commits wait for the disk (`strict`), so what was acknowledged survives a kill. A connection the
 * browser has dropped is opened again by `durable`.
 */
import type { Stamps, Value, Version } from "@sync/registers";
import Dexie, { type EntityTable, type Table } from "dexie";
import { problem } from "./problems";
import { takeReserve } from "./storage";

/** A row as the server sent it, or as an accepted write has changed it since. */
export interface RowRecord {
  table: string;
  id: string;
  created_by: string;
  stamp: Stamps;
  columns: Record<string, Value>;
  stamps?: Record<string, Stamps>;
  versions?: Record<string, readonly Version[]>;
  /** Local: what own accepted writes have named since the row came (see RowState). */
  named?: Record<string, readonly string[]>;
}

/**
 * One send, finished: `rest` is the JSON after `{"n":<n>,` and never changes again. `key` is the
 * phone's own handle; it stays when a new device number gives new `n`s.
 */
export interface Send {
  key: number;
  n: number;
  kind: "operation" | "envelope";
  table: string;
  row: string;
  at: number;
  rest: string;
  /** It was accepted once, and is brought back to a server that went back in time. */
  earlier?: Earlier;
}
/** What an earlier log gave a send: its rank, and the name of the row it made, by column. */
export interface Earlier {
  effective?: string;
  given?: Record<string, string>;
}
export interface Secured extends Send {
  securedAt: number;
  effective: string | null;
}
export interface Refused extends Send {
  refusedAt: number;
  code: string;
  field: string | null;
}

/** Late work: the server keeps it, and an aB-pAp decides whether it counts. */
export interface HeldBack extends Send {
  heldAt: number;
  code: string;
  effective: string | null;
}

export interface EnvelopeRecord {
  key_id: string;
  purpose: string;
  owner: string;
  reader: string;
  author: string;
  at: string;
  box: string;
}
/** What this phone has said of somebody, with the team keys closed for her. */
export interface Said {
  statement: Record<string, unknown> | null;
  envelopes: readonly EnvelopeRecord[];
}
/** What a restored server has to be told of the team: the body of POST /api/remembered. */
export interface Remembered {
  statements: Record<string, unknown>[];
  epochs: Record<string, unknown>[];
  envelopes: readonly EnvelopeRecord[];
}
/** Rows that came together, all of one table. */
export interface RowPage {
  n: number;
  table: string;
  ids: string[];
  /** An array of them as JSON text: several times as fast to store as objects. */
  rows: string;
}

/** Envelopes as they came together: they never change and are always read all at once. */
export interface EnvelopeBatch {
  id: number;
  list: readonly EnvelopeRecord[];
}
export interface DraftRecord {
  key: string;
  version: number;
  changedAt: number;
  sealed: string;
  /** Nobody has left its form since: after a kill the app opens there again. */
  open: boolean;
}
/** Written while locked, and sealed: `at` in ms, and a box that its person alone opens. */
export interface NoteRecord {
  id: string;
  at: number;
  box: string;
}
interface MetaRecord {
  key: string;
  value: unknown;
}

export class PersonDb extends Dexie {
  /** `<table>/<id>` → the row as JSON text: several times as fast to store as an object. */
  declare row: Table<string, string>;
  /** Rows that came in great number, see row_store.ts. */
  declare page: EntityTable<RowPage, "n">;
  declare outbox: EntityTable<Send, "key">;
  declare sent: EntityTable<Secured, "key">;
  declare tray: EntityTable<Refused, "key">;
  declare held: EntityTable<HeldBack, "key">;
  declare envelopes: EntityTable<EnvelopeBatch, "id">;
  declare draft: EntityTable<DraftRecord, "key">;
  declare note: EntityTable<NoteRecord, "id">;
  declare meta: EntityTable<MetaRecord, "key">;
  readonly user: string;

  constructor(user: string) {
    super(`zuzweit-${user}`, { chromeTransactionDurability: "strict" });
    this.user = user;
    this.version(1).stores({
      row: "",
      outbox: "key, n, row",
      sent: "key, securedAt",
      tray: "key, row",
      envelopes: "++id",
      draft: "key",
      meta: "key",
    });
    this.version(2).stores({ held: "key" });
    this.version(3).stores({ page: "++n, table, *ids" });
    this.version(4).stores({ note: "id" });
  }
}

/** A seed closed under a password, and how that is stretched. */
export interface ClosedSeed {
  salt: string;
  opslimit: number;
  memlimit: number;
  wrappedSeed: string;
}

/**
 * This phone's own lock as a further way in: what the passkey `id` answers to `salt` (32 bytes) opens
 * the seed. All in base64url; the server never hears of it.
 */
export interface Passkey {
  id: string;
  salt: string;
  wrappedSeed: string;
}

/** Who has a store on this phone, and what opens it without a network. */
export interface AccountRecord extends ClosedSeed {
  user: string;
  name: string;
  displayName: string;
  role: string;
  team: string;
  teamName: string;
  device: string;
  admitted: boolean;
  /** Another password's, on its way to the server: until that answers, either opens this phone. */
  pending?: ClosedSeed | null;
  passkey?: Passkey | null;
  boxPublic: string;
  signPublic: string;
  lockedAt: number | null;
  lastUsedAt: number;
  wrongTries: number;
  nextTryAt: number;
}

export class PhoneDb extends Dexie {
  declare account: EntityTable<AccountRecord, "user">;

  constructor() {
    super("zuzweit-phone", { chromeTransactionDurability: "strict" });
    this.version(1).stores({ account: "user" });
  }
}

const REOPEN_TRIES = 3;
const LOST = new Set([
  "DatabaseClosedError",
  "InvalidStateError",
  "UnknownError",
  "OpenFailedError",
]);

/**
 * Runs database work; opens the connection again and retries when the browser has dropped it.
 *
 * `work` runs again from its start, so it must recognise what it has already done: a commit can
 * succeed although its answer was lost. A disk that is full gives up its reserve first.
 * @throws ApiProblem `storage_full` or `storage_failed`; whatever else `work` throws, as it is.
 */
export async function durable<T>(db: Dexie, work: () => PromiseLike<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      if (!db.isOpen()) await db.open();
      return await work();
    } catch (error) {
      if (isFull(error)) {
        if (await takeReserve()) continue;
        throw problem("storage_full");
      }
      if (!isLost(error)) throw error;
      if (tries === REOPEN_TRIES) throw problem("storage_failed");
      db.close({ disableAutoOpen: false });
    }
  }
}

function isFull(error: unknown): boolean {
  return named(error).includes("QuotaExceededError");
}

function isLost(error: unknown): boolean {
  return named(error).some((name) => LOST.has(name));
}

/** Dexie wraps what the browser threw: the names of both. */
function named(error: unknown): string[] {
  const { name, inner } = (error ?? {}) as { name?: string; inner?: { name?: string } };
  return [name ?? "", inner?.name ?? ""];
}

/** The small facts of a person's store. `cursor`, `logId` and the hashes are the server's words. */
export interface Meta {
  device: string;
  nextN: number;
  nextKey: number;
  acknowledged: number;
  /** The numbers given under `device` have gaps or doubles: nothing is sent before it is replaced. */
  deviceSpent: boolean;
  cursor: string | null;
  logId: string | null;
  scopeHash: string | null;
  team: string | null;
  /** The cases handed to somebody who stands in, each with the instant in ms at which that ends. */
  cases: Readonly<Record<string, number>> | null;
  stateHash: string | null;
  state: WireState | null;
  /** Every statement ever seen, and the epochs ever used: what the server cannot take back. */
  statements: Record<string, unknown>[];
  pinnedEpochs: string[];
  /** What only this phone and those it is about have heard, as far as it can know. */
  vouched: readonly Said[];
  /** Not told yet to a server that went back in time; null when there is nothing to tell. */
  remembered: Remembered | null;
  /** Closed cases that left this phone. */
  resting: readonly string[];
  /** Those that somebody asked for again, each with the instant in ms until which it stays. */
  borrowed: Readonly<Record<string, number>>;
  /** Cases to be fetched as a whole. */
  wanted: readonly string[];
  /** The ids of what was erased for good. */
  erased: readonly string[];
  clock: ClockState;
  /** Server time minus phone time in ms, when the phone's clock is wrong; else 0. */
  skew: number;
  lastContact: number | null;
  /** Rows received while the very first sync is not complete; null once it is. */
  firstSync: { done: number } | null;
}
export interface ClockState {
  node: string;
  last: string | null;
}
export interface WireMember {
  user: string;
  display_name: string;
  role: string;
  admitted: boolean;
  box_public: string | null;
  sign_public: string | null;
  statements: Record<string, unknown>[];
  /** An admitted aB-pAp's: the team keys that nobody has closed for her. */
  lacks?: string[];
  /** She has left: her signatures of before count, she herself is no member any more. */
  left?: true;
}
/** A recovery sheet's public halves, and what is signed about and by it. */
export interface WireSheet {
  id: string;
  box_public: string;
  sign_public: string;
  statements: Record<string, unknown>[];
  lacks?: string[];
}
export interface WireState {
  hash: string;
  members: WireMember[];
  epochs: Record<string, unknown>[];
  /** The newest, which counts, comes last. */
  recovery?: WireSheet[];
  settings: Record<string, unknown>;
  /** Late work that waits for a decision; only aB-pAp are told. */
  held?: WireHeld[];
}
export interface WireHeld {
  author: string;
  case: string;
  effective: string;
  received_at: number;
  operation: {
    table: string;
    row: string;
    stamp: string;
    set: Record<string, Value>;
    base?: Record<string, string[]>;
  };
}

/** Reads one fact, or undefined when it was never set. Works inside and outside transactions. */
export async function getMeta<K extends keyof Meta>(
  db: PersonDb,
  key: K,
): Promise<Meta[K] | undefined> {
  return (await db.meta.get(key))?.value as Meta[K] | undefined;
}

/** Adds envelopes; those that came before come out once all the same. */
export async function keepEnvelopes(db: PersonDb, list: readonly EnvelopeRecord[]): Promise<void> {
  if (list.length > 0) await db.envelopes.add({ list });
}

/** All envelopes, each once. Two boxes for the same key and reader stay two: the vault judges. */
export async function allEnvelopes(db: PersonDb): Promise<EnvelopeRecord[]> {
  const batches = await db.envelopes.toArray();
  const each = batches.flatMap(({ list }) => list);
  return [...new Map(each.map((one) => [`${one.key_id} ${one.reader} ${one.box}`, one])).values()];
}

/** Reads all facts at once. */
export async function allMeta(db: PersonDb): Promise<Partial<Meta>> {
  const records = await db.meta.toArray();
  return Object.fromEntries(records.map(({ key, value }) => [key, value]));
}

/** Writes facts; those not named stay as they are. */
export async function putMeta(db: PersonDb, facts: Partial<Meta>): Promise<void> {
  await db.meta.bulkPut(Object.entries(facts).map(([key, value]) => ({ key, value })));
}
