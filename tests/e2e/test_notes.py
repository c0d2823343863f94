"""Quick notes: written while locked, without a network, killed in between; each is one contact."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.inspector import Inspector
from tests.e2e.offices import JANA, MIRA, Office
from tests.e2e.walks import (
    NOTE_WAITS,
    SAVED,
    create_case,
    expect_chip,
    go,
    lock,
    open_pad,
    sign_in_beside,
    sync_now,
    write_half_a_note,
    write_note,
)

NAME = "Levin Ackerstaff"
TEXT = "Licht an, niemand öffnet. Später noch einmal klingeln."


def no_notes(page: Page) -> None:
    """Heute, once it is there, shows none."""
    go(page, "/heute")
    expect(page.get_by_role("heading", name="Heute", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Schnellnotizen")).to_have_count(0)


def test_a_note_written_while_locked_and_offline_becomes_one_contact(office: Office) -> None:
    phone, page = office.phone(JANA)
    case = create_case(page, NAME)
    expect_chip(page, SAVED)
    office.server.kill()
    lock(page)
    write_note(page, TEXT)
    expect(page.get_by_text(NOTE_WAITS)).to_be_visible()
    assert "Jana" not in page.content()
    phone.kill()

    page = phone.open("/")
    expect(page.get_by_text(NOTE_WAITS)).to_be_visible()
    office.unlock(page)
    notes = page.get_by_role("region", name="Schnellnotizen")
    expect(notes).to_contain_text(TEXT)
    notes.get_by_role("link", name="Fall zuordnen").click()
    expect(page.get_by_label("Beobachtung")).to_have_value(TEXT)
    page.get_by_role("radio", name="Wohnungstür").check()
    # Killed with the form half filled in: it opens there again, and is one thing on Heute.
    go(page, "/heute")
    expect(page.get_by_role("link", name="Begonnener Kontakt")).to_have_count(1)
    expect(notes).to_have_count(0)
    phone.kill()
    page = phone.open("/")
    office.unlock(page)
    page.get_by_role("link", name="Begonnener Kontakt").click()
    expect(page.get_by_role("radio", name="Wohnungstür")).to_be_checked()
    expect(page.get_by_role("button", name="Neu beginnen")).to_have_count(0)
    page.get_by_role("button", name="Anderer Fall").click()
    page.get_by_role("searchbox").fill(NAME)
    page.get_by_role("dialog").get_by_role("button", name=NAME).click()
    page.get_by_role("radio", name="Niemand angetroffen").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Auf diesem Telefon gespeichert")).to_be_visible()
    no_notes(page)
    phone.kill()

    page = phone.open("/")
    expect(page.get_by_role("button", name="Entsperren")).to_be_visible()
    expect(page.get_by_text(NOTE_WAITS)).to_have_count(0)
    office.unlock(page)
    office.server.start()
    sync_now(page)
    expect_chip(page, SAVED)
    no_notes(page)
    [contact] = office.contacts(case)
    assert contact["observation"] == TEXT
    happened = datetime.fromisoformat(contact["happened_at"])
    assert datetime.now(UTC) - happened < timedelta(minutes=10)


def test_half_a_note_outlives_a_kill_and_keeps_from_signing_out(office: Office) -> None:
    phone, page = office.phone(JANA)
    lock(page)
    write_half_a_note(page, "Mitten im Satz")
    phone.kill()
    page = phone.open("/")
    expect(page.get_by_text(NOTE_WAITS)).to_be_visible()
    office.unlock(page)
    expect_chip(page, SAVED)
    go(page, "/mehr")
    page.get_by_role("button", name="Abmelden").click()
    answer = page.get_by_role("region", name="1 Schnellnotiz liegt nur auf diesem Telefon")
    answer.get_by_role("button", name="Sicherungsdatei erstellen").click()
    expect(answer).to_contain_text("0 Einträge, 0 Entwürfe und 1 Schnellnotiz")
    answer.get_by_role("link", name="Zu den Schnellnotizen").click()
    notes = page.get_by_role("region", name="Schnellnotizen")
    expect(notes).to_contain_text("Mitten im Satz")
    notes.get_by_role("button", name="Verwerfen").click()
    page.get_by_role("dialog").get_by_role("button", name="Verwerfen").click()
    expect(page.get_by_role("status").filter(has_text="Schnellnotiz verworfen")).to_be_visible()
    no_notes(page)
    go(page, "/mehr")
    page.get_by_role("button", name="Abmelden").click()
    page.get_by_role("dialog").get_by_role("button", name="Abmelden").click()
    page.get_by_label("Anmeldename").wait_for()


def test_two_people_on_one_phone_see_their_own_alone(office: Office) -> None:
    _, page = office.phone(JANA)
    lock(page)
    write_note(page, "von Jana")
    sign_in_beside(page, MIRA, office.passwords[MIRA])
    expect_chip(page, SAVED)
    no_notes(page)
    lock(page)
    expect(page.get_by_text(NOTE_WAITS)).to_have_count(0)
    # For whoever was chosen by name, not for whoever was here last.
    page.get_by_role("button", name="Andere Person").click()
    page.get_by_role("button", name=re.compile("Jana")).click()
    write_note(page, "noch eine von Jana")
    office.unlock(page)
    notes = page.get_by_role("region", name="Schnellnotizen")
    expect(notes.get_by_role("listitem")).to_contain_text(["von Jana", "noch eine von Jana"])


def test_many_notes_leave_the_day_in_sight(office: Office) -> None:
    _, page = office.phone(JANA)
    lock(page)
    for number in range(5):
        write_note(page, f"Notiz {number}")
    office.unlock(page)
    notes = page.get_by_role("region", name="Schnellnotizen")
    expect(notes.get_by_role("listitem")).to_contain_text(["Notiz 0", "Notiz 1"])
    expect(page.get_by_role("link", name="Besuch festhalten").first).to_be_in_viewport()
    notes.get_by_role("button", name="3 weitere Schnellnotizen zeigen").click()
    expect(notes.get_by_role("listitem")).to_have_count(5)


def test_whoever_stands_in_without_a_case_is_not_sent_to_make_one(office: Office) -> None:
    _, page = office.phone("heike.brandrup")
    lock(page)
    write_note(page, TEXT)
    office.unlock(page, "heike.brandrup")
    page.get_by_role("link", name="Fall zuordnen").click()
    expect(page.get_by_text("Ihnen ist zurzeit kein Fall übergeben")).to_be_visible()
    expect(page.get_by_role("link", name="Fall anlegen")).to_have_count(0)
    page.get_by_role("link", name="Zurück").click()
    expect(page.get_by_role("region", name="Schnellnotizen")).to_contain_text(TEXT)


def test_the_screens_of_a_note(office: Office) -> None:
    inspector = Inspector()
    _, page = office.phone(JANA)
    lock(page)
    open_pad(page)
    inspector.look(page, "Schnellnotiz, leer")
    page.get_by_label("Notiz", exact=True).fill("Sehr lang " * 400)
    inspector.look(page, "Schnellnotiz, voll")
    page.get_by_role("button", name="Verwerfen").click()
    inspector.look(page, "Schnellnotiz verwerfen?", keyboard=False)
    page.get_by_role("button", name="Weiterschreiben").click()
    page.get_by_role("button", name="Versiegeln").click()
    expect(page.get_by_text(NOTE_WAITS)).to_be_visible()
    inspector.look(page, "Gesperrt mit Schnellnotiz")
    office.unlock(page)
    page.get_by_role("region", name="Schnellnotizen").wait_for()
    inspector.look(page, "Heute mit Schnellnotiz", "/heute")
    page.get_by_role("button", name="Verwerfen").click()
    inspector.look(page, "Heute, Schnellnotiz verwerfen?", keyboard=False)
    page.get_by_role("button", name="Behalten").click()
    page.get_by_role("link", name="Fall zuordnen").click()
    page.get_by_label("Beobachtung").wait_for()
    inspector.look(page, "Kontakt aus einer Schnellnotiz")
    go(page, f"/kontakt?notiz={'0' * 32}")
    expect(page.get_by_text("Diese Schnellnotiz wartet nicht mehr")).to_be_visible()
    inspector.look(page, "Schnellnotiz, die es nicht mehr gibt")
    inspector.verdict()
