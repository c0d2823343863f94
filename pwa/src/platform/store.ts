/**
 * Whose store this tab works on, and the vault while it is open. session.ts decides; everything
 * else in platform/ reads.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type AccountRecord, PersonDb } from "./db";
import type { Keyring } from "./keyring";
import { problem } from "./problems";

export interface Store {
  account: AccountRecord;
  db: PersonDb;
}

const store = signal<Store | null>(null);
const vault = signal<Keyring | null>(null);
let finishing: Keyring | null = null;

/** The person whose turn it is, locked or open; null while nobody has a store here. */
export const currentStore: ReadonlySignal<Store | null> = store;
/** Only while open. */
export const currentVault: ReadonlySignal<Keyring | null> = vault;
export const currentUser: ReadonlySignal<string | null> = computed(
  () => store.value?.account.user ?? null,
);

/** Turns this tab to a person's store; the store of whoever was here before is closed. */
export function turnTo(account: AccountRecord): Store {
  const before = store.peek();
  const same = before && before.account.user === account.user;
  const next = { account, db: same ? before.db : new PersonDb(account.user) };
  store.value = next;
  if (!same) before?.db.close();
  return next;
}

/** Nobody's store is current. */
export function turnAway(): void {
  store.peek()?.db.close();
  store.value = null;
}

/** Makes a vault the open one, or none. */
export function holdVault(keyring: Keyring | null): void {
  vault.value = keyring;
}

/** While locking: forms may still seal what was typed last; nothing is shown any more. */
export function letFinish(keyring: Keyring | null): void {
  finishing = keyring;
}

/** The store and the vault. @throws ApiProblem `locked`. */
export function opened(): { store: Store; vault: Keyring } {
  const [here, keys] = [store.peek(), vault.peek() ?? finishing];
  if (!here || !keys) throw problem("locked");
  return { store: here, vault: keys };
}
