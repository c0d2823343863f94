// @vitest-environment happy-dom
import { EntryRow } from "@pwa/features/synchronisation/entry_row";
import type { About } from "@pwa/features/synchronisation/store";
import type { SyncEntry } from "@pwa/platform/sync_loop";
import { type Feature, Features } from "@pwa/ui/feature";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { button, leave, show, tap } from "./stage";

const loop = vi.hoisted(() => ({ discard: vi.fn(), sendAgain: vi.fn() }));
vi.mock("@pwa/platform/clarify", () => loop);

const visits: Feature = {
  name: "visits",
  routes: [],
  entries: {
    visit: {
      label: "Kontakt",
      icon: "talk",
      href: (id) => `/kontakt/${id}`,
      words: () => "Heute, 10:42 · Niemand angetroffen",
    },
  },
};
const jannis: About = { name: "Jannis Weber", pseudonym: "U25-007", there: true };
const entry: SyncEntry = {
  n: 7,
  table: "visit",
  row: "r",
  state: "clarify",
  at: 0,
  code: "row_unknown",
};

function row(change: Partial<SyncEntry> = {}, about: Partial<About> = {}) {
  return (
    <Features.Provider value={[visits]}>
      <EntryRow entry={{ ...entry, ...change }} about={{ ...jannis, ...about }} now={0} />
    </Features.Provider>
  );
}

beforeEach(() => {
  for (const one of Object.values(loop)) one.mockReset().mockResolvedValue(undefined);
});
afterEach(leave);

test("an entry to clarify says whose it is and why, and can be sent again", async () => {
  const page = await show(row());
  expect(page.textContent).toContain("Kontakt · Jannis Weber U25-007");
  expect(page.textContent).toContain("zu klären, weil es diesen Eintrag nicht gibt");
  await tap(button("Erneut senden"));
  expect(loop.sendAgain).toHaveBeenCalledWith(7);
});

test("an entry leads to what it is about, told apart from others about the same person", async () => {
  const page = await show(row({ state: "phone" }));
  const link = page.querySelector("a");
  expect(link?.getAttribute("href")).toBe("/kontakt/r");
  expect(link?.textContent).toBe(
    "Kontakt · Jannis Weber U25-007Heute, 10:42 · Niemand angetroffenauf diesem Telefon",
  );
});

test("what is gone from this phone leads nowhere", async () => {
  const page = await show(row({ state: "secured" }, { there: false }));
  expect(page.querySelector("a")).toBeNull();
});

test("discarding asks first and says what is lost; keeping keeps", async () => {
  const page = await show(row());
  await tap(button("Verwerfen"));
  const dialog = page.querySelector("dialog");
  expect(dialog?.textContent).toContain("endgültig verloren");
  expect(loop.discard).not.toHaveBeenCalled();
  await tap(button("Behalten"));
  expect(page.querySelector("dialog")).toBeNull();
  expect(loop.discard).not.toHaveBeenCalled();
});

test("only the confirmed discard discards", async () => {
  const page = await show(row());
  await tap(button("Verwerfen"));
  await tap(page.querySelector("dialog .zz-btn--stop") as HTMLButtonElement);
  expect(loop.discard).toHaveBeenCalledExactlyOnceWith(7);
});

test("a key that other entries need can be sent again, not thrown away", async () => {
  const page = await show(row({ table: "envelope", needed: true }));
  expect(page.textContent).not.toContain("Verwerfen");
  await tap(button("Erneut senden"));
  expect(loop.sendAgain).toHaveBeenCalledWith(7);
});

test("a secured entry offers nothing to do", async () => {
  const page = await show(row({ state: "secured" }));
  expect(page.querySelector("button")).toBeNull();
});
