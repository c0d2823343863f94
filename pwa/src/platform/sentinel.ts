/**
 * Notices that the browser has thrown a store away. It keeps, in another place than the stores and
 * without a name, whose stores there are: what it still knows and the disk does not is lost.
 */
import Dexie from "dexie";
import type { AccountRecord } from "./db";

const KEY = "zuzweit-stores";

/** A person's store lies on this phone, from now on. */
export function rememberStore(user: string): void {
  write([...new Set([...read(), user])]);
}

/** It was removed on purpose. */
export function forgetStore(user: string): void {
  write(read().filter((one) => one !== user));
}

/** What of the stores is gone. */
export interface Lost {
  /** Accounts that open nothing any more: signing in anew must not go on with their numbers. */
  empty: string[];
  /** One of them, or a whole account, was complete once: the browser has thrown it away. */
  wiped: boolean;
}

/** Compares what was remembered with what is there. */
export async function lostStores(accounts: readonly AccountRecord[]): Promise<Lost> {
  const remembered = read();
  const names = accounts.length > 0 ? await Dexie.getDatabaseNames() : [];
  const there = accounts.map(({ user }) => user).filter((user) => names.includes(storeOf(user)));
  const empty = accounts.map(({ user }) => user).filter((user) => !there.includes(user));
  const wiped = remembered.some((user) => !there.includes(user));
  // Said once: from then on there is nothing left to lose.
  if (wiped) write(there);
  return { empty, wiped };
}

function storeOf(user: string): string {
  return `zuzweit-${user}`;
}

function read(): string[] {
  const found = place()?.getItem(KEY)?.split(" ") ?? [];
  return found.filter((user) => user !== "");
}

function write(users: readonly string[]): void {
  if (users.length > 0) place()?.setItem(KEY, users.join(" "));
  else place()?.removeItem(KEY);
}

/** Null where a browser forbids it: then only the server's cookie can tell. */
function place(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
