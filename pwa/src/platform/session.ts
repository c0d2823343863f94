/**
 * Who is here: signing in, unlocking, locking, and what the screens know about the person and her
 * team. Locking is forgetting the keys; it never touches what is stored.
 */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import {
  accountOf,
  accountRecords,
  forgetAccount,
  freshAccount,
  loadAccounts,
  noteLock,
} from "./accounts";
import { askSession, forgetSession, post } from "./api";
import { beginTouch, startAutoLock } from "./auto_lock";
import type { AccountRecord, PersonDb } from "./db";
import { adoptDevice } from "./device";
import { followDrafts, startDrafts } from "./drafts";
import { leaveEndedCases, startEndingCases } from "./ended_cases";
import { startHeld } from "./held";
import type { Invitation } from "./invitation";
import type { Keyring } from "./keyring";
import { endLongAbsence } from "./offline_limit";
import { messageOf, problem, reportTrouble, troubles, Unreachable } from "./problems";
import { tray, waitingCount } from "./queue";
import { forgetReturn, mayReturnQuietly, returnQuietly } from "./quiet_return";
import { resetViews } from "./row_views";
import { forgetStore, lostStores, rememberStore } from "./sentinel";
import { type Entered, enterByPassword, enterByUnlocking } from "./sign_in";
import { askToPersist, keepReserve } from "./storage";
import {
  currentStore,
  currentVault,
  holdVault,
  letFinish,
  opened,
  turnAway,
  turnTo,
} from "./store";
import { followStore, startSync, status, syncSoon } from "./sync_loop";
import { alone, hearTabs, type TabMessage, tellTabs, writing } from "./tabs";
import {
  absorbNews,
  absorbTeam,
  forgetTeam,
  keyProblems,
  mintDue,
  type Role,
  renewalDue,
  settings,
} from "./team";
import { takeNews, teamNews } from "./team_news";
import { startUpdates } from "./updates";

export type { Invitation } from "./invitation";
export { generatePassword, passwordProblem } from "./passwords";
export { ApiProblem, Unreachable, UnsentEntries, WrongPassword } from "./problems";
export {
  type Member,
  members,
  newcomers,
  type Role,
  renewing,
  settings,
  sheetForgotten,
} from "./team";

export interface Profile {
  user: string;
  name: string;
  displayName: string;
  role: Role;
  team: string;
  teamName: string;
  device: string;
  admitted: boolean;
}
/** Somebody with a store on this phone. */
export interface Account {
  user: string;
  name: string;
  displayName: string;
  role: string;
  admitted: boolean;
  lockedAt: number | null;
  /** The phone's own lock opens it too. */
  hasPasskey: boolean;
}
export type Phase = "starting" | "signed_out" | "locked" | "open";

const DEFAULT_LOCK_MINUTES = 5;
/** Whatever the server says: an hour is the longest an open phone may lie about. */
const MOST_LOCK_MINUTES = 60;
/** How long forms may still seal what was typed last, after the screens are gone. */
const LAST_WORDS_MS = 100;
const DRAIN_MS = 1_000;

/** Seldom needed, and then there is a connection. */
const leaving = () => import("./leaving");

const now = signal<Phase>("starting");
const wiped = signal<string | null>(null);
const lost = signal(false);

export const phase: ReadonlySignal<Phase> = now;
/** What to say when the office has locked this phone out and it has wiped itself. German. */
export const wipedByOffice: ReadonlySignal<string | null> = wiped;
/** The sentence to show when the browser has thrown a store away, until somebody is in again. */
export const storeLost: ReadonlySignal<string | null> = computed(() =>
  lost.value ? messageOf("store_lost") : null,
);
/** Only while open. */
export const profile: ReadonlySignal<Profile | null> = computed(() => {
  const account = currentAccount.value;
  if (now.value !== "open" || !account) return null;
  const { user, name, displayName, role, team, teamName, device, admitted } = account;
  return { user, name, displayName, role: role as Role, team, teamName, device, admitted };
});
export const accounts: ReadonlySignal<Account[]> = computed(() =>
  accountRecords.value.map(({ user, name, displayName, role, admitted, lockedAt, passkey }) => ({
    user,
    name,
    displayName,
    role,
    admitted,
    lockedAt,
    hasPasskey: !!passkey,
  })),
);
export const lockedAt: ReadonlySignal<number | null> = computed(() =>
  now.value === "locked" ? (currentAccount.value?.lockedAt ?? null) : null,
);
/** What waits on this phone while it is locked, to be cleared up included. */
export const unsentWhileLocked: ReadonlySignal<number> = computed(() =>
  now.value === "locked" ? waitingCount.value + tray.value.length : 0,
);
/** What the person must know: keys that were not believed, storage that failed. German. */
export const problems: ReadonlySignal<string[]> = computed(() => [
  ...keyProblems.value,
  ...troubles.value,
]);

