"""A page four times as slow as this machine, with the probe that measures inside of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.e2e.phones import Phone

RATE = 4
"""What the issue's figures are measured at; it slows the main thread, not the workers."""

PROBE = Path(__file__).with_name("probe.js").read_text()
PATIENCE_MS = 60_000

Question = Mapping[str, Any]
"""What the probe looks for: {selector, text?, value?, changes?}."""


class NoAnswer(Exception):
    """What was to be measured never came."""


def probed(phone: Phone) -> Page:
    """Start the phone's browser with the probe in every page to come."""
    page = phone.start()
    page.add_init_script(PROBE)
    return page


def slow_down(page: Page, rate: float = RATE) -> None:
    """Throttle the page's main thread; 1 lets it run freely again."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def watch(page: Page, patience_ms: int = PATIENCE_MS, **questions: Question) -> None:
    """Begin to look for answers; ask for them with `answers`."""
    page.evaluate("([questions, patience]) => probe.watch(questions, patience)",
                  [questions, patience_ms])  # fmt: skip


def answers(page: Page) -> dict[str, dict[str, float] | None]:
    """By name: `after`, ms since the last input, and `at`, ms since the navigation; or None."""
    return page.evaluate("() => probe.answers()")


def answer(page: Page, part: str = "after", name: str = "it") -> float:
    """The one answer that must come. Raises NoAnswer."""
    found = answers(page)[name]
    if found is None:
        raise NoAnswer(f"{name} never came on {page.url}")
    return found[part]


def tap(page: Page, target: Locator) -> None:
    """A finger on the middle of something; nothing of Playwright's own runs in the page then."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    if box is None:
        raise NoAnswer(f"nothing to tap: {target}")
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def timed_tap(page: Page, target: Locator, answer_is: Question) -> float:
    """Milliseconds from a tap to its painted answer."""
    target.wait_for()
    watch(page, it=answer_is)
    tap(page, target)
    return answer(page)
