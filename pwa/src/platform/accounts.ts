/**
 * The people who have a store on this phone, what opens it without a network, and how long a wrong
 * password makes them wait. Wrong passwords slow down; they never wipe anything.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { WireProfile } from "./api";
import { type AccountRecord, durable, PhoneDb } from "./db";
import { ApiProblem, problem, reportTrouble } from "./problems";

const FREE_TRIES = 3;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;

const phone = new PhoneDb();
const records = signal<readonly AccountRecord[]>([]);

/** The last used first. */
export const accountRecords: ReadonlySignal<readonly AccountRecord[]> = records;

/** Reads who has a store here. */
export async function loadAccounts(): Promise<readonly AccountRecord[]> {
  const all = await durable(phone, () => phone.account.toArray());
  records.value = all.sort((a, b) => b.lastUsedAt - a.lastUsedAt);
  return records.value;
}

export function accountOf(user: string): AccountRecord | undefined {
  return records.peek().find((account) => account.user === user);
}

export function accountNamed(name: string): AccountRecord | undefined {
  const wanted = name.trim().toLowerCase();
  return records.peek().find((account) => account.name.toLowerCase() === wanted);
}

/** As it stands on the disk: another tab may have changed it. @throws ApiProblem `not_found`. */
export async function freshAccount(user: string): Promise<AccountRecord> {
  const account = (await loadAccounts()).find((one) => one.user === user);
  if (!account) throw problem("not_found");
  return account;
}

/** Keeps what the server said at sign-in: enough to unlock without it. */
export async function keepAccount(profile: WireProfile): Promise<AccountRecord> {
  const before = (await loadAccounts()).find(({ user }) => user === profile.user);
  const sameSeed =
    before?.boxPublic === profile.box_public && before.signPublic === profile.sign_public;
  const account: AccountRecord = {
    user: profile.user,
    name: profile.name,
    displayName: profile.display_name,
    role: profile.role,
    team: profile.team,
    teamName: profile.team_name,
    device: profile.device,
    admitted: profile.admitted,
    salt: profile.salt,
    opslimit: profile.opslimit,
    memlimit: profile.memlimit,
    wrappedSeed: profile.wrapped_seed,
    passkey: sameSeed ? before.passkey : null,
    boxPublic: profile.box_public,
    signPublic: profile.sign_public,
    lockedAt: null,
    lastUsedAt: Date.now(),
    wrongTries: 0,
    nextTryAt: 0,
  };
  await durable(phone, () => phone.account.put(account));
  await loadAccounts();
  if (!sameSeed) forgetPasskey(before, true);
  return account;
}

/** Changes some of what is kept about an account. */
export async function changeAccount(user: string, change: Partial<AccountRecord>): Promise<void> {
  await durable(phone, () => phone.account.update(user, change));
  await loadAccounts();
}

/**
 * Notes what only this phone's own lock goes by. On a disk that is full it holds until the app
 * ends: nobody is locked out of what lies here because nothing more can be written.
 */
async function note(user: string, change: Partial<AccountRecord>): Promise<void> {
  try {
    await changeAccount(user, change);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === "storage_full")) throw error;
    records.value = records.peek().map((one) => (one.user === user ? { ...one, ...change } : one));
  }
}

/** It was locked, or opened (null), at this instant. */
export function noteLock(user: string, lockedAt: number | null): Promise<void> {
  return note(user, lockedAt === null ? { lockedAt, lastUsedAt: Date.now() } : { lockedAt });
}

export async function forgetAccount(user: string): Promise<void> {
  const before = accountOf(user);
  await durable(phone, () => phone.account.delete(user));
  await loadAccounts();
  forgetPasskey(before, false);
}

/** What her passkey opened is gone; with `say` she is told. */
function forgetPasskey(before: AccountRecord | undefined, say: boolean): void {
  const passkey = before?.passkey;
  if (passkey)
    void import("./passkey").then(({ forget }) => forget(passkey, say)).catch(reportTrouble);
}

/** Milliseconds until the next try; a clock set back never makes it longer than it was. */
export function waitBefore({ wrongTries, nextTryAt }: AccountRecord, nowMs: number): number {
  return Math.min(Math.max(0, nextTryAt - nowMs), waitAfter(wrongTries));
}

/**
 * Counts a try as wrong before it is made, so that ending the app does not make it free. Answers
 * the milliseconds until the next one, should this one be wrong.
 */
export async function countTry(account: AccountRecord, nowMs: number): Promise<number> {
  const wrongTries = account.wrongTries + 1;
  const wait = waitAfter(wrongTries);
  await note(account.user, { wrongTries, nextTryAt: nowMs + wait });
  return wait;
}

/** The right password: nobody has to wait any more. */
export function forgiveTries(user: string): Promise<void> {
  return note(user, { wrongTries: 0, nextTryAt: 0, lastUsedAt: Date.now() });
}

function waitAfter(wrongTries: number): number {
  if (wrongTries < FREE_TRIES) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** (wrongTries - FREE_TRIES), LONGEST_WAIT_MS);
}
