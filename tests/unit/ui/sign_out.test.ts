import { obstacle } from "@pwa/features/more/model";
import { expect, test } from "vitest";

test("nothing stands in the way when all of it lies on the server", () => {
  expect(obstacle({ entries: 0, drafts: 0, notes: 0 })).toBeNull();
});

test("a mere draft is called a draft, and the way leads to it", () => {
  const found = obstacle({ entries: 0, drafts: 1, notes: 1 });
  expect(found?.title).toBe("1 Entwurf liegt nur auf diesem Telefon");
  expect(found?.text).not.toContain("synchronisieren");
  expect(found?.href).toBe("/heute");
});

test("entries come first: drafts may become some", () => {
  const found = obstacle({ entries: 2, drafts: 1, notes: 1 });
  expect(found?.title).toBe("2 Einträge sind noch nicht gesichert");
  expect(found?.href).toBe("/synchronisierung");
});

test("a quick note that waits is called one, and the way leads to it", () => {
  const found = obstacle({ entries: 0, drafts: 0, notes: 1 });
  expect(found?.title).toBe("1 Schnellnotiz liegt nur auf diesem Telefon");
  expect(found?.href).toBe("/heute");
});
