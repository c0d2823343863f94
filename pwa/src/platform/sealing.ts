/**
 * Keys and the values sealed with them. The twin of `server/sealing/values.py`.
 *
 * A sealed value is `base64url(1 ‖ key_id ‖ nonce ‖ ciphertext)`, bound by its associated data to
 * team, table, row, column, stamp and author: moved anywhere else it does not open.
 */
import { MAX_PADDED, PADDED_LENGTHS, SEALED_OVERHEAD } from "@sync/operation";
import type { Identity } from "./derivations";
import {
  briefUtf8,
  checkShape,
  decodeInto,
  fromHex,
  padJson,
  toBase64url,
  toHex,
  unpadJson,
} from "./encoding";
import { codeOf, KeyProblem } from "./key_problems";
import { aeadOpen, aeadSeal, KEY_BYTES, NONCE_BYTES, randomBytes, wipe } from "./vault";

const VERSION = 1;
const KEY_ID_BYTES = 24;
const HEAD = 1 + KEY_ID_BYTES;

/** A symmetric key and its id: the owner's 16 bytes and 8 more, 48 hex digits. Secret. */
export interface SealingKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/** The keys at hand, by key id. */
export type Keyring = ReadonlyMap<string, SealingKey>;

/** Where a value lives: what its seal is bound to. `stamp` is the claimed one. */
export interface Place {
  readonly team: string;
  readonly table: string;
  readonly row: string;
  readonly column: string;
  readonly stamp: string;
  readonly author: string;
}

/** An id for a new key of a team or a case. */
export function newKeyId(owner: string): string {
  return checkShape(owner, "id") + toHex(randomBytes(8));
}

/** A fresh key for a team or a case. */
export function newKey(owner: string): SealingKey {
  return { id: newKeyId(owner), key: randomBytes(KEY_BYTES) };
}

/** A person's own key. Its id ends in her signing key's first bytes: a new seed shows. */
export function ownKey(identity: Identity, user: string): SealingKey {
  return { id: user + toHex(identity.sign.publicKey.subarray(0, 8)), key: identity.own };
}

/** Seal a JSON value in its place. @throws RangeError when it is too large for any batch. */
export function sealValue(
  value: unknown,
  place: Place,
  key: SealingKey,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): string {
  return seal(value, placeText(place, key.id), key, nonce);
}

/**
 * Open a sealed value in its place with the right key of the ring.
 * @throws KeyProblem `malformed`, `key_unknown` (the row waits) or `unreadable` (moved, forged).
 */
export function openValue(sealed: string, place: Place, keys: Keyring): unknown {
  return open(sealed, (keyId) => placeText(place, keyId), keys);
}

/** A sealed value and where it lies. */
export interface SealedItem {
  readonly sealed: string;
  readonly place: Place;
}

/** Open many values: for each its value, or the KeyProblem that kept it closed. */
export function openMany(items: readonly SealedItem[], keys: Keyring): (unknown | KeyProblem)[] {
  return items.map(({ sealed, place }) => {
    try {
      return openValue(sealed, place, keys);
    } catch (error) {
      return new KeyProblem(codeOf(error));
    }
  });
}

/** Seal many values with one key, each in its place. */
export function sealMany(
  items: readonly { readonly value: unknown; readonly place: Place }[],
  key: SealingKey,
): string[] {
  return items.map(({ value, place }) => sealValue(value, place, key));
}

/** Seal something that never leaves this phone, such as a draft, under a name of its own. */
export function sealOwn(
  value: unknown,
  name: string,
  key: SealingKey,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): string {
  return seal(value, ownText(name, key.id), key, nonce);
}

/** Open what `sealOwn` sealed under this name. @throws KeyProblem as `openValue`. */
export function openOwn(sealed: string, name: string, key: SealingKey): unknown {
  return open(sealed, (keyId) => ownText(name, keyId), new Map([[key.id, key]]));
}

function seal(value: unknown, place: string, key: SealingKey, nonce: Uint8Array): string {
  const padded = padJson(value);
  const box = aeadSeal(padded, briefUtf8(place), nonce, key.key);
  wipe(padded);
  const data = new Uint8Array(HEAD + NONCE_BYTES + box.length);
  data[0] = VERSION;
  data.set(fromHex(key.id), 1);
  data.set(nonce, HEAD);
  data.set(box, HEAD + NONCE_BYTES);
  return toBase64url(data);
}

/** Every value is decoded here, only to be opened at once; a buffer each would keep the collector
 * of garbage busier than the cipher. */
const wire = new Uint8Array(SEALED_OVERHEAD + MAX_PADDED);
const wireKeyId = wire.subarray(1, HEAD);
const wireNonce = wire.subarray(HEAD, HEAD + NONCE_BYTES);

function open(sealed: string, place: (keyId: string) => string, keys: Keyring): unknown {
  const keyId = decodeWire(sealed);
  const key = keys.get(keyId);
  if (key === undefined) throw new KeyProblem("key_unknown");
  const box = wire.subarray(HEAD + NONCE_BYTES, (sealed.length * 3) >> 2);
  const padded = aeadOpen(box, briefUtf8(place(keyId)), wireNonce, key.key);
  if (padded === null) throw new KeyProblem("unreadable");
  try {
    return unpadJson(padded);
  } catch {
    throw new KeyProblem("unreadable");
  } finally {
    wipe(padded);
  }
}

/** Decode a sealed value into `wire`; answers its key id. */
function decodeWire(sealed: string): string {
  const length = (sealed.length * 3) >> 2;
  if (!PADDED_LENGTHS.includes(length - SEALED_OVERHEAD)) throw new KeyProblem("malformed");
  decodeInto(wire, sealed);
  if (wire[0] !== VERSION) throw new KeyProblem("malformed");
  return toHex(wireKeyId);
}

function placeText(place: Place, keyId: string): string {
  const { team, table, row, column, stamp, author } = place;
  return `zz1|${team}|${table}|${row}|${column}|${keyId}|${stamp}|${author}`;
}

/** The name comes last, so that nothing in it can look like another field. */
function ownText(name: string, keyId: string): string {
  return `zz1|own|${keyId}|${name}`;
}
