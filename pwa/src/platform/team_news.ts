/** What a sync has brought about the team and its keys; session.ts takes it into the vault. */
import { signal } from "@preact/signals";
import type { EnvelopeRecord } from "./db";

export interface TeamNews {
  /** The new ones; null: read all of them from the store again. */
  envelopes: EnvelopeRecord[] | null;
  state: boolean;
}

export const teamNews = signal<TeamNews>({ envelopes: [], state: false });
