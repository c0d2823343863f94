/** The ways in: password at the server, and the phone's own lock. */
import { accountNamed, countTry, forgiveTries, keepAccount, waitBefore } from "./accounts";
import { post, type WireProfile } from "./api";
import type { AccountRecord, ClosedSeed } from "./db";
import { deviceLabel } from "./device";
import { newId } from "./ids";
import { VaultProblem } from "./key_problems";
import { type Identity, type KdfParameters, Keyring, spoken } from "./keyring";
import { ApiProblem, problem, WrongPassword } from "./problems";

/** An opened vault and whose it is. */
export interface Entered {
  account: AccountRecord;
  keyring: Keyring;
}

/** What an unlock leaves in memory for a moment, see quiet_return.ts. */
export interface Unlocked extends Entered {
  loginKey: string;
  /** What the password has opened. */
  closed: ClosedSeed;
}

/** Signs in at the server and opens the seed it keeps. @throws ApiProblem, Unreachable. */
export function enterByPassword(name: string, password: string): Promise<Entered> {
  return withKeyring(async (keyring) => {
    const parameters = await parametersOf(name);
    const login_key = await keyring.ask("loginKey", password, parameters);
    const known = accountNamed(name);
    const profile = await login(name, login_key, known?.device ?? newId()).catch((error) => {
      const changed = known && known.salt !== parameters.salt && isCode(error, "wrong_sign_in");
      throw changed ? problem("password_changed") : error;
    });
    return openProfile(keyring, profile);
  });
}

function parametersOf(name: string): Promise<KdfParameters> {
  return post<KdfParameters>("/api/login/parameters", { name });
}

/** How long a wrong password waits to hear whether it is the right one elsewhere. */
const ELSEWHERE_MS = 3_000;

/** Whether the server knows another password than this phone; false when it does not say so soon. */
async function isChangedElsewhere({ name, salt }: AccountRecord): Promise<boolean> {
  const asked = parametersOf(name).then(
    (parameters) => parameters.salt !== salt,
    () => false,
  );
  const late = new Promise<false>((resolve) => setTimeout(resolve, ELSEWHERE_MS, false));
  return Promise.race([asked, late]);
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof ApiProblem && error.code === code;
}

/**
 * Opens a store: without the server, or, when the password was changed on another phone, by it.
 * @throws WrongPassword with the seconds until the next try.
 */
export async function enterByUnlocking(
  account: AccountRecord,
  password: string,
): Promise<Unlocked | Entered> {
  try {
    return await enterHere(account, password);
  } catch (error) {
    if (!isCode(error, "wrong_password") || !(await isChangedElsewhere(account))) throw error;
    const entered = await enterByPassword(account.name, password).catch((reason: unknown) => {
      throw isCode(reason, "password_changed") ? error : reason;
    });
    return entered;
  }
}

/** Opens a store by its password, without the server. @throws WrongPassword. */
export async function enterHere(account: AccountRecord, password: string): Promise<Unlocked> {
  const now = Date.now();
  const wait = waitBefore(account, now);
  if (wait > 0) throw new WrongPassword("wait_before_retry", Math.ceil(wait / 1000));
  const nextWait = await countTry(account, now);
  return withKeyring(async (keyring) => {
    for (const closed of [account, account.pending]) {
      const loginKey = closed && (await opens(keyring, account, closed, password));
      if (!loginKey) continue;
      await forgiveTries(account.user);
      return { account, keyring, loginKey, closed };
    }
    throw new WrongPassword("wrong_password", Math.ceil(nextWait / 1000));
  });
}

/** Opens the vault when this is the password; then what proves it at the server, else null. */
async function opens(
  keyring: Keyring,
  account: AccountRecord,
  { salt, opslimit, memlimit, wrappedSeed }: ClosedSeed,
  password: string,
): Promise<string | null> {
  const loginKey = await keyring.ask("loginKey", password, { salt, opslimit, memlimit });
  return keyring.ask("open", { ...identityOf(account), wrappedSeed }).then(
    () => loginKey,
    (error: unknown) => {
      if (!(error instanceof VaultProblem && error.code === "wrong_password")) throw error;
      return null;
    },
  );
}

/** One sign-in for this phone's number; a number that is not ours any more gets a new one. */
export async function login(name: string, login_key: string, device: string): Promise<WireProfile> {
  const send = (id: string) =>
    post<{ profile: WireProfile }>("/api/login", {
      name,
      login_key,
      device: { id, label: deviceLabel() },
    });
  try {
    return (await send(device)).profile;
  } catch (error) {
    if (!isCode(error, "device_taken")) throw error;
    return (await send(newId())).profile;
  }
}

/** The server knew the login key; that its seed opens with the same password is for us to see. */
export async function openProfile(keyring: Keyring, profile: WireProfile): Promise<Entered> {
  const { user, team, wrapped_seed, box_public, sign_public } = profile;
  const identity = {
    user,
    team,
    wrappedSeed: wrapped_seed,
    boxPublic: box_public,
    signPublic: sign_public,
  };
  await keyring.ask("open", identity).catch((error: unknown) => {
    const swapped = error instanceof VaultProblem && error.code === "wrong_password";
    throw swapped ? problem("profile_refused") : error;
  });
  return { account: await keepAccount(profile), keyring };
}

export function identityOf(account: AccountRecord): Identity {
  const { user, team, wrappedSeed, boxPublic, signPublic } = account;
  return { user, team, wrappedSeed, boxPublic, signPublic };
}

/** A vault that is ended again when what it was started for fails. */
export async function withKeyring<Way extends Entered>(
  work: (keyring: Keyring) => Promise<Way>,
): Promise<Way> {
  const keyring = new Keyring();
  try {
    return await work(keyring);
  } catch (error) {
    keyring.close();
    throw spoken(error);
  }
}
