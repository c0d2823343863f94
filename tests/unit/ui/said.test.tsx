// @vitest-environment happy-dom
import { Announcer, hush, hushEarlier, say } from "@pwa/ui/announce";
import { act } from "preact/test-utils";
import { beforeEach, expect, test, vi } from "vitest";
import { leave, show } from "./stage";

beforeEach(() => {
  vi.useFakeTimers();
  return () => {
    hush();
    leave();
    vi.useRealTimers();
  };
});

test("what was said goes along with the step it belongs to, and no further", async () => {
  const page = await show(<Announcer />);
  await act(() => say("Berta Buche ist aufgenommen"));
  await act(hushEarlier);
  expect(page.textContent).toBe("Berta Buche ist aufgenommen");
  vi.advanceTimersByTime(2000);
  await act(hushEarlier);
  expect(page.textContent).toBe("");
});
