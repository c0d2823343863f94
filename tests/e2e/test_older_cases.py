"""Cases closed long ago leave the phones by themselves and come back when somebody asks."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.inspector import Inspector
from tests.e2e.offices import JANA, Office
from tests.e2e.phones import Phone, Server
from tests.e2e.walks import expect_chip, go, record_contact, sync_now


def test_closed_cases_leave_and_come_back(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    office = Office(demo_server, passwords, new_phone)
    office.decide("closed_days", 1)
    phone, page = office.phone(JANA)
    with office.database() as database:
        count = "SELECT count(*) FROM client_case WHERE closed < date('now', '-3 days')"
        [older] = database.execute(count).fetchone()
        # What the people at the phone would type, which only another phone of theirs can read.
        [case] = database.execute(
            "SELECT id FROM client_case WHERE closed < date('now', '-3 days') ORDER BY id LIMIT 1"
        ).fetchone()
    assert older > 3
    with office.python_phone() as mira:
        name = mira.read("client_case", case)["name"]

    go(page, "/faelle")
    page.get_by_role("searchbox").fill(name)
    missing = page.get_by_text(re.compile(r"ältere abgeschlossene Fälle fehlen hier"))
    expect(missing).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(name))).to_have_count(0)
    inspector = Inspector()
    inspector.look(page, "Ältere Fälle fehlen", "/faelle")
    inspector.verdict()

    office.server.kill()
    load = page.get_by_role("button", name="Ältere Fälle laden")
    load.click()
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    office.server.start()
    load.click()
    expect(page.get_by_role("link", name=re.compile(name))).to_be_visible()
    expect(missing).to_have_count(0)

    # One can read it and write to it, and without a network it is still there.
    go(page, f"/faelle/{case}")
    expect(page.get_by_role("heading", name=re.compile(name))).to_be_visible()
    office.server.kill()
    record_contact(page, case)
    phone.kill()
    page = phone.open(f"/faelle/{case}")
    office.unlock(page)
    expect(page.get_by_role("heading", name=re.compile(name))).to_be_visible()
    office.server.start()
    sync_now(page)
    expect_chip(page, "Alles gesichert")
    assert any(one["place_kind"] == "doorstep" for one in office.contacts(case))


def test_a_list_is_compared_with_closed_cases_only_once_they_are_here(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    """Nobody is said to be new as long as that is not known."""
    office = Office(demo_server, passwords, new_phone)
    office.decide("closed_days", 1)
    _, page = office.phone(JANA)
    with office.database() as database:
        [case] = database.execute(
            "SELECT id FROM client_case WHERE closed < date('now', '-3 days') ORDER BY id LIMIT 1"
        ).fetchone()
    with office.python_phone() as mira:
        told = mira.read("client_case", case)
    day = ".".join(reversed(told["date_of_birth"].split("-")))
    rows = f"Name;Geburtsdatum\n{told['name']};{day}\nKim Neuwald;05.03.2004\n"
    office.server.kill()
    go(page, "/faelle/einlesen")
    content = rows.encode("utf-8-sig")
    page.get_by_label("Datei", exact=True).set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Weiter", exact=True).click()
    unknown = page.get_by_text(re.compile(r"Mit \d+ älteren Fällen noch nicht verglichen"))
    expect(unknown).to_be_visible()
    load = page.get_by_role("button", name="Ältere Fälle dafür laden")
    load.click()
    failed = page.get_by_role("main").get_by_role("alert")
    expect(failed).to_contain_text("kann es danach Fälle doppelt geben")
    expect(page.get_by_role("button", name="2 Fälle speichern")).to_be_visible()
    inspector = Inspector()
    inspector.look(page, "Personen, ältere Fälle fehlen", "/faelle/einlesen")
    inspector.verdict()

    office.server.start()
    load.click()
    expect(page.get_by_text("Diese Person hat schon einen Fall")).to_be_visible()
    expect(unknown).to_have_count(0)
    page.get_by_role("button", name="1 Fall speichern").click()
    expect(page.get_by_text("1 Fall auf diesem Telefon gespeichert").first).to_be_visible()
