/**
 * The recovery sheet: sixteen random bytes as twelve words, and the pairs they stand for. The twin of
 * `server/sealing/recovery.py`.
 */
import { joined } from "./derivations";
import { KeyProblem } from "./key_problems";
import { SYLLABLES } from "./passwords";
import { hash, KEY_BYTES, randomBytes } from "./vault";

const SECRET_BYTES = 16;
const CHECK_BYTES = 2;
const WORDS = 12;

/** A new sheet's secret. */
export function newRecoverySecret(): Uint8Array {
  return randomBytes(SECRET_BYTES);
}

/** The secret as twelve words joined by hyphens. */
export function recoveryWords(secret: Uint8Array): string {
  let bits = toBits(joined(secret, checkOf(secret)));
  const syllables: string[] = [];
  for (let i = 0; i < 2 * WORDS; i += 1) {
    syllables.unshift(SYLLABLES[Number(bits & 63n)] as string);
    bits >>= 6n;
  }
  return syllables.map((text, i) => (i > 0 && i % 2 === 0 ? `-${text}` : text)).join("");
}

/** The secret again, whatever stands between the words. @throws KeyProblem `malformed` for a slip. */
export function recoverySecret(words: string): Uint8Array {
  const list = words
    .toLowerCase()
    .split(/[\s,;.-]+/)
    .filter((word) => word !== "");
  if (list.length !== WORDS) throw new KeyProblem("malformed");
  let bits = 0n;
  for (const value of list.flatMap(valuesOf)) bits = (bits << 6n) | BigInt(value);
  const data = fromBits(bits, SECRET_BYTES + CHECK_BYTES);
  const secret = data.slice(0, SECRET_BYTES);
  const check = checkOf(secret);
  if (data.slice(SECRET_BYTES).some((byte, i) => byte !== check[i])) {
    throw new KeyProblem("malformed");
  }
  return secret;
}

/** What a team's sheet stands for: a seed like a person's, with both pairs. */
export function recoverySeed(secret: Uint8Array, team: string): Uint8Array {
  const place = new TextEncoder().encode(`zz1|recovery|${team}|`);
  return hash(joined(place, secret)).slice(0, KEY_BYTES);
}

function valuesOf(word: string): [number, number] {
  for (let cut = 2; cut <= 3; cut += 1) {
    const both = [SYLLABLES.indexOf(word.slice(0, cut)), SYLLABLES.indexOf(word.slice(cut))];
    if (both.every((value) => value >= 0)) return both as [number, number];
  }
  throw new KeyProblem("malformed");
}

function checkOf(secret: Uint8Array): Uint8Array {
  const place = new TextEncoder().encode("zz1|recovery words|");
  return hash(joined(place, secret)).slice(0, CHECK_BYTES);
}

function toBits(data: Uint8Array): bigint {
  return data.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

function fromBits(bits: bigint, length: number): Uint8Array {
  const data = new Uint8Array(length);
  for (let i = length - 1; i >= 0; i -= 1) {
    data[i] = Number(bits & 255n);
    bits >>= 8n;
  }
  return data;
}
