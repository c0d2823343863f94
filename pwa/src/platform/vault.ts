/**
 * The only file that knows libsodium: what Zuzweit uses of it, typed, with no choices left open.
 *
 * Call `loadVault()` once and wait for it; everything else is synchronous. All sizes in bytes.
 * Functions that open answer null when there is nothing to open: wrong key, wrong place, forged.
 */
import sodium from "libsodium-wrappers-sumo";

export const KEY_BYTES = 32;
export const NONCE_BYTES = 24;
export const SALT_BYTES = 16;

/** A public and a secret key: X25519 (32 + 32) or Ed25519 (32 + 64). */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** Wait until libsodium can be used. */
export function loadVault(): Promise<void> {
  return sodium.ready;
}

/** From the browser itself: libsodium would ask it for four bytes at a time. */
export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Overwrite secrets that are no longer needed. */
export function wipe(...secrets: Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}

/** XChaCha20-Poly1305: ciphertext with its tag, 16 bytes longer than the text. */
export function aeadSeal(
  text: Uint8Array,
  place: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(text, place, null, nonce, key);
}

export function aeadOpen(
  sealed: Uint8Array,
  place: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): Uint8Array | null {
  return orNull(() =>
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, place, nonce, key),
  );
}

/** An anonymous sealed box: only the owner of the X25519 key opens it. */
export function boxSeal(text: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return sodium.crypto_box_seal(text, publicKey);
}

export function boxOpen(box: Uint8Array, pair: KeyPair): Uint8Array | null {
  return orNull(() => sodium.crypto_box_seal_open(box, pair.publicKey, pair.secretKey));
}

export function boxPair(seed: Uint8Array): KeyPair {
  const { publicKey, privateKey } = sodium.crypto_box_seed_keypair(seed);
  return { publicKey, secretKey: privateKey };
}

export function signPair(seed: Uint8Array): KeyPair {
  const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed);
  return { publicKey, secretKey: privateKey };
}

/** An Ed25519 signature, 64 bytes, over the UTF-8 text. */
export function signText(text: string, secretKey: Uint8Array): Uint8Array {
  return sodium.crypto_sign_detached(text, secretKey);
}

export function verifyText(signature: Uint8Array, text: string, publicKey: Uint8Array): boolean {
  return orNull(() => sodium.crypto_sign_verify_detached(signature, text, publicKey)) ?? false;
}

/** crypto_kdf_derive_from_key, 32 bytes; `context` is eight characters. */
export function kdf(key: Uint8Array, subkey: number, context: string): Uint8Array {
  return sodium.crypto_kdf_derive_from_key(KEY_BYTES, subkey, context, key);
}

/** BLAKE2b, 64 bytes. */
export function hash(data: Uint8Array): Uint8Array {
  return sodium.crypto_generichash(64, data, null);
}

/** Argon2id13, 32 bytes; takes a second on a cheap phone, so only ever call it in a worker. */
export function argon2id(
  password: string,
  salt: Uint8Array,
  opslimit: number,
  memlimit: number,
): Uint8Array {
  const algorithm = sodium.crypto_pwhash_ALG_ARGON2ID13;
  return sodium.crypto_pwhash(KEY_BYTES, password, salt, opslimit, memlimit, algorithm);
}

/** libsodium throws alike for a forged text and a wrong length; both mean: does not open. */
function orNull<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch {
    return null;
  }
}
