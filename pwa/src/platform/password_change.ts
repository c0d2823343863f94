/**
 * Changing the password: the same seed, closed anew. Loaded when it is wanted.
 *
 * What the new password opens lies on the phone before the server hears of it, beside the old one,
 * and stays there until the server has said which of them holds: killed at any moment, the phone
 * opens with the old password, with the new one, or with both.
 */
import { effect } from "@preact/signals";
import { accountRecords, changeAccount, countTry, freshAccount, waitBefore } from "./accounts";
import { askSession, post, type WireProfile } from "./api";
import type { AccountRecord, ClosedSeed } from "./db";
import { VaultProblem } from "./key_problems";
import { type Rewrapped, spoken } from "./keyring";
import { passwordProblem } from "./passwords";
import { ApiProblem, problem, reportTrouble, WrongPassword } from "./problems";
import { identityOf } from "./sign_in";
import { currentUser, currentVault, opened } from "./store";
import { status } from "./sync_loop";
import { alone } from "./tabs";

/**
 * Changes the password of the person who is in. `earlier`: nothing was changed now, because an
 * earlier change whose answer was lost turned out to hold.
 * @throws WrongPassword; ApiProblem `weak_password`, `password_changed`; Unreachable: both passwords
 *   open this phone until the server answers, see `settleSoon`.
 */
export async function changePassword(old: string, password: string): Promise<"now" | "earlier"> {
  if (passwordProblem(password)) throw problem("weak_password", "password");
  const { user } = opened().store.account;
  return alone(changing(user), async () => {
    if (await settle(user)) return "earlier";
    const account = await freshAccount(user);
    const made = await closeAnew(account, old, password);
    const { salt, opslimit, memlimit, wrappedSeed } = made;
    const next = { salt, opslimit, memlimit, wrappedSeed };
    await changeAccount(user, { pending: next });
    await swap(user, made).catch(async (error: unknown) => {
      if (isRefusal(error)) await changeAccount(user, { pending: null });
      throw saidOf(error);
    });
    await adopt(user, next);
    return "now";
  });
}

/** Asks the server, from its next answer on, which password holds; until it is known. */
export function settleSoon(): void {
  const user = currentUser.peek();
  let asked: number | null | undefined;
  let asking = false;
  const stop = effect(() => {
    const { lastContact, needsSignIn, running } = status.value;
    if (currentUser.value !== user || !currentVault.value) return queueMicrotask(() => stop());
    if (!user || asking || running || needsSignIn || lastContact === asked) return;
    asked = lastContact;
    asking = true;
    alone(changing(user), () => settle(user))
      .then(() => {
        // Not known yet: the session had ended, and the next answer follows a sign-in.
        if (!isOpen()) stop();
      })
      .catch((error: unknown) => {
        // No answer again: the next contact is the next chance.
        if (!(error instanceof ApiProblem)) reportTrouble(error);
      })
      .finally(() => {
        asking = false;
      });
  });
}

/** Whether a change is under way whose answer this phone has not heard. */
export function isOpen(): boolean {
  return (
    (accountRecords.value.find(({ user }) => user === currentUser.value)?.pending ?? null) !== null
  );
}

/** Whether the pending password turned out to be the one the server knows. */
async function settle(user: string): Promise<boolean> {
  const { pending, wrappedSeed } = await freshAccount(user);
  if (!pending) return false;
  const { profile } = await askSession();
  // A session that has ended: the sign-in that follows brings what holds.
  if (profile?.user !== user) return false;
  const holds = profile.wrapped_seed === pending.wrappedSeed;
  if (holds) await adopt(user, pending);
  else if (profile.wrapped_seed === wrappedSeed) await changeAccount(user, { pending: null });
  return holds;
}

function adopt(user: string, closed: ClosedSeed): Promise<void> {
  return changeAccount(user, { ...closed, pending: null });
}

async function closeAnew(
  account: AccountRecord,
  old: string,
  password: string,
): Promise<Rewrapped> {
  const wait = waitBefore(account, Date.now());
  if (wait > 0) throw new WrongPassword("wait_before_retry", Math.ceil(wait / 1000));
  const nextWait = await countTry(account, Date.now());
  const { salt, opslimit, memlimit } = account;
  const made = await opened()
    .vault.ask("rewrap", old, { salt, opslimit, memlimit }, identityOf(account), password)
    .catch((error: unknown) => {
      const wrong = error instanceof VaultProblem && error.code === "wrong_password";
      throw wrong ? new WrongPassword("wrong_password", Math.ceil(nextWait / 1000)) : spoken(error);
    });
  await changeAccount(account.user, { wrongTries: 0, nextTryAt: 0 });
  return made;
}

async function swap(user: string, made: Rewrapped): Promise<void> {
  const { salt, opslimit, memlimit } = made;
  const { profile } = await post<{ profile: WireProfile }>("/api/password", {
    old_login_key: made.oldLoginKey,
    salt,
    opslimit,
    memlimit,
    login_key: made.loginKey,
    wrapped_seed: made.wrappedSeed,
  });
  if (profile.user !== user || profile.wrapped_seed !== made.wrappedSeed) {
    throw problem("profile_refused");
  }
}

/** The server has read it and said no: nothing has changed there. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiProblem && error.status >= 400 && error.status < 500;
}

/** This phone's seed opens with the old password, the server's does not. */
function saidOf(error: unknown): unknown {
  const other = error instanceof ApiProblem && error.code === "wrong_sign_in";
  return other ? problem("password_changed") : error;
}

function changing(user: string): string {
  return `zuzweit-password-${user}`;
}
