"""`make bench`: every figure the product is held to, measured here and now.

Prints a table and writes `.bench/results.json`. A missed goal is a finding, not a failure: the
exit code is 0 unless a measurement could not be made. Words after the command choose themes:
`python -m tests.bench taps "2,000"` measures those whose names hold one of them.
"""

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from tests.bench import engine, figures, many_rows, offline_start, size, taps
from tests.bench.figures import Figure
from tests.bench.machine import calmest
from tests.bench.offices import demo_office, fill

SECONDS = 300
"""After this long nothing is measured a second time."""

Theme = Callable[[Path], Iterable[Figure]]


def main() -> int:
    """Measure everything; 1 when something could not be measured."""
    end = time.monotonic() + SECONDS
    found: list[Figure] = []
    failed = False
    print(
        f"{os.cpu_count()} processors; browser figures at 4 × throttling; limit = the bare machine"
    )
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        for name, theme in _themes(playwright, Path(folder)):
            if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
                continue
            try:
                found += _measured(name, theme, Path(folder), end)
            except Exception:  # noqa: BLE001  Whatever it was: the other themes are measured too.
                failed = True
                traceback.print_exc()
    figures.write(found)
    missed = sum(figure.met is False for figure in found)
    print(f"\n{missed} goals missed, {sum(figure.met is True for figure in found)} met")
    return 1 if failed else 0


def _measured(name: str, theme: Theme, folder: Path, end: float) -> list[Figure]:
    print(f"\n{name}", flush=True)

    def attempt() -> Iterable[Figure]:
        return theme(Path(tempfile.mkdtemp(dir=folder)))

    found = calmest(name, attempt, lambda: end - time.monotonic())
    for figure in found:
        print(figures.line(figure), flush=True)
    return found


def _themes(playwright: Playwright, folder: Path) -> Iterator[tuple[str, Theme]]:
    """Name and measurement, each in a fresh folder; data is made when its turn comes."""
    yield "app code", lambda _: size.measure()
    yield "sync engine", engine.measure
    demo = demo_office(folder / "demo")
    yield "cold start", lambda here: offline_start.measure(playwright, demo, here)
    yield "taps", lambda here: taps.measure(playwright, demo, here, "50 cases")
    few = fill(demo, folder / "few", 500, 10_000)
    few_name = "500 cases + 9,500 contacts"
    yield few_name, lambda here: many_rows.measure(playwright, few, here, few_name, False)
    many = fill(demo, folder / "many", 2_000, 10_000)
    many_name = "2,000 cases + 8,000 contacts"
    yield many_name, lambda here: many_rows.measure(playwright, many, here, many_name, True)


if __name__ == "__main__":
    sys.exit(main())
