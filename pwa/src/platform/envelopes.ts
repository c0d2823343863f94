/**
 * Envelopes: one key, closed for one reader, signed by the member who closed it. The twin of
 * `server/sealing/envelopes.py`.
 *
 * The box repeats inside what stands outside, so the server can neither swap two boxes nor plant a
 * key. A `team` key is closed for a user's X25519 key, a `case` key under a team epoch, or for the
 * X25519 key of somebody the case was handed to.
 */
import { type Identity, joined } from "./derivations";
import {
  briefUtf8,
  checkObject,
  checkShape,
  fromBase64url,
  padJson,
  toBase64url,
  unpadJson,
} from "./encoding";
import { type Epoch, isKeyOf } from "./epochs";
import { codeOf, KeyProblem, type Refused } from "./key_problems";
import type { Keyring, SealingKey } from "./sealing";
import { type Members, type Person, signature, signedByAbPap } from "./trust";
import {
  aeadOpen,
  aeadSeal,
  boxOpen,
  boxSeal,
  KEY_BYTES,
  type KeyPair,
  NONCE_BYTES,
  randomBytes,
  wipe,
} from "./vault";

export type Purpose = "team" | "case";

interface Outer {
  readonly purpose: Purpose;
  readonly owner: string;
  readonly key_id: string;
  readonly reader: string;
  readonly author: string;
  readonly at: string;
}

/** An envelope as on the wire, without the sender's `n`. */
export interface Envelope extends Outer {
  readonly box: string;
}

/** What a phone opens envelopes with. */
export interface Reader {
  readonly me: Person;
  readonly identity: Identity;
  readonly members: Members;
  /** The trusted ones, by key id. */
  readonly epochs: ReadonlyMap<string, Epoch>;
}

/** Somebody a key is closed for: her pinned public key, never the served one. */
type Recipient = { readonly user: string; readonly boxPublic: string };

/** Close a team key for a user. `at` is an instant. */
export function closeTeamKey(
  key: SealingKey,
  me: Person,
  sign: KeyPair,
  reader: Recipient,
  at: string,
): Envelope {
  return closeFor("team", key, me, sign, reader, at);
}

/** Close a case key for one user: the case was handed to her. */
export function handCaseKey(
  key: SealingKey,
  me: Person,
  sign: KeyPair,
  reader: Recipient,
  at: string,
): Envelope {
  return closeFor("case", key, me, sign, reader, at);
}

function closeFor(
  purpose: Purpose,
  key: SealingKey,
  me: Person,
  sign: KeyPair,
  reader: Recipient,
  at: string,
): Envelope {
  const outer = outside(purpose, key, reader.user, me, at);
  const padded = fill(outer, key, sign);
  const box = boxSeal(padded, fromBase64url(reader.boxPublic, 32));
  wipe(padded);
  return { ...outer, box: toBase64url(box) };
}

/** Close a case key for everybody who holds this epoch of the team key. */
export function closeCaseKey(
  key: SealingKey,
  me: Person,
  sign: KeyPair,
  epoch: SealingKey,
  at: string,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): Envelope {
  const outer = outside("case", key, epoch.id, me, at);
  const padded = fill(outer, key, sign);
  const box = aeadSeal(padded, placeOf(outer), nonce, epoch.key);
  wipe(padded);
  return { ...outer, box: toBase64url(joined(nonce, box)) };
}

/**
 * The key in an envelope. `keys` are those already held.
 * @throws KeyProblem `malformed`, `key_planted`, `box_swapped`, `envelope_author_untrusted`,
 * `envelope_forged`, `epoch_untrusted`, or `key_unknown` while the team key is not here yet.
 */
export function openEnvelope(envelope: Envelope, reader: Reader, keys: Keyring): SealingKey {
  checkEnvelopeShape(envelope);
  checkOwner(envelope, reader);
  const inner = openBox(envelope, reader, keys);
  if (OUTER.some((name) => inner[name] !== envelope[name])) throw new KeyProblem("box_swapped");
  checkSignature(envelope, inner, reader);
  const key = { id: envelope.key_id, key: fromBase64url(inner.key, KEY_BYTES) };
  checkNotPlanted(envelope, key, reader, keys);
  return key;
}

/**
 * All keys held afterwards, and what was refused. Team keys are opened first; `key_unknown` among
 * the refused means: not yet, its team key is still to come.
 */
export function openEnvelopes(
  envelopes: readonly Envelope[],
  reader: Reader,
  keys: Keyring,
): { keys: Map<string, SealingKey>; refused: Refused<Envelope>[] } {
  const ring = new Map(keys);
  const refused: Refused<Envelope>[] = [];
  const teamFirst = [
    ...envelopes.filter((envelope) => envelope?.purpose === "team"),
    ...envelopes.filter((envelope) => envelope?.purpose !== "team"),
  ];
  for (const envelope of teamFirst) {
    try {
      const key = openEnvelope(envelope, reader, ring);
      ring.set(key.id, key);
    } catch (error) {
      refused.push({ what: envelope, code: codeOf(error) });
    }
  }
  return { keys: ring, refused };
}

