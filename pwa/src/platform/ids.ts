/** Ids and instants in their wire form. */

/** A new UUIDv7 as 32 lower-case hex digits: sorts by time of making, guessed by nobody. */
export function newId(nowMs: number = Date.now()): string {
  const random = randomHex(10);
  const variant = (8 + (Number.parseInt(random.slice(3, 4), 16) & 3)).toString(16);
  return `${nowMs.toString(16).padStart(12, "0")}7${random.slice(0, 3)}${variant}${random.slice(4, 19)}`;
}

/** A new node id for the logical clock: 16 hex digits. */
export function newNode(): string {
  return randomHex(8);
}

/** Now as an instant of the protocol, `YYYY-MM-DDTHH:MM:SSZ`. */
export function instantNow(nowMs: number = Date.now()): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
