// @vitest-environment happy-dom
/** Back leads to where one came from, as far down as one was. */
import { openedFrom, useWayBack } from "@pwa/ui/way_back";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { leave, show } from "./stage";

function Screen({ url, tab }: { url: string; tab?: boolean }) {
  const { back, returned } = useWayBack(url, "/otherwise", tab);
  return (
    <p>
      {back} {String(returned)}
    </p>
  );
}

async function go(url: string, tab = false): Promise<string> {
  const page = await show(<Screen key={url} url={url} tab={tab} />);
  return page.textContent?.trim() ?? "";
}

beforeEach(() => go("/heute", true));
afterEach(leave);

test("a screen leads back to the one before it, and a tab begins anew", async () => {
  expect(await go("/faelle/a")).toBe("/heute false");
  expect(await go("/kontakt/k")).toBe("/faelle/a false");
  expect(await go("/faelle/a")).toBe("/heute true");
  await go("/faelle", true);
  expect(await go("/faelle/a")).toBe("/faelle false");
  expect(openedFrom("/otherwise")).toBe("/faelle/a");
});

test("whoever opens the app in the middle goes where the screen says", async () => {
  await go("/start", true);
  expect(await go("/start", true)).toBe("/otherwise true");
});

test("a list is found as far down as it was left", async () => {
  const scroll = vi.spyOn(window, "scrollTo").mockImplementation(() => {});
  await go("/faelle", true);
  vi.spyOn(window, "scrollY", "get").mockReturnValue(1200);
  window.dispatchEvent(new Event("scroll"));
  await go("/faelle/a");
  expect(scroll).not.toHaveBeenCalled();
  await go("/faelle", true);
  expect(scroll).toHaveBeenCalledExactlyOnceWith(0, 1200);
});
