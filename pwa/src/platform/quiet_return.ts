/**
 * A browser that is killed may forget its cookies, though not its stores. Whoever has just unlocked
 * has typed her password: when the server's first answer after it knows no session, the phone signs
 * in again by itself, once. A session that ends later asks the person.
 */
import { signal } from "@preact/signals";
import { changeAccount } from "./accounts";
import type { AccountRecord } from "./db";
import { adoptDevice } from "./device";
import { ApiProblem, reportTrouble, Unreachable } from "./problems";
import { login } from "./sign_in";
import { currentStore } from "./store";
import { status, syncSoon } from "./sync_loop";
import { tellTabs } from "./tabs";

interface Return {
  account: AccountRecord;
  loginKey: string;
  /** The last contact before the unlock; a later one proves that the session lives. */
  contactBefore: number | null;
}

const pending = signal<Return | null>(null);

/** An unlock: until the server's first answer its login key may be used once. */
export function mayReturnQuietly(account: AccountRecord, loginKey: string): void {
  pending.value = { account, loginKey, contactBefore: status.peek().lastContact };
}

/** The keys are forgotten, and so is this one. */
export function forgetReturn(): void {
  pending.value = null;
}

/** Runs as an effect: looks at each answer of the server until the first one is known. */
export function returnQuietly(): void {
  const coming = pending.value;
  const { needsSignIn, lastContact, running } = status.value;
  if (!coming || running) return;
  if (needsSignIn) {
    pending.value = null;
    void signInQuietly(coming).catch(reportTrouble);
  } else if (lastContact !== coming.contactBefore) pending.value = null;
}

async function signInQuietly(coming: Return): Promise<void> {
  const { account, loginKey } = coming;
  const db = currentStore.peek()?.db;
  if (db?.user !== account.user) return;
  try {
    const { device } = await login(account.name, loginKey, account.device);
    await adoptDevice(db, device);
    await changeAccount(account.user, { device });
  } catch (error) {
    // No network: the next answer is the first one. A refusal: the person is asked, as ever.
    if (error instanceof Unreachable) pending.value = coming;
    else if (!(error instanceof ApiProblem)) throw error;
    return;
  }
  tellTabs({ kind: "signed_in", user: account.user });
  syncSoon(0);
}
