"""The recovery sheet on real phones: made, printed, and used when everybody has forgotten."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.inspector import Inspector
from tests.e2e.offices import JANA, MIRA, Office
from tests.e2e.renewals import is_renewed
from tests.e2e.walks import (
    SAVED,
    accept_invitation,
    create_case,
    expect_chip,
    go,
    invite,
    lock,
    make_sheet,
    record_contact,
    sync_now,
    type_words,
    unlock,
)
from tests.loopback import wait_for

NAME = "Levin Ackerstaff"


def everybody_forgets(office: Office) -> Page:
    """Nora's phone, invited when nobody can take her in, where she may type the words."""
    for name in (JANA, MIRA):
        office.server.command("disable", "--name", name)
    link = invite(office.server, "nora", "Nora Timmer")
    nora = accept_invitation(office.new_phone("nora"), link)
    expect(nora.get_by_role("heading", name="Warten auf Aufnahme")).to_be_visible()
    nora.get_by_role("link", name="Mit Wiederherstellungsblatt").click()
    return nora


def test_everybody_has_forgotten_and_nothing_is_lost(office: Office) -> None:
    _, jana = office.phone(JANA)
    case = create_case(jana, NAME)
    record_contact(jana, case)
    expect_chip(jana, SAVED)
    words = make_sheet(jana)
    inspector = Inspector()
    inspector.look(jana, "Wiederherstellungsblatt mit Wörtern")
    jana.emulate_media(media="print")
    expect(jana.get_by_role("button", name="Drucken")).to_be_hidden()
    expect(jana.get_by_label("Die zwölf Wörter als QR-Code")).to_be_visible()
    expect(jana.get_by_text(words[11], exact=True)).to_be_visible()
    jana.emulate_media(media="screen")
    go(jana, "/mehr")
    go(jana, "/mehr/blatt")
    expect(jana.get_by_text("erstellt von Jana Wendlandt")).to_be_visible()
    expect(jana.get_by_text(words[0], exact=True)).to_have_count(0)

    nora = everybody_forgets(office)
    inspector.look(nora, "Wiederherstellen", "/mehr/wiederherstellen")
    type_words(nora, "")
    expect(nora.get_by_text("Bitte geben Sie die zwölf Wörter ein.")).to_be_visible()
    type_words(nora, " ".join([words[1], words[0], *words[2:]]))
    expect(nora.get_by_role("alert")).to_contain_text("Diese Wörter gehören nicht zum Blatt")
    type_words(nora, "\n".join(words).upper())
    expect(nora).to_have_url(re.compile("/heute$"))
    expect_chip(nora, SAVED)
    inspector.verdict()

    # The old entries are readable, new ones are accepted, and she takes others in again.
    go(nora, f"/faelle/{case}")
    expect(nora.get_by_role("heading", name=NAME)).to_be_visible()
    record_contact(nora, case, "Nachricht hinterlassen")
    expect_chip(nora, SAVED)
    go(nora, "/team")
    expect(nora.get_by_text("Dieser Schlüssel wird nicht verwendet")).to_have_count(0)
    lock(nora)
    unlock(nora)
    link = invite(office.server, "mira.kosswig", "Mira Kosswig")
    mira = accept_invitation(office.new_phone("mira"), link)
    expect(mira.get_by_role("heading", name="Warten auf Aufnahme")).to_be_visible()
    sync_now(nora)
    go(nora, "/team")
    nora.get_by_role("link", name=re.compile("Mira Kosswig")).click()
    expect(mira.get_by_label("Sicherheitsnummer")).to_be_visible()
    expect(nora.get_by_label("Sicherheitsnummer")).to_be_visible()
    numbers = [one.get_by_label("Sicherheitsnummer").inner_text() for one in (nora, mira)]
    assert numbers[0] == numbers[1]
    for page in (mira, nora):
        page.get_by_role("button", name="Stimmt überein").click()
    expect_chip(mira, SAVED)
    go(mira, f"/faelle/{case}")
    expect(mira.get_by_role("heading", name=NAME)).to_be_visible(timeout=45_000)
    expect(mira.get_by_text("Niemand angetroffen")).to_be_visible()
    expect(mira.get_by_text("Nachricht hinterlassen")).to_be_visible()


