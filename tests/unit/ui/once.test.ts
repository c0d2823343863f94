import { setTimeZone, toLocalInput } from "@pwa/ui/dates";
import { oncePer } from "@pwa/ui/once";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => setTimeZone("Europe/Berlin"));

test("makes something of an object once, of another one again", () => {
  const make = vi.fn(({ at }: { at: number }) => ({ wall: toLocalInput(at) }));
  const once = oncePer(make);
  const row = { at: 0 };
  expect(once(row)).toBe(once(row));
  expect(once({ at: 0 })).not.toBe(once(row));
  expect(make).toHaveBeenCalledTimes(2);
});

test("makes it anew when the office's zone has changed", () => {
  const once = oncePer(({ at }: { at: number }) => ({ wall: toLocalInput(at) }));
  const row = { at: 0 };
  expect(once(row).wall).toBe("1970-01-01T01:00");
  setTimeZone("UTC");
  expect(once(row).wall).toBe("1970-01-01T00:00");
});