const OUTER = ["purpose", "owner", "key_id", "reader", "author", "at"] as const;

type Inner = { readonly [name in (typeof OUTER)[number] | "key" | "signature"]?: unknown };

function outside(purpose: Purpose, key: SealingKey, reader: string, me: Person, at: string): Outer {
  return { purpose, owner: key.id.slice(0, 32), key_id: key.id, reader, author: me.user, at };
}

/** What goes into the box, padded. */
function fill(outer: Outer, key: SealingKey, sign: KeyPair): Uint8Array {
  const text = toBase64url(key.key);
  return padJson({ ...outer, key: text, signature: signature(boxText(outer, text), sign) });
}

function boxText(o: Outer, key: string): string {
  return `zz1|box|${o.purpose}|${o.owner}|${o.key_id}|${o.reader}|${o.author}|${o.at}|${key}`;
}

function placeOf(outer: Outer): Uint8Array {
  return briefUtf8(`zz1|envelope|${outer.key_id}|${outer.reader}`);
}

function checkEnvelopeShape(envelope: Envelope): void {
  checkObject(envelope);
  if (envelope.purpose !== "team" && envelope.purpose !== "case") throw new KeyProblem("malformed");
  checkShape(envelope.owner, "id");
  checkShape(envelope.key_id, "keyId");
  checkShape(envelope.reader, isForAPerson(envelope) ? "id" : "keyId");
  checkShape(envelope.author, "id");
  checkShape(envelope.at, "instant");
}

/** Team keys always are; a case key is, when its reader is no key of an epoch. */
function isForAPerson({ purpose, reader }: Envelope): boolean {
  return purpose === "team" || (typeof reader === "string" && reader.length === 32);
}

/** The key id begins with its owner, and a team key is this team's, of a trusted epoch. */
function checkOwner(envelope: Envelope, reader: Reader): void {
  if (!envelope.key_id.startsWith(envelope.owner)) throw new KeyProblem("key_planted");
  const [isTeamKey, isPersonal] = [envelope.purpose === "team", isForAPerson(envelope)];
  if (isTeamKey && envelope.owner !== reader.me.team) throw new KeyProblem("key_planted");
  if (isPersonal && envelope.reader !== reader.me.user) throw new KeyProblem("box_swapped");
  const epoch = isTeamKey ? envelope.key_id : envelope.reader;
  if ((isTeamKey || !isPersonal) && !reader.epochs.has(epoch)) {
    throw new KeyProblem("epoch_untrusted");
  }
}

function openBox(envelope: Envelope, reader: Reader, keys: Keyring): Inner {
  const box = fromBase64url(envelope.box);
  const padded = isForAPerson(envelope)
    ? boxOpen(box, reader.identity.box)
    : openUnderEpoch(box, envelope, keys.get(envelope.reader));
  if (padded === null) throw new KeyProblem("box_swapped");
  const inner = insideOf(padded);
  wipe(padded);
  return inner;
}

function openUnderEpoch(
  box: Uint8Array,
  envelope: Envelope,
  teamKey: SealingKey | undefined,
): Uint8Array | null {
  if (teamKey === undefined) throw new KeyProblem("key_unknown");
  const nonce = box.subarray(0, NONCE_BYTES);
  return aeadOpen(box.subarray(NONCE_BYTES), placeOf(envelope), nonce, teamKey.key);
}

function insideOf(padded: Uint8Array): Inner {
  let inner: unknown;
  try {
    inner = unpadJson(padded);
  } catch {
    throw new KeyProblem("box_swapped");
  }
  checkObject(inner);
  return inner as Inner;
}

/**
 * Inner and outer fields agree by now. A case closed under an epoch counts when its author was aB-pAp
 * as that epoch began: her phone's clock may have been wrong, and no later epoch was known to her.
 */
function checkSignature(envelope: Envelope, inner: Inner, { members, epochs }: Reader): void {
  if (typeof inner.key !== "string" || typeof inner.signature !== "string") {
    throw new KeyProblem("malformed");
  }
  const text = boxText(envelope, inner.key);
  const at = epochs.get(envelope.reader)?.at ?? envelope.at;
  const holds = signedByAbPap(members, envelope.author, at, text, inner.signature);
  if (holds === null) throw new KeyProblem("envelope_author_untrusted");
  if (!holds) throw new KeyProblem("envelope_forged");
}

/** One id is one key for ever, and a team key must give the epoch's public letter box. */
function checkNotPlanted(envelope: Envelope, key: SealingKey, reader: Reader, keys: Keyring): void {
  const held = keys.get(key.id);
  if (held?.key.some((byte, i) => byte !== key.key[i])) throw new KeyProblem("key_planted");
  if (envelope?.purpose === "team") {
    const epoch = reader.epochs.get(key.id);
    if (epoch === undefined || !isKeyOf(key, epoch)) throw new KeyProblem("key_planted");
  }
}
