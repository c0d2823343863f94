/** The vault's daily work on a seed: whose secrets it holds. */
import { toBase64url } from "./encoding";
import { VaultProblem } from "./key_problems";
import type { Identity } from "./keyring";
import {
  identityOf,
  openSeed,
  ownKey,
  type Person,
  type SealingKey,
  type Identity as Secrets,
  wipe,
  wipeIdentity,
} from "./keys";
import { kdf } from "./vault";

/** What an opened seed gives. */
export interface Me {
  person: Person;
  secrets: Secrets;
  own: SealingKey;
}

/** Opens a person's seed. Codes: wrong_password; profile_refused for other public halves. */
export function openIdentity(
  master: Uint8Array,
  { user, team, wrappedSeed, boxPublic, signPublic }: Identity,
): Me {
  const seed = openSeed(master, wrappedSeed, user);
  const secrets = identityOf(seed);
  wipe(seed);
  const halves = publicHalves(secrets);
  if (halves.boxPublic !== boxPublic || halves.signPublic !== signPublic) {
    wipeIdentity(secrets);
    throw new VaultProblem("profile_refused");
  }
  const person = { user, team, boxPublic, signPublic };
  return { person, secrets, own: ownKey(secrets, user) };
}

/** The public halves of somebody's secrets, base64url. */
export function publicHalves({ box, sign }: Secrets): { boxPublic: string; signPublic: string } {
  return { boxPublic: toBase64url(box.publicKey), signPublic: toBase64url(sign.publicKey) };
}

/**
 * What a passkey has answered (32 bytes, wiped here) in the place of a password's master key. Of its
 * own: whatever else the authenticator may answer it to, this key opens a seed and nothing more.
 */
export function passkeyMaster(answer: Uint8Array): Uint8Array {
  const master = kdf(answer, 1, "zzpasske");
  wipe(answer);
  return master;
}
