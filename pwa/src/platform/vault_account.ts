/**
 * The vault's seldom work on a seed: making one, closing it under another password, and once more
 * for this phone's passkey.
 */
import { VaultProblem } from "./key_problems";
import type { Identity, KdfParameters, NewAccount, Rewrapped } from "./keyring";
import {
  identityOf,
  loginKey,
  newKdfParameters,
  newSeed,
  openSeed,
  type Person,
  wipe,
  wipeIdentity,
  wrapSeed,
} from "./keys";
import { passkeyMaster, publicHalves } from "./vault_identity";

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

/** The same seed of the person who is in under another password. Codes: wrong_password, profile_refused. */
export async function rewrapped(
  derive: Derive,
  person: Person,
  old: string,
  parameters: KdfParameters,
  identity: Identity,
  password: string,
): Promise<Rewrapped> {
  const { seed, master } = await provenSeed(derive, person, old, parameters, identity);
  const next = newKdfParameters();
  const newMaster = await derive(password, next);
  const made = {
    ...next,
    oldLoginKey: loginKey(master),
    loginKey: loginKey(newMaster),
    wrappedSeed: wrapSeed(newMaster, seed, person.user),
  };
  wipe(seed, master, newMaster);
  return made;
}

/**
 * The seed, proven by the password, closed for what a passkey answers: 32 bytes, wiped here. Codes:
 * wrong_password, profile_refused.
 */
export async function closedForPasskey(
  derive: Derive,
  person: Person,
  password: string,
  parameters: KdfParameters,
  identity: Identity,
  answer: Uint8Array,
): Promise<string> {
  const { seed, master } = await provenSeed(derive, person, password, parameters, identity);
  const other = passkeyMaster(answer);
  const closed = wrapSeed(other, seed, person.user);
  wipe(seed, master, other);
  return closed;
}

/** Her seed, which a password opens, and what opened it; both are the caller's to wipe. */
async function provenSeed(
  derive: Derive,
  { user, signPublic }: Person,
  password: string,
  parameters: KdfParameters,
  { wrappedSeed }: Identity,
): Promise<{ seed: Uint8Array; master: Uint8Array }> {
  const master = await derive(password, parameters);
  const seed = openSeed(master, wrappedSeed, user);
  if (publicKeys(seed).signPublic !== signPublic) throw new VaultProblem("profile_refused");
  return { seed, master };
}

function publicKeys(seed: Uint8Array): { boxPublic: string; signPublic: string } {
  const secrets = identityOf(seed);
  const halves = publicHalves(secrets);
  wipeIdentity(secrets);
  return halves;
}
