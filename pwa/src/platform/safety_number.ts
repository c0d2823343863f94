/**
 * The safety number two people compare before either trusts the other: 50 digits, ten groups. The
 * twin of `server/sealing/safety_number.py`.
 */
import { joined } from "./derivations";
import { checkShape, fromBase64url, fromHex } from "./encoding";
import type { Person } from "./trust";
import { hash } from "./vault";

const ROUNDS = 5_000;

/** Ten groups of five digits, the same whoever asks. @throws KeyProblem `malformed`. */
export function safetyNumber(a: Person, b: Person): string[] {
  const [first, second] = [half(a), half(b)].sort((x, y) => (x.join() < y.join() ? -1 : 1));
  return [...(first ?? []), ...(second ?? [])];
}

/** One person's five groups: the hash is repeated so that a look-alike is dear to find. */
function half(person: Person): string[] {
  const keys = joined(fromBase64url(person.boxPublic, 32), fromBase64url(person.signPublic, 32));
  let digest = hash(joined(fromHex(checkShape(person.user, "id")), keys));
  for (let round = 0; round < ROUNDS; round++) digest = hash(joined(digest, keys));
  return Array.from({ length: 5 }, (_, group) => {
    let number = 0;
    for (const byte of digest.subarray(5 * group, 5 * group + 5)) number = number * 256 + byte;
    return String(number % 100_000).padStart(5, "0");
  });
}
