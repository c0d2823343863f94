/**
 * This store's logical clock: node id and last stamp, kept in the database so that a stamp is
 * never given twice. Only effective stamps are merged into it.
 */
import { CLAMP_MS, makeStamp, nextStamp } from "@sync/clock";
import { type ClockState, getMeta, type PersonDb, putMeta } from "./db";
import { newNode } from "./ids";

/** A fresh clock, for a store that has none. */
export function newClock(): ClockState {
  return { node: newNode(), last: null };
}

/** `count` stamps for the next writes, in order, and the clock that has given them. */
export function takeStamps(
  clock: ClockState,
  nowMs: number,
  count: number,
): { stamps: string[]; clock: ClockState } {
  const stamps: string[] = [];
  let last = clock.last;
  for (let i = 0; i < count; i += 1) {
    last = nextStamp(last, nowMs, clock.node);
    stamps.push(last);
  }
  return { stamps, clock: { ...clock, last } };
}

/** The clock after everything in `effective` was received. */
export function mergeStamps(clock: ClockState, effective: Iterable<string>): ClockState {
  let last = clock.last;
  for (const stamp of effective) if (last === null || stamp > last) last = stamp;
  return { ...clock, last };
}

/** After the server pulled a stamp back: a new node id, counting on from the server's time. */
export function restartedClock(serverNowMs: number): ClockState {
  const node = newNode();
  return { node, last: makeStamp(serverNowMs, 0, node) };
}

/** By how many ms this phone's clock must be corrected; 0 while it is right enough. */
export function skewOf(serverNowMs: number, phoneNowMs: number): number {
  const difference = serverNowMs - phoneNowMs;
  return Math.abs(difference) > CLAMP_MS ? difference : 0;
}

/** Reads the clock. */
export async function readClock(db: PersonDb): Promise<{ clock: ClockState; skew: number }> {
  const [clock, skew] = await Promise.all([getMeta(db, "clock"), getMeta(db, "skew")]);
  return { clock: clock ?? newClock(), skew: skew ?? 0 };
}

/** Keeps a clock, never behind what another tab has kept meanwhile under the same node. */
export async function keepClock(db: PersonDb, clock: ClockState): Promise<void> {
  const kept = await getMeta(db, "clock");
  const merged = kept?.node === clock.node && kept.last ? mergeStamps(clock, [kept.last]) : clock;
  await putMeta(db, { clock: merged });
}
