"""The main job with a finger: the taps from Heute to a saved contact, and how fast each answers."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.bench.figures import Figure, median_and_worst
from tests.bench.offices import BenchServer, Office
from tests.bench.throttled import answer, answers, probed, slow_down, tap, timed_tap, watch
from tests.e2e.phones import Phone
from tests.e2e.walks import sign_in

CONTACTS = 6
MOST_MS = 100
MOST_TAPS = 5

SAVED = "Auf diesem Telefon gespeichert"
CONTACT = 'a[href="/kontakt"]'
SAVE = ".zz-dock button[type=submit]"
SAVING_MS = 5_000
HEUTE = '.zz-nav a[href="/heute"]'


def measure(playwright: Playwright, office: Office, folder: Path, data: str) -> Iterator[Figure]:
    """Contacts logged one after the other, without a network, on a phone that holds `data`."""
    server = BenchServer(office.folder)
    server.start()
    phone = Phone(playwright, server, folder / "taps")
    try:
        page = probed(phone)
        sign_in(phone, office.name, office.password)
        loaded(page)
        server.kill()
        yield from measure_on(page, data)
    finally:
        phone.close()
        server.kill()


def loaded(page: Page) -> None:
    """Wait until the first sync is complete."""
    page.get_by_text("Alles gesichert").first.wait_for(timeout=60_000)


def measure_on(page: Page, data: str) -> Iterator[Figure]:
    """The same on an open phone that shows Heute."""
    slow_down(page)
    log_contact(page)  # The first one finds nothing warm; a counsellor's day has many.
    before = page.evaluate("probe.taps()")
    rounds = [log_contact(page) for _ in range(CONTACTS)]
    taps = page.evaluate("probe.taps()") - before - CONTACTS  # One more each, back to Heute.
    yield Figure(
        f"{data}: taps from Heute to a saved contact", taps / CONTACTS, "taps", most=MOST_TAPS
    )
    for name in ("Kontakt festhalten", "case", "place", "result"):
        times = [times[name] for times in rounds]
        yield from median_and_worst(f"{data}: tap on {name} → painted", times, most=MOST_MS)
    at_work = [times["at work"] for times in rounds]
    yield from median_and_worst(f"{data}: tap on Speichern → at work", at_work, most=MOST_MS)
    kept = [times["Speichern"] for times in rounds]
    step = f"{data}: tap on Speichern → safe on the disk, read back, said"
    yield from median_and_worst(step, kept, most=MOST_MS)


def log_contact(page: Page) -> dict[str, float]:
    """Milliseconds of each tap to its painted answer; ends on Heute."""
    times: dict[str, float] = {}

    def timed(name: str, target: str, shown: str) -> None:
        times[name] = timed_tap(page, page.locator(target).first, {"selector": shown})

    timed("Kontakt festhalten", CONTACT, "input[name=caseId]")
    timed("case", "label:has(input[name=caseId])", "input[name=caseId]:checked")
    for name, field, code in (
        ("place", "placeKind", "doorstep"),
        ("result", "outcome", "nobody_met"),
    ):
        choice = f"input[name={field}][value={code}]"
        timed(name, f"label:has({choice})", f"{choice}:checked")
    times |= _save(page)
    tap(page, page.locator(HEUTE))
    page.locator(CONTACT).first.wait_for()
    return times


def _save(page: Page) -> dict[str, float]:
    """The button answers at once; that the contact is safe can be said once the disk has it."""
    watch(
        page,
        SAVING_MS,
        busy={"selector": f"{SAVE}.is-busy"},
        said={"selector": "main", "text": SAVED},
    )
    tap(page, page.locator(SAVE))
    said = answer(page, name="said")
    at_work = answers(page)["busy"]
    return {"Speichern": said, "at work": at_work["after"] if at_work else said}
