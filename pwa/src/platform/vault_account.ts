/** The vault's seldom work on a seed: making one, and closing it under another password. */
import { toBase64url } from "./encoding";
import { VaultProblem } from "./key_problems";
import type { Identity, KdfParameters, NewAccount, Rewrapped } from "./keyring";
import {
  identityOf,
  loginKey,
  newKdfParameters,
  newSeed,
  openSeed,
  type Person,
  type Identity as Secrets,
  wipe,
  wipeIdentity,
  wrapSeed,
} from "./keys";

/** Argon2id of a password; in the app done by a worker that ends afterwards. */
export type Derive = (password: string, parameters: KdfParameters) => Promise<Uint8Array>;

/** A new seed for `user`, closed under the password; `master` opens it and is the caller's. */
export async function newAccount(
  derive: Derive,
  user: string,
  password: string,
): Promise<{ account: NewAccount; master: Uint8Array }> {
  const parameters = newKdfParameters();
  const master = await derive(password, parameters);
  const seed = newSeed();
  const account = {
    ...parameters,
    loginKey: loginKey(master),
    wrappedSeed: wrapSeed(master, seed, user),
    ...publicKeys(seed),
  };
  wipe(seed);
  return { account, master };
}

/** A person and her secrets. Codes: wrong_password; profile_refused for other public halves. */
export function openIdentity(
  master: Uint8Array,
  { user, team, wrappedSeed, boxPublic, signPublic }: Identity,
): { person: Person; secrets: Secrets } {
  const seed = openSeed(master, wrappedSeed, user);
  const secrets = identityOf(seed);
  wipe(seed);
  const halves = publicHalves(secrets);
  if (halves.boxPublic !== boxPublic || halves.signPublic !== signPublic) {
    wipeIdentity(secrets);
    throw new VaultProblem("profile_refused");
  }
  return { person: { user, team, boxPublic, signPublic }, secrets };
}

/** The same seed under another password. Codes: wrong_password, profile_refused. */
export async function rewrapped(
  derive: Derive,
  old: string,
  parameters: KdfParameters,
  { wrappedSeed, user, signPublic }: Identity,
  password: string,
): Promise<Rewrapped> {
  const master = await derive(old, parameters);
  const seed = openSeed(master, wrappedSeed, user);
  if (publicKeys(seed).signPublic !== signPublic) throw new VaultProblem("profile_refused");
  const next = newKdfParameters();
  const newMaster = await derive(password, next);
  const made = {
    ...next,
    oldLoginKey: loginKey(master),
    loginKey: loginKey(newMaster),
    wrappedSeed: wrapSeed(newMaster, seed, user),
  };
  wipe(seed, master, newMaster);
  return made;
}

function publicKeys(seed: Uint8Array): { boxPublic: string; signPublic: string } {
  const secrets = identityOf(seed);
  const halves = publicHalves(secrets);
  wipeIdentity(secrets);
  return halves;
}

function publicHalves({ box, sign }: Secrets): { boxPublic: string; signPublic: string } {
  return { boxPublic: toBase64url(box.publicKey), signPublic: toBase64url(sign.publicKey) };
}