def test_a_lost_sheet_opens_nothing_that_is_written_from_then_on(office: Office) -> None:
    _, jana = office.phone(JANA)
    case = create_case(jana, NAME)
    expect_chip(jana, SAVED)
    found = make_sheet(jana)
    with office.database() as database:
        [lost] = database.execute("SELECT id FROM recovery_sheet").fetchone()
    go(jana, "/mehr")
    go(jana, "/mehr/blatt")
    inspector = Inspector()
    jana.get_by_role("link", name="Blatt verloren oder gesehen worden").wait_for()
    inspector.look(jana, "Wiederherstellungsblatt", "/mehr/blatt")
    jana.get_by_role("link", name="Blatt verloren oder gesehen worden").click()
    inspector.look(jana, "Blatt verloren", "/mehr/blatt?verloren")

    # Without an answer nobody knows whether the old one still counts.
    jana.context.route("**/api/recovery", lambda route: route.abort())
    jana.get_by_role("button", name="Entwerten und neu erstellen").click()
    expect(jana.get_by_role("alert")).to_contain_text("Vielleicht gilt das bisherige Blatt schon")
    inspector.look(jana, "Blatt verloren, ohne Antwort")
    jana.context.unroute("**/api/recovery")

    # The new key finds no way yet: what is due shows, and survives the end of the app.
    jana.context.route("**/api/epochs", lambda route: route.abort())
    jana.get_by_role("button", name="Entwerten und neu erstellen").click()
    words = jana.get_by_label("Die zwölf Wörter", exact=True).locator("li")
    expect(words).to_have_count(12)
    fresh = words.all_inner_texts()
    go(jana, "/heute")
    expect(jana.get_by_text("Schlüssel werden erneuert …")).to_be_visible()
    inspector.look(jana, "Heute, während Schlüssel erneuert werden", "/heute")
    inspector.verdict()
    jana.context.unroute_all()
    jana.reload()
    office.unlock(jana)
    sync_now(jana)
    wait_for(lambda: is_renewed(office), 30, "all keys to be renewed")
    record_contact(jana, case, "Nachricht hinterlassen")
    expect_chip(jana, SAVED)
    with office.database() as database:
        closed = "SELECT count(*) FROM envelope WHERE reader = ?"
        assert database.execute(closed, (lost,)).fetchone() == (0,)

    nora = everybody_forgets(office)
    type_words(nora, " ".join(found))
    expect(nora.get_by_role("alert")).to_contain_text("Diese Wörter gehören nicht zum Blatt")
    type_words(nora, " ".join(fresh))
    expect(nora).to_have_url(re.compile("/heute$"))
    go(nora, f"/faelle/{case}")
    expect(nora.get_by_text("Nachricht hinterlassen")).to_be_visible(timeout=45_000)


def test_a_sheet_outlives_a_restore_from_before_it(office: Office) -> None:
    """A phone brings it back; where none can any more, the people at the safe are told."""
    server = office.server
    server.kill()
    backup = server.command("backup").strip()
    server.start()
    _, jana = office.phone(JANA)
    words = make_sheet(jana)
    go(jana, "/heute")
    expect_chip(jana, SAVED)

    def restore() -> None:
        server.kill()
        server.command("restore", "--replace", backup)

    restore()
    server.start()
    jana.reload()
    office.unlock(jana)
    expect_chip(jana, SAVED)
    sheets = "SELECT count(*) FROM recovery_sheet JOIN envelope ON reader = recovery_sheet.id"
    wait_for(lambda: count(office, sheets) == 1, 30, "the sheet, with the team key closed for it")
    link = invite(server, "nora", "Nora Timmer")
    nora = accept_invitation(office.new_phone("nora"), link)
    nora.get_by_role("link", name="Mit Wiederherstellungsblatt").click()
    type_words(nora, " ".join(words))
    expect(nora).to_have_url(re.compile("/heute$"))
    go(nora, "/faelle")
    expect(nora.get_by_text("U25-0").first).to_be_visible()

    # The same, and nobody comes within the month that follows.
    restore()
    office.change("UPDATE log SET restored_at = 1")
    server.start()
    jana.reload()
    office.unlock(jana)
    told = jana.get_by_role("link", name="Ihr Wiederherstellungsblatt gilt nicht mehr")
    expect(told).to_be_visible(timeout=45_000)
    inspector = Inspector()
    inspector.look(jana, "Das Blatt gilt nicht mehr", "/heute")
    inspector.verdict()
    told.click()
    jana.get_by_role("button", name="Neues Blatt erstellen").click()
    expect(jana.get_by_label("Die zwölf Wörter", exact=True)).to_be_visible()
    go(jana, "/heute")
    expect(jana.get_by_role("heading", name="Heute", exact=True)).to_be_visible()
    expect(told).to_have_count(0)


def count(office: Office, sql: str) -> int:
    with office.database() as database:
        return database.execute(sql).fetchone()[0]


def test_the_last_sheet_counts_and_its_words_are_nowhere_kept(office: Office) -> None:
    phone, jana = office.phone(JANA)
    first = make_sheet(jana)
    go(jana, "/mehr")
    second = make_sheet(jana)
    assert first != second
    go(jana, "/heute")
    sync_now(jana)
    phone.close()
    found = [
        path
        for folder in (phone.profile, office.server.data)
        for path in folder.rglob("*")
        if path.is_file()
        for data in [path.read_bytes().lower()]
        if "-".join(second).encode() in data or " ".join(second).encode() in data
    ]
    assert found == []
    nora = everybody_forgets(office)
    type_words(nora, "-".join(first))
    expect(nora.get_by_role("alert")).to_contain_text("Diese Wörter gehören nicht zum Blatt")
    type_words(nora, ", ".join(second))
    expect(nora).to_have_url(re.compile("/heute$"))
    go(nora, "/faelle")
    expect(nora.get_by_text("U25-0").first).to_be_visible()
