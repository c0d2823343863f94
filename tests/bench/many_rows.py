"""10,000 rows on a phone: the first sync to a searchable list, the search itself, unlocking."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.bench import taps
from tests.bench.figures import Figure, median_and_worst
from tests.bench.offices import LAST_CASE, BenchServer, Office
from tests.bench.throttled import answer, answers, probed, slow_down, tap, watch
from tests.e2e.phones import Phone

MOST_FIRST_SYNC_MS = 5_000
MOST_SEARCH_MS = 100
SEARCHES = ("Zeynep A", "Kowalz", "U25-017")

SEARCH = "input[type=search]"
FOUND = {"selector": "a.zz-case", "text": LAST_CASE}
ALL_SECURED = {"selector": "a.zz-sync", "text": "Alles gesichert"}
RESULTS = "main p[role=status], main .zz-rows"
SIGNED_IN = """performance.getEntriesByType('resource')
  .find(({name}) => name.endsWith('/api/login')).responseEnd"""


def measure(
    playwright: Playwright, office: Office, folder: Path, data: str, deep: bool
) -> Iterator[Figure]:
    """A fresh phone signs in and loads everything; `deep` goes on to search, taps and unlock."""
    server = BenchServer(office.folder)
    server.start()
    phone = Phone(playwright, server, folder / "many")
    try:
        page = probed(phone)
        yield from _first_sync(page, phone, office, data)
        if deep:
            yield from _search(page, data)
            yield from _unlock(page, office, data)
            page.locator(taps.HEUTE).click()
            yield from taps.measure_on(page, data)
    finally:
        phone.close()
        server.kill()


def _first_sync(page: Page, phone: Phone, office: Office, data: str) -> Iterator[Figure]:
    page.goto(phone.server.address)
    page.get_by_label("Anmeldename").fill(office.name)
    page.get_by_label("Passwort", exact=True).fill(office.password)
    slow_down(page)
    watch(page, it=FOUND, everything=ALL_SECURED)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("link", name="Fälle").click()
    page.locator(SEARCH).fill(LAST_CASE)
    found, everything = answer(page, "at"), answer(page, "at", "everything")
    begin = page.evaluate(SIGNED_IN)
    worked = page.evaluate("([from, to]) => probe.working(from, to)", [begin, found])
    step = f"{data}: first sync, signed in → last case found by name"
    yield Figure(step, found - begin, "ms", most=MOST_FIRST_SYNC_MS)
    yield Figure(f"{data}:   of it workers busy, which are not throttled", worked, "ms")
    yield Figure(f"{data}: first sync, signed in → everything there", everything - begin, "ms")


def _search(page: Page, data: str) -> Iterator[Figure]:
    shown: list[float] = []
    changed: list[float] = []
    field = page.locator(SEARCH)
    for query in SEARCHES:
        field.fill("")
        field.focus()
        for end, letter in enumerate(query, 1):
            echo = {"selector": SEARCH, "value": query[:end]}
            watch(page, 1_500, echo=echo, results={"selector": RESULTS, "changes": True})
            page.keyboard.press(letter)
            seen = answers(page)
            shown += [seen["echo"]["after"]] if seen["echo"] else []
            changed += [seen["results"]["after"]] if seen["results"] else []
    yield from median_and_worst(f"{data}: search, letter painted", shown, most=MOST_SEARCH_MS)
    yield from median_and_worst(f"{data}: search, results painted", changed, most=MOST_SEARCH_MS)


def _unlock(page: Page, office: Office, data: str) -> Iterator[Figure]:
    page.reload()
    page.get_by_label("Passwort", exact=True).fill(office.password)
    watch(page, it={"selector": "a.zz-case"})
    tap(page, page.get_by_role("button", name="Entsperren"))
    after, at = answer(page), answer(page, "at")
    worked = page.evaluate("([from, to]) => probe.working(from, to)", [at - after, at])
    yield Figure(f"{data}: unlock, tap → list painted", after, "ms")
    yield Figure(f"{data}:   of it workers busy, which are not throttled", worked, "ms")
