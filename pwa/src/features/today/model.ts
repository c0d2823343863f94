/** What Heute makes of drafts: pure. */
import type { DraftPlace, DraftWhose } from "../../ui/feature";

/** A draft to go on with. */
export interface OpenDraft extends DraftPlace {
  whose?: DraftWhose;
  key: string;
  /** Milliseconds. */
  changedAt: number;
}

/** Drafts somebody can go on with, the latest first; keys nobody knows are left out. */
export function openDrafts(
  drafts: readonly { key: string; changedAt: number }[],
  placeOf: (key: string) => Omit<OpenDraft, "key" | "changedAt"> | null,
): OpenDraft[] {
  return drafts
    .flatMap(({ key, changedAt }) => {
      const place = placeOf(key);
      return place === null ? [] : [{ ...place, key, changedAt }];
    })
    .sort((a, b) => b.changedAt - a.changedAt);
}
