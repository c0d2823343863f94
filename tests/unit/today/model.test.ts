import { caseDraftPlace, caseKey } from "@pwa/features/cases/draft_keys";
import { openDrafts } from "@pwa/features/today/model";
import {
  asideKey,
  contactDraftPlace,
  contactKey,
  newKey,
  plannedKey,
} from "@pwa/features/visits/draft_keys";
import { describe, expect, it } from "vitest";

const placeOf = (key: string) => contactDraftPlace(key) ?? caseDraftPlace(key);

describe("drafts on Heute", () => {
  it.each([
    [newKey(null), "Begonnener Kontakt", "/kontakt"],
    [newKey("c1"), "Begonnener Kontakt", "/kontakt?fall=c1"],
    [asideKey("v1"), "Begonnener Kontakt", "/kontakt?entwurf=v1"],
    [plannedKey("v1"), "Begonnener Kontakt", "/kontakt?besuch=v1"],
    [contactKey("v1"), "Begonnene Änderung am Kontakt", "/kontakt/v1/bearbeiten"],
    [caseKey(null), "Begonnener Fall", "/faelle/neu"],
    [caseKey("c1"), "Begonnene Änderung am Fall", "/faelle/c1/bearbeiten"],
  ])("%s is %s", (key, label, href) => {
    expect(placeOf(key)).toEqual({ label, href });
  });

  it("stand latest first, without those nobody knows", () => {
    const drafts = [
      { key: newKey(null), changedAt: 1 },
      { key: "photo:1", changedAt: 9 },
      { key: caseKey(null), changedAt: 2 },
    ];
    expect(openDrafts(drafts, placeOf).map((draft) => draft.key)).toEqual([
      "case:new",
      "visit:new",
    ]);
  });
});