const currentAccount: ReadonlySignal<AccountRecord | null> = computed(() => {
  const account = currentStore.value?.account;
  const kept = accountRecords.value.find(({ user }) => user === account?.user);
  return kept ?? account ?? null;
});

/** Starts everything; called once by main.tsx. */
export async function start(): Promise<void> {
  startSync(giveUp);
  startDrafts();
  startEndingCases();
  startHeld();
  startAutoLock({ limitMs: lockMs, isOpen: () => now.peek() === "open", lock });
  hearTabs((message) => void heard(message).catch(reportTrouble));
  effect(followTeamNews);
  effect(mintWhenReachable);
  effect(renewWhenReachable);
  effect(returnQuietly);
  const gone = await lostStores(await loadAccounts());
  for (const user of gone.empty) await forgetAccount(user);
  lost.value = gone.wiped;
  const [last] = accountRecords.peek();
  if (last) turnTo(last);
  now.value = last ? "locked" : "signed_out";
  void startUpdates().catch(reportTrouble);
  if (last) await follow();
  else void noticeWipe().catch(reportTrouble);
}

/** Signs in, for the first time on this phone or again. @throws ApiProblem, Unreachable. */
export async function signIn(name: string, password: string): Promise<void> {
  const entering = enterByPassword(name, password);
  // When the office has locked this phone out, the sync takes leave of the store.
  entering.catch(() => syncSoon(0));
  await come(await entering, true);
}

/** Signs in again where one is, after the server has forgotten the session. */
export async function signInAgain(password: string): Promise<void> {
  const account = currentStore.peek()?.account;
  if (!account) throw problem("sign_in_needed");
  await signIn(account.name, password);
}

/** What an invitation says. @throws ApiProblem `invitation_invalid`, Unreachable. */
export async function openInvitation(token: string): Promise<Invitation> {
  return (await import("./invitation")).readInvitation(token);
}

/** Uses an invitation up: the seed is made on this phone. @throws ApiProblem, Unreachable. */
export async function acceptInvitation(token: string, password: string): Promise<void> {
  const { enterByInvitation } = await import("./invitation");
  await come(await enterByInvitation(token, password), true);
}

/**
 * Opens a store on this phone, without a network too unless it was away for too long.
 * @throws WrongPassword, ApiProblem `offline_too_long`, `password_changed`.
 */
export async function unlock(user: string, password: string): Promise<void> {
  const account = await freshAccount(user);
  const entered = await enterByUnlocking(account, password);
  if (!("loginKey" in entered)) return come(entered, true);
  const { loginKey, keyring } = entered;
  await endLongAbsence(account, loginKey).catch((error: unknown) => {
    keyring.close();
    syncSoon(0);
    throw error;
  });
  await come(entered, false);
  mayReturnQuietly(account, loginKey);
}

/**
 * Opens a store by this phone's own lock; whoever must sign in at the server is asked afterwards.
 * @throws ApiProblem with a sentence when it was not confirmed, or only the password will do.
 */
export async function unlockByPasskey(user: string): Promise<void> {
  const { enterByPasskey } = await import("./passkey");
  await come(await enterByPasskey(await freshAccount(user)), false);
}

/** Forgets the keys, in all tabs. */
export function lock(): void {
  lockHere();
  tellTabs({ kind: "locked" });
}

/**
 * Ends the session and removes this person's store from the phone.
 * @throws UnsentEntries while anything exists on this phone only, Unreachable without a network.
 */
export async function signOut(): Promise<void> {
  const { store } = opened();
  const { db } = store;
  const { nothingUnsent } = await leaving();
  await nothingUnsent(db);
  await post("/api/logout", {});
  forgetSession();
  // The server may have taken its time, and another tab may have written meanwhile.
  await remove(db, () => nothingUnsent(db));
}

/** The office has locked this phone out: what waits is given up, and then the store goes. */
async function giveUp(db: PersonDb): Promise<void> {
  const { surrender } = await leaving();
  await surrender(db);
  await remove(db);
  wiped.value = messageOf("device_locked");
}

async function remove(db: PersonDb, check?: () => Promise<void>): Promise<void> {
  await alone(writing(db.user), async () => {
    await check?.();
    if (currentStore.peek()?.db === db) lockHere();
    await db.delete();
  });
  forgetStore(db.user);
  await forgetAccount(db.user);
  tellTabs({ kind: "signed_out", user: db.user });
  await leave();
}

