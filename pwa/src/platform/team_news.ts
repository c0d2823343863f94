/** What a sync has brought about the team and its keys; session.ts takes it into the vault. */
import { signal } from "@preact/signals";
import type { EnvelopeRecord } from "./db";

export interface TeamNews {
  /** The new ones; null: read all of them from the store again. */
  envelopes: EnvelopeRecord[] | null;
  state: boolean;
}

export const teamNews = signal<TeamNews>({ envelopes: [], state: false });

let taking: Promise<void> = Promise.resolve();

/** Takes news into the vault, one after the other. */
export function takeNews(work: () => Promise<void>): void {
  taking = taking.then(work);
}

/** Resolves once the vault knows all news so far: before it, rows may lack the keys they came with. */
export function newsTaken(): Promise<void> {
  return taking;
}
