// @vitest-environment happy-dom
import { ErrorBoundary } from "@pwa/ui/error_boundary";
import { useKeptFocus } from "@pwa/ui/focus";
import { FrameContext, Split, TabScreen, TaskScreen, Title } from "@pwa/ui/frame";
import { Confirm } from "@pwa/ui/sheet";
import { useState } from "preact/hooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { button, change, leave, show, tap } from "./stage";

const tabs = [
  { href: "/heute", label: "Heute", icon: "home" },
  { href: "/faelle", label: "Fälle", icon: "people" },
] as const;

/** The page's width in px, as far as screens ask for it. */
function wide(px: number): void {
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: px >= Number(/min-width: (\d+)px/.exec(query)?.[1]),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
}

beforeEach(() => wide(390));
afterEach(leave);

test("the document is named after the screen, never after the person on it", async () => {
  await show(<TabScreen name="Fall" heading="Jannis Weber" children="…" />);
  expect(document.title).toBe("Fall – Zuzweit");
  expect(document.querySelector("h1")?.textContent).toBe("Jannis Weber");
});

test("the heading takes the focus, so that reading starts at the top", async () => {
  await show(<TaskScreen name="Synchronisierung" back="/heute" children="…" />);
  expect(document.activeElement?.textContent).toBe("Synchronisierung");
});

test("the place is marked, also below it, and Sperren locks", async () => {
  const onLock = vi.fn();
  await show(
    <FrameContext.Provider value={{ chip: null, onLock, tabs, path: "/faelle/abc" }}>
      <TabScreen name="Fall" back="/faelle" children="…" />
    </FrameContext.Provider>,
  );
  const marked = [...document.querySelectorAll("[aria-current=page]")];
  expect(marked.map((one) => one.textContent)).toEqual(["Fälle"]);
  await tap(button("Sperren"));
  expect(onLock).toHaveBeenCalledOnce();
});

test("what belongs to another feature is marked where it is reached from", async () => {
  const more = { href: "/mehr", label: "Mehr", icon: "more", covers: ["/team"] } as const;
  const parts = { chip: null, onLock: null, tabs: [...tabs, more], path: "/team/abc" };
  await show(
    <FrameContext.Provider value={parts}>
      <TabScreen name="Team" back="/mehr" children="…" />
    </FrameContext.Provider>,
  );
  expect(document.querySelector("[aria-current=page]")?.textContent).toBe("Mehr");
});

test("on a wide page the rail stays beside a task", async () => {
  wide(1280);
  const page = await show(<TaskScreen name="Kontakt festhalten" back="/heute" children="…" />);
  expect(page.querySelector("nav")).not.toBeNull();
});

test("a task has a way back and no navigation", async () => {
  const page = await show(<TaskScreen name="Kontakt festhalten" back="/heute" children="…" />);
  expect(page.querySelector("nav")).toBeNull();
  expect(page.querySelector(".zz-icbtn--back")?.getAttribute("href")).toBe("/heute");
});

test("a broken screen says so without quoting what was written, and the next path works", async () => {
  const Broken = () => {
    throw new TypeError("Jannis Weber");
  };
  const page = await show(<ErrorBoundary resetKey="/a" children={<Broken />} />);
  expect(page.textContent).toContain("Nichts ist verloren");
  expect(page.textContent).toContain("TypeError");
  expect(page.textContent).not.toContain("Jannis");
});

/** A button that asks first; `gone` when its deed makes it leave the page. */
function Asking({ gone = false }: { gone?: boolean }) {
  const [asks, setAsks] = useState(false);
  const [done, setDone] = useState(false);
  return (
    <TaskScreen name="Kontakt festhalten" back="/heute">
      {!done && (
        <button type="button" onClick={() => setAsks(true)}>
          Löschen
        </button>
      )}
      <Confirm
        open={asks}
        title="Löschen?"
        action="Ja"
        onClose={() => setAsks(false)}
        onConfirm={() => {
          setAsks(false);
          setDone(gone);
        }}
        children="…"
      />
    </TaskScreen>
  );
}

/** The root's part in it. */
function Rooted({ gone }: { gone?: boolean }) {
  useKeptFocus();
  return <Asking {...(gone && { gone })} />;
}

test("a sheet gives the focus back to what opened it", async () => {
  await show(<Rooted />);
  button("Löschen").focus();
  await tap(button("Löschen"));
  expect(document.activeElement?.textContent).toBe("Löschen?");
  await tap(button("Abbrechen"));
  expect(document.activeElement).toBe(button("Löschen"));
});

test("when that has left the page, the heading takes the focus", async () => {
  await show(<Rooted gone />);
  button("Löschen").focus();
  await tap(button("Löschen"));
  await tap(button("Ja"));
  await vi.waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
});

test("beside a list the chosen entry takes the focus, not the list", async () => {
  const split = (id: string | null) => (
    <TabScreen name="Fälle" focusKey={id ?? ""} layout="split">
      <Split list={<Title heading="Fälle" />} detail={id} detailLabel="Fall" />
    </TabScreen>
  );
  const page = await show(split(null));
  expect(document.activeElement?.tagName).toBe("H1");
  await change(split("a"));
  expect(document.activeElement).toBe(page.querySelector(".zz-pane"));
});
