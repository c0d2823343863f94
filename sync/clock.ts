/**
 * The hybrid logical clock: stamps whose text order is time order.
 *
 * A stamp is 32 lower-case hex digits: 12 for milliseconds since 1970, 4 for a counter (its
 * overflow carries into the milliseconds), 16 for the random node id of the device. The phone makes
 * the *claimed* stamp, the server answers with the *effective* one. See PROTOCOL.md.
 */

/** How far ahead of the server's clock an effective stamp may lie, in milliseconds. */
export const CLAMP_MS = 120_000;

export const MAX_MS = 0xffff_ffff_ffff;
export const MAX_COUNTER = 0xffff;

const STAMP = /^[0-9a-f]{32}$/;
const NODE = /^[0-9a-f]{16}$/;

type Time = readonly [ms: number, counter: number];

/** Whether `value` is a well-formed stamp. Never throws. */
export function isStamp(value: unknown): value is string {
  return typeof value === "string" && STAMP.test(value);
}

/**
 * Write a stamp from milliseconds, counter and node id (16 hex digits).
 * @throws RangeError when a part does not fit: nothing is cut off silently.
 */
export function makeStamp(ms: number, counter: number, node: string): string {
  if (!(fits(ms, MAX_MS) && fits(counter, MAX_COUNTER) && NODE.test(node))) {
    throw new RangeError("a stamp has 48 bits of time, 16 of counter and a node of 16 hex digits");
  }
  return ms.toString(16).padStart(12, "0") + counter.toString(16).padStart(4, "0") + node;
}

/**
 * Take a stamp apart.
 * @throws RangeError when it is malformed.
 */
export function readStamp(stamp: string): [ms: number, counter: number, node: string] {
  if (!isStamp(stamp)) throw new RangeError("a stamp is 32 lower-case hex digits");
  return [
    Number.parseInt(stamp.slice(0, 12), 16),
    Number.parseInt(stamp.slice(12, 16), 16),
    stamp.slice(16),
  ];
}

/**
 * The stamp of a device's next write: later than `last`, and not before `nowMs`.
 *
 * `last` is the greatest stamp the device has made or received (effective stamps only). A clock
 * that was set back counts on from `last`.
 * @throws RangeError when a part is malformed, or when time and counter are used up.
 */
export function nextStamp(last: string | null, nowMs: number, node: string): string {
  const now: Time = [Math.min(Math.max(nowMs, 0), MAX_MS), 0];
  const [ms, counter] = last === null ? now : later(now, stepPast(last));
  return makeStamp(ms, counter, node);
}

/**
 * The rank the server gives to a write when it first receives it.
 *
 * `nowMs` is the server's clock, `last` the last effective stamp of the same device. The result is
 * at most CLAMP_MS ahead of the server unless `last` is, always later than `last`, and keeps the
 * claimed node id.
 * @throws RangeError when a stamp is malformed.
 */
export function effectiveStamp(claimed: string, nowMs: number, last: string | null): string {
  const [ms, counter, node] = readStamp(claimed);
  const limit = nowMs + CLAMP_MS;
  const rank: Time = ms > limit ? [limit, 0] : [ms, counter];
  const [rankMs, rankCounter] = last === null ? rank : later(rank, stepPast(last));
  return makeStamp(rankMs, rankCounter, node);
}

/** Whether the server pulls this stamp back: it lies more than CLAMP_MS ahead of `nowMs`. */
export function isClamped(claimed: string, nowMs: number): boolean {
  return readStamp(claimed)[0] > nowMs + CLAMP_MS;
}

function fits(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}

function later(a: Time, b: Time): Time {
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]) ? a : b;
}

function stepPast(stamp: string): Time {
  const [ms, counter] = readStamp(stamp);
  return counter < MAX_COUNTER ? [ms, counter + 1] : [ms + 1, 0];
}
