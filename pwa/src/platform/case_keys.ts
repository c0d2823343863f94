/** A case's keys in order: which one seals. Pure. */
import type { EnvelopeRecord } from "./db";

/** A key of a case: the place of the oldest epoch it is known under, and since when. */
export interface CaseKeyRank {
  keyId: string;
  since: number;
  at: string;
}

/**
 * The keys in these envelopes, the one to seal with first: the one that only the newest epochs know,
 * then the youngest. `epochs` are the key ids of the team's, in order. The envelopes must have been
 * opened: since when a key is known, nobody else may say.
 */
export function newestFirst(
  envelopes: readonly EnvelopeRecord[],
  epochs: readonly string[],
): CaseKeyRank[] {
  const found = new Map<string, CaseKeyRank>();
  for (const { key_id: keyId, reader, at } of envelopes) {
    // Handed over: it says nothing about the team.
    const since = reader.length === 48 ? epochs.indexOf(reader) : epochs.length;
    const before = found.get(keyId) ?? { keyId, since, at };
    const first = at < before.at ? at : before.at;
    found.set(keyId, { keyId, since: Math.min(since, before.since), at: first });
  }
  return [...found.values()].sort((a, b) => (rank(a) < rank(b) ? 1 : -1));
}

function rank({ since, at, keyId }: CaseKeyRank): string {
  return `${String(since).padStart(6, "0")}${at}${keyId}`;
}

/** Adds to the list that a map keeps under a key. */
export function pushTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  if (!map.get(key)?.push(value)) map.set(key, [value]);
}
