/** What the screens read of a row: who recorded it, and when. */
import { entryOf } from "@pwa/platform/entry";
import { expect, it, vi } from "vitest";

vi.stubGlobal("BroadcastChannel", class extends EventTarget {});
const { toContact } = await import("@pwa/features/visits/store");

type Stamps = readonly [string, string, string];

const at = (ms: number): string => `${ms.toString(16).padStart(12, "0")}0000device`;
const by = (author: string, ms: number): Stamps => [at(ms), at(ms), author];

function contact(columns: Record<string, string>, stamps: Record<string, Stamps>) {
  const record = {
    table: "visit",
    id: "v1",
    created_by: "jana",
    stamp: by("jana", 1000),
    columns: { case: "c1", ...columns },
    stamps,
  };
  return toContact(entryOf({ record, pending: false, clarify: false }, undefined, new Map()));
}

it("a contact was recorded by whoever made it", () => {
  expect(contact({ outcome: "sealed" }, {})).toMatchObject({ author: "jana", recordedAt: 1000 });
});

it("what came of a plan was recorded by whoever said so, not by whoever planned it", () => {
  const plan = { planned_start: "2026-11-25T20:30:00Z" };
  expect(contact(plan, {})).toMatchObject({ author: "jana", recordedAt: 1000 });
  const mira = by("mira", 5000);
  const came = { ...plan, outcome: "sealed", happened_at: "sealed" };
  expect(contact(came, { outcome: mira, happened_at: mira })).toMatchObject({
    author: "mira",
    recordedAt: 5000,
  });
  // Whoever corrects the result later did not record the contact.
  const corrected = contact(came, { outcome: by("jana", 9000), happened_at: mira });
  expect(corrected).toMatchObject({ author: "mira", recordedAt: 5000 });
});
