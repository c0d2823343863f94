"""Nothing of a case reaches the office: its pages are read one by one, after a phone was locked."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.canaries import traces
from tests.e2e.phones import Phone, Server
from tests.e2e.walks import (
    SAVED,
    accept_invitation,
    create_case,
    expect_chip,
    found_team,
    invite,
    record_contact,
)

WORD = "Qvarzkanjarywy"
"""In no language and no file; whatever is entered begins with it."""
OFFICE = "/verwaltung/personen"


def test_no_word_of_a_case_reaches_the_office(
    server: Server, new_phone: Callable[..., Phone]
) -> None:
    phone = new_phone("jana")
    page = found_team(server, phone)
    create_case(page, f"{WORD} gesendet")
    expect_chip(page, SAVED)
    server.kill()
    record_contact(page, create_case(page, f"{WORD} ohne Netz"))
    phone.close()
    server.start()
    office = accept_invitation(new_phone("amt"), invite(server, "amt", "Amt", "admin"))
    office.get_by_role("link", name="Verwaltung öffnen").click()
    _lock_out(office, "Jana W.")
    page = phone.open("/")
    expect(page.get_by_role("alert")).to_contain_text("gesperrt")
    phone.close()
    pages = _read_all(office)
    shown = {path for path, text in pages.items() if "U25-001" in text}
    assert not [path for path, text in pages.items() if WORD in text]
    assert len(pages) >= 15
    # What the office does learn, and where: the pseudonyms of what a locked phone could hold.
    where = {re.sub("/[0-9a-f]{32}$", "", path.partition("?")[0]) for path in shown}
    assert where == {"/verwaltung/geraete"}
    for folder in (phone.profile, server.data):
        assert traces(folder, [WORD]) == []


def _lock_out(office: Page, person: str) -> None:
    office.get_by_role("link", name=person).click()
    office.get_by_role("main").get_by_role("link", name="Linux, Chrome").click()
    office.get_by_role("link", name="Gerät sperren").click()
    office.get_by_role("main").get_by_role("button", name="Gerät sperren").click()
    expect(office.get_by_role("status")).to_have_text("Das Gerät ist gesperrt.")


def _read_all(office: Page) -> dict[str, str]:
    """Every page of the office that a link leads to, by its address, as it comes."""
    pages: dict[str, str] = {}
    waiting = [OFFICE]
    base = office.url.partition("/verwaltung")[0]
    while waiting:
        path = waiting.pop()
        answer = office.request.get(base + path)
        assert answer.status == 200, path
        pages[path] = answer.text()
        found = set(re.findall(r'href="(/verwaltung/[^"#]*)"', pages[path]))
        waiting += sorted(found - pages.keys() - set(waiting) - {"/verwaltung/office.css"})
    return pages
