"""What every screen must be: no finding of axe-core in light and dark, nothing cut off on a narrow
phone or with large text, targets that can be hit, and a focus that can be seen."""

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.phones import AXE, PHONE_SIZE

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that can turn out differently in the dark: the page is the same."""

PHONE_WIDTH, NARROW, DESK = PHONE_SIZE["width"], 320, 1280
LEAST_TARGET, MAIN_TARGET = 24, 44
MAX_TABS = 80

OVERFLOWS = """() => {
  const wide = document.scrollingElement.scrollWidth;
  if (wide <= innerWidth) return [];
  const over = [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
    .map((one) => `${one.tagName} ${one.className}`);
  return [`${wide} px wide: ` + over.slice(-3).join("; ")];
}"""

CUT_TEXTS = """() => [...document.querySelectorAll("main *, header *, nav *, section *")]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => one.clientWidth > 1 && one.checkVisibility())
  .filter((one) => {
    const style = getComputedStyle(one);
    const clips = /hidden|clip/.test(style.overflowX) && style.textOverflow !== "ellipsis";
    return clips && one.scrollWidth > one.clientWidth + 1;
  })
  .map((one) => `cut off: ${one.tagName} ${one.className}: ${one.textContent.slice(0, 40)}`)"""

TARGETS = """([least, main]) => {
  const found = [];
  // A pseudo-element may be larger than what is drawn: it is hit as well.
  const around = (hit, sides) => {
    const style = getComputedStyle(hit, "::after");
    if (style.content === "none" || style.position !== "absolute") return 0;
    return sides.reduce((sum, side) => sum + Math.max(0, -parseFloat(style[side])), 0);
  };
  const selector = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  for (const one of document.querySelectorAll(selector)) {
    // The label of a chip or a box belongs to it.
    const hit = one.closest("label") ?? one;
    if (!hit.checkVisibility({visibilityProperty: true}) || hit.closest(".zz-skip")) continue;
    const box = hit.getBoundingClientRect();
    const width = box.width + around(hit, ["left", "right"]);
    const height = box.height + around(hit, ["top", "bottom"]);
    const inText = getComputedStyle(one).display === "inline" && one.closest("p, dd, li");
    const wanted = one.closest(".zz-dock, .zz-nav, .zz-top, dialog") ? main : least;
    if (inText || (width >= wanted && height >= wanted)) continue;
    const name = one.getAttribute("aria-label") ?? hit.textContent.trim();
    const size = `${width.toFixed(0)} × ${height.toFixed(0)}`;
    found.push(`${one.tagName} ${name.slice(0, 40)}: ${size}, not ${wanted}`);
  }
  return found;
}"""

FORGET_TABS = """() => {
  for (const one of document.querySelectorAll("[data-tabbed]")) delete one.dataset.tabbed;
}"""

FOCUSED = """() => {
  const one = document.activeElement;
  // A heading is given the focus, it is never tabbed to.
  if (!one || one === document.body || one.tabIndex < 0) return null;
  const around = [one, one.closest("label"), one.nextElementSibling, one.parentElement];
  const ring = around.some((part) => {
    if (!part) return false;
    const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(part);
    const drawn = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    return drawn && outlineColor !== "transparent";
  });
  const hit = one.closest("label") ?? one;
  const {left, top, width, height} = hit.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.9], [0.5, 0.9], [0.5, 0.1]];
  const seen = points.some(([x, y]) => {
    const there = document.elementFromPoint(left + width * x, top + height * y);
    return there !== null && (hit.contains(there) || there.contains(hit));
  });
  const again = "tabbed" in one.dataset;
  one.dataset.tabbed = "";
  const name = one.getAttribute("aria-label") ?? hit.textContent.trim();
  return {what: `${one.tagName} ${name.slice(0, 40)}`, ring, seen, again};
}"""

REMEMBERED = """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, select")]
  .filter((one) => !/^(off|username|current-password|new-password)$/.test(one.autocomplete))
  .map((one) => `${one.name || one.id} may be remembered by the browser`)"""


class Inspector:
    """Looks at screen after screen and collects what is wrong; `verdict` at the end."""

    def __init__(self) -> None:
        self.findings: list[str] = []

    def look(
        self, page: Page, name: str, path: str | None = None, *, keyboard: bool = True
    ) -> None:
        """Inspect the screen that `page` shows, on `path` when given, once it is complete."""
        if path is not None:
            expect(page).to_have_url(re.compile(re.escape(path) + "$"))
        _wait(page)
        if keyboard:
            self._walk(page, name)
        self._note(name, "targets", page.evaluate(TARGETS, [LEAST_TARGET, MAIN_TARGET]))
        self._note(name, "autocomplete", page.evaluate(REMEMBERED))
        self._axe(page, name, PHONE_WIDTH)
        _resize(page, NARROW)
        self._note(name, "at 320 px", page.evaluate(OVERFLOWS) + page.evaluate(CUT_TEXTS))
        self._note(name, "at 320 px", page.evaluate(TARGETS, [LEAST_TARGET, LEAST_TARGET]))
        _resize(page, PHONE_WIDTH)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        self._note(name, "at 200 %", page.evaluate(OVERFLOWS) + page.evaluate(CUT_TEXTS))
        page.evaluate("document.documentElement.style.removeProperty('font-size')")

    def look_wide(self, page: Page, name: str) -> None:
        """The same screen on a desk."""
        _resize(page, DESK)
        _wait(page)
        self._axe(page, name, DESK)
        self._note(name, "wide", page.evaluate(OVERFLOWS))
        _resize(page, PHONE_WIDTH)

    def verdict(self) -> None:
        """AssertionError with everything that was found."""
        assert not self.findings, f"{len(self.findings)} findings:\n" + "\n".join(self.findings)

    def _note(self, name: str, what: str, found: list[Any]) -> None:
        self.findings += [f"{name} · {what} · {one}" for one in found]

    def _axe(self, page: Page, name: str, width: int) -> None:
        # As tall as the page: rows that a sticky bar covers while one scrolls are no findings.
        _resize(page, width, page.evaluate("document.scrollingElement.scrollHeight"))
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self._note(name, "axe, dark", axe(page, "rule", OF_COLOURS))
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self._note(name, "axe, light", axe(page, "tag", STANDARDS))

    def _walk(self, page: Page, name: str) -> None:
        """Through the whole screen by Tab, from wherever the focus was put."""
        page.evaluate(FORGET_TABS)
        reached = 0
        for _ in range(MAX_TABS):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            if focused is None:
                continue
            if focused["again"]:
                break
            reached += 1
            if not focused["ring"]:
                self._note(name, "focus", [f"{focused['what']} shows no ring"])
            if not focused["seen"]:
                self._note(name, "focus", [f"{focused['what']} is hidden behind something"])
        if reached == 0:
            self._note(name, "focus", ["nothing is reached by keyboard"])
        page.evaluate("document.activeElement.blur()")


def axe(page: Page, kind: str, rules: list[str]) -> list[str]:
    """axe-core's findings on the page as it stands; `rules` are of the kind "tag" or "rule"."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    options = {"runOnly": {"type": kind, "values": rules}, "resultTypes": ["violations"]}
    result = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{finding['id']}: {json.dumps(node['target'])} {node['failureSummary']}"
        for finding in result["violations"]
        for node in finding["nodes"]
    ]


def _resize(page: Page, width: int, height: int = 0) -> None:
    page.set_viewport_size({"width": width, "height": max(height, PHONE_SIZE["height"])})


def _wait(page: Page) -> None:
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
