/**
 * A mirror of what this person's store has not got rid of: outbox and tray, and what was secured
 * last. Always changed together with the database, after the commit.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { durable, type HeldBack, type PersonDb, type Refused, type Secured, type Send } from "./db";
import { type Pending, pendingOf } from "./sends";

/** How many secured entries the list of the Synchronisierung screen keeps. */
const SECURED_SHOWN = 50;

const waiting = signal<readonly Send[]>([]);
const refused = signal<readonly Refused[]>([]);
const secured = signal<readonly Secured[]>([]);
const keptAside = signal<readonly HeldBack[]>([]);

/** In the order of `n`: what the server has not answered for good. */
export const outbox: ReadonlySignal<readonly Send[]> = waiting;
/** What the server refused and a person has to clear up. */
export const tray: ReadonlySignal<readonly Refused[]> = refused;
/** Late work the server keeps aside. */
export const heldBack: ReadonlySignal<readonly HeldBack[]> = keptAside;
/** What was accepted last, newest first. */
export const lastSecured: ReadonlySignal<readonly Secured[]> = secured;

/** The outbox' operations per row, in order: what lies on top of the server's registers. */
export const pendingByRow: ReadonlySignal<ReadonlyMap<string, Pending[]>> = computed(() =>
  operationsByRow(waiting.value),
);
/** The tray's operations per row, in order. */
export const trayByRow: ReadonlySignal<ReadonlyMap<string, Pending[]>> = computed(() =>
  operationsByRow(refused.value),
);

/** The operations that have not been accepted yet. */
export const waitingCount: ReadonlySignal<number> = computed(
  () => waiting.value.filter((send) => send.kind === "operation").length,
);

/** Reads the mirror from a store; null empties it. */
export async function loadQueue(db: PersonDb | null): Promise<void> {
  if (!db) return show({ outbox: [], tray: [], held: [] }, []);
  const [outbox, tray, last, held] = await durable(db, () =>
    db.transaction("r", db.outbox, db.tray, db.sent, db.held, () =>
      Promise.all([
        db.outbox.orderBy("n").toArray(),
        db.tray.toArray(),
        db.sent.orderBy("securedAt").reverse().limit(SECURED_SHOWN).toArray(),
        db.held.toArray(),
      ]),
    ),
  );
  show({ outbox, tray, held }, last);
}

/** After a commit that queued more. */
export function queued(sends: readonly Send[]): void {
  waiting.value = [...waiting.peek(), ...sends];
}

/** After a commit that took entries out of the tray: mended, sent again or discarded. */
export function untrayed(gone: readonly Refused[]): void {
  if (gone.length === 0) return;
  const keys = new Set(gone.map(({ key }) => key));
  refused.value = refused.peek().filter(({ key }) => !keys.has(key));
}

/** Everything this phone has sent, or is to send, without its being accepted. */
export interface Queue {
  outbox: readonly Send[];
  tray: readonly Refused[];
  held: readonly HeldBack[];
}

/**
 * After a commit that changed the queue: what it is now, and what was secured by it. `purged` are
 * the rows of which nothing is left.
 */
export function requeued(
  queue: Queue,
  accepted: readonly Secured[],
  purged: ReadonlySet<string> = new Set(),
): void {
  const last = [...accepted.toReversed(), ...secured.peek()].filter(({ row }) => !purged.has(row));
  show(queue, last.slice(0, SECURED_SHOWN));
}

function show(queue: Queue, last: readonly Secured[]): void {
  waiting.value = queue.outbox;
  refused.value = queue.tray;
  keptAside.value = queue.held;
  secured.value = last;
}

const parsed = new WeakMap<Send, Pending>();

function operationsByRow(sends: readonly Send[]): Map<string, Pending[]> {
  const rows = new Map<string, Pending[]>();
  for (const send of sends) {
    if (send.kind !== "operation") continue;
    const operation = parsed.get(send) ?? pendingOf(send);
    parsed.set(send, operation);
    const before = rows.get(send.row);
    if (before) before.push(operation);
    else rows.set(send.row, [operation]);
  }
  return rows;
}
