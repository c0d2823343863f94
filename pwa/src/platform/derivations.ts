/**
 * From a password to keys: Argon2id, what is derived from it, and what a seed stands for. The twin
 * of `server/sealing/derivations.py`.
 */
import { briefUtf8, fromBase64url, toBase64url } from "./encoding";
import { KeyProblem } from "./key_problems";
import { canonicalPassword } from "./passwords";
import {
  aeadOpen,
  aeadSeal,
  argon2id,
  boxPair,
  KEY_BYTES,
  type KeyPair,
  kdf,
  NONCE_BYTES,
  randomBytes,
  SALT_BYTES,
  signPair,
  wipe,
} from "./vault";

export const OPSLIMIT = 3;
/** Bytes. */
export const MEMLIMIT = 64 * 1024 * 1024;
const MAX_OPSLIMIT = 10;
const MAX_MEMLIMIT = 512 * 1024 * 1024;
const TAG_BYTES = 16;

/** How a password is stretched; `salt` in base64url, `memlimit` in bytes. */
export interface KdfParameters {
  readonly salt: string;
  readonly opslimit: number;
  readonly memlimit: number;
}

/** What an unlocked phone holds of its person: both pairs and the key of her drafts. Secret. */
export interface Identity {
  readonly box: KeyPair;
  readonly sign: KeyPair;
  readonly own: Uint8Array;
}

/** Parameters for a new password. */
export function newKdfParameters(): KdfParameters {
  return { salt: toBase64url(randomBytes(SALT_BYTES)), opslimit: OPSLIMIT, memlimit: MEMLIMIT };
}

/**
 * Argon2id of the password: the master key, 32 bytes. Slow: a worker's work.
 * @throws KeyProblem `kdf_too_weak` or `kdf_too_strong` before anything is derived, `malformed`.
 */
export function deriveMaster(password: string, parameters: KdfParameters): Uint8Array {
  const { salt, opslimit, memlimit } = parameters;
  if (!Number.isInteger(opslimit) || !Number.isInteger(memlimit)) throw new KeyProblem("malformed");
  if (opslimit < OPSLIMIT || memlimit < MEMLIMIT) throw new KeyProblem("kdf_too_weak");
  if (opslimit > MAX_OPSLIMIT || memlimit > MAX_MEMLIMIT) throw new KeyProblem("kdf_too_strong");
  const saltBytes = fromBase64url(salt, SALT_BYTES);
  return argon2id(canonicalPassword(password), saltBytes, opslimit, memlimit);
}

/** What the server gets instead of a password, base64url. */
export function loginKey(master: Uint8Array): string {
  return toBase64url(kdf(master, 1, "zzlogin_"));
}

/** A person's new secret, 32 bytes. */
export function newSeed(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** The seed as the server keeps it: closed with the password's wrap key, bound to the user. */
export function wrapSeed(
  master: Uint8Array,
  seed: Uint8Array,
  user: string,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): string {
  const key = kdf(master, 2, "zzwrap__");
  const box = aeadSeal(seed, seedPlace(user), nonce, key);
  wipe(key);
  return toBase64url(joined(nonce, box));
}

/** The seed again. @throws KeyProblem `wrong_password` or `malformed`. */
export function openSeed(master: Uint8Array, wrapped: string, user: string): Uint8Array {
  const data = fromBase64url(wrapped, NONCE_BYTES + KEY_BYTES + TAG_BYTES);
  const key = kdf(master, 2, "zzwrap__");
  const seed = aeadOpen(
    data.subarray(NONCE_BYTES),
    seedPlace(user),
    data.subarray(0, NONCE_BYTES),
    key,
  );
  wipe(key);
  if (seed === null) throw new KeyProblem("wrong_password");
  return seed;
}

/** Both pairs and the own key of a seed. */
export function identityOf(seed: Uint8Array): Identity {
  const boxSeed = kdf(seed, 1, "zzbox___");
  const signSeed = kdf(seed, 2, "zzsign__");
  const identity = {
    box: boxPair(boxSeed),
    sign: signPair(signSeed),
    own: kdf(seed, 3, "zzown___"),
  };
  wipe(boxSeed, signSeed);
  return identity;
}

/** Forget an identity: locking the phone. */
export function wipeIdentity(identity: Identity): void {
  wipe(identity.box.secretKey, identity.sign.secretKey, identity.own);
}

function seedPlace(user: string): Uint8Array {
  return briefUtf8(`zz1|seed|${user}`);
}

/** Two byte strings as one. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