/** A vault was opened: its person's store becomes the current one, and everything follows. */
async function come({ account, keyring }: Entered, signedIn: boolean): Promise<void> {
  const before = currentVault.peek();
  if (before && currentStore.peek()?.account.user !== account.user) lockHere();
  const { db } = turnTo(accountOf(account.user) ?? account);
  if (signedIn) await adoptDevice(db, account.device);
  await follow();
  await leaveEndedCases();
  const newsBefore = teamNews.peek();
  await absorbTeam(db, keyring);
  beginTouch();
  batch(() => {
    holdVault(keyring);
    now.value = "open";
  });
  // A sync that ran meanwhile found no vault to tell.
  if (teamNews.peek() !== newsBefore) teamNews.value = { envelopes: null, state: true };
  if (before && before !== keyring) void endVault(before);
  await noteLock(account.user, null);
  tellTabs({ kind: "opened", user: account.user });
  if (signedIn) tellTabs({ kind: "signed_in", user: account.user });
  void askToPersist().then(keepReserve).catch(reportTrouble);
  rememberStore(account.user);
  lost.value = false;
  if (accountOf(account.user)?.pending) {
    void import("./password_change").then((change) => change.settleSoon()).catch(reportTrouble);
  }
  syncSoon(0);
}

function lockHere(): void {
  const vault = currentVault.peek();
  if (!vault) return;
  batch(() => {
    holdVault(null);
    now.value = "locked";
    forgetTeam();
    resetViews();
  });
  forgetReturn();
  void endVault(vault);
  const user = currentStore.peek()?.account.user;
  if (user) void noteLock(user, Date.now()).catch(reportTrouble);
}

/** Ends a vault, after forms have sealed what was typed last. */
async function endVault(vault: Keyring): Promise<void> {
  letFinish(vault);
  await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
  letFinish(null);
  await vault.idle(DRAIN_MS);
  vault.close();
}

async function follow(): Promise<void> {
  await followStore();
  await followDrafts();
}

/** Nobody's store is current any more: the next person's, or the sign-in. */
async function leave(): Promise<void> {
  const [next] = await loadAccounts();
  if (next) turnTo(next);
  else turnAway();
  now.value = next ? "locked" : "signed_out";
  await follow();
}

async function heard(message: TabMessage): Promise<void> {
  const user = currentStore.peek()?.account.user;
  if (message.kind === "locked") lockHere();
  if (message.kind === "opened") {
    if (message.user !== user) lockHere();
    const [last] = await loadAccounts();
    if (last && now.peek() === "signed_out") await leave();
  }
  if (message.kind === "signed_out") {
    forgetSession();
    if (message.user === user) {
      lockHere();
      await leave();
    } else await loadAccounts();
  }
}

function followTeamNews(): void {
  const news = teamNews.value;
  const [store, vault] = [currentStore.peek(), currentVault.peek()];
  if (!store || !vault) return;
  takeNews(() =>
    absorbNews(store.db, vault, news).catch((error: unknown) => {
      // A lock in the middle: unlocking reads it all again.
      if (currentVault.peek() === vault) reportTrouble(error);
    }),
  );
}

/** Each answer of the server is a chance to make the team's first key, if that is our turn. */
function mintWhenReachable(): void {
  const { lastContact, needsSignIn } = status.value;
  if (mintDue.value && lastContact !== null && !needsSignIn)
    void import("./vouching").then((first) => first.mintIfFirst()).catch(reportTrouble);
}

/** Likewise, to renew the keys when somebody has left. */
function renewWhenReachable(): void {
  const { lastContact, needsSignIn } = status.value;
  if (renewalDue.value && lastContact !== null && !needsSignIn)
    void import("./renewal").then(({ renewKeys }) => renewKeys()).catch(reportTrouble);
}

/** The cookie of somebody who has no store here: the browser has thrown the store away. */
async function noticeWipe(): Promise<void> {
  try {
    if ((await askSession()).signed_in) lost.value = true;
  } catch (error) {
    // Without a network nobody can tell; the sign-in comes next anyway.
    if (!(error instanceof Unreachable)) throw error;
  }
}

function lockMs(): number {
  const minutes = settings.peek().lock_minutes;
  const valid = typeof minutes === "number" && minutes > 0;
  return Math.min(valid ? minutes : DEFAULT_LOCK_MINUTES, MOST_LOCK_MINUTES) * 60_000;
}
