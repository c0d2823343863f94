"""The app without a server: from a new browser process to a lock one can type into."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Playwright

from tests.bench.figures import Figure, median_and_worst
from tests.bench.offices import BenchServer, Office
from tests.bench.throttled import PROBE, answer, slow_down, watch
from tests.e2e.phones import Phone
from tests.e2e.walks import sign_in
from tests.loopback import wait_for

STARTS = 5
MOST_MS = 1_000

FIELD = "input[type=password]:focus"
FROM_THE_FIRST_MOMENT = f"probe.watch({{it: {{selector: '{FIELD}'}}}}, 60000)"
CACHED = """async () => {
  await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType('resource').map(({name}) => name);
  const start = files.find((name) => name.includes('/assets/start-'));
  return (await caches.match(start, {ignoreSearch: true})) !== undefined;
}"""


def measure(playwright: Playwright, office: Office, folder: Path) -> Iterator[Figure]:
    """Cold starts of one phone whose profile lies on the disk, its server dead."""
    server = BenchServer(office.folder)
    phone = Phone(playwright, server, folder / "cold")
    server.start()
    try:
        page = sign_in(phone, office.name, office.password)
        wait_for(lambda: page.evaluate(CACHED), 60, "the app to lie on the phone")
    finally:
        phone.close()
        server.kill()
    starts = [_start(phone) for _ in range(STARTS)]
    shown, typed = zip(*starts, strict=True)
    yield from median_and_worst("cold offline start: lock shown, field focused", shown)
    yield from median_and_worst("cold offline start: letter typed into it", typed, most=MOST_MS)


def _start(phone: Phone) -> tuple[float, float]:
    """Milliseconds since the navigation: the focused field painted; a letter typed then, too."""
    page = phone.start()
    try:
        page.add_init_script(PROBE)
        page.add_init_script(FROM_THE_FIRST_MOMENT)
        slow_down(page)
        page.goto(phone.server.address, wait_until="commit")
        shown = answer(page, "at")
        watch(page, it={"selector": FIELD, "value": "x"})
        page.keyboard.press("x")
        return shown, shown + answer(page)
    finally:
        phone.close()
