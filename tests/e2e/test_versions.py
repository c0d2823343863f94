"""Several people write the same words: every version stays until somebody decides between them."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.offices import JANA, MIRA, Office
from tests.e2e.phones import axe_violations
from tests.e2e.walks import (
    SAVED,
    create_case,
    expect_chip,
    go,
    record_contact,
    sync_now,
    wait_for_draft,
)
from tests.loopback import wait_for

NAME = "Levin Ackerstaff"
WAITS = "1 Eintrag wartet auf Verbindung"
MUSIC, LIGHT, DOG = "Jana hörte Musik.", "Mira sah Licht im Flur.", "Ein Hund bellte."
TAKE = "Diese Fassung übernehmen"


def test_two_phones_write_offline_then_one_chooses(office: Office) -> None:
    (_, jana), (_, mira) = office.phone(JANA), office.phone(MIRA)
    contact = _written_by_both(office, jana, mira)
    for page in (jana, mira):
        go(page, f"/kontakt/{contact}")
        expect(page.get_by_text("Mehrere Personen haben gleichzeitig geschrieben")).to_be_visible()
        for text in (MUSIC, LIGHT):
            expect(page.get_by_text(text)).to_be_visible()

    # In a cellar: choosing needs no network. The version that is taken is the one that shows.
    office.server.kill()
    jana.get_by_role("link", name="Bearbeiten").click()
    versions = _versions(jana)
    expect(versions.get_by_role("listitem")).to_have_count(2)
    expect(versions).to_contain_text("Jana Wendlandt")
    expect(versions).to_contain_text("Mira Kosswig")
    shown = jana.get_by_role("textbox", name="Beobachtung").input_value()
    assert axe_violations(jana) == []
    versions.get_by_role("listitem").filter(has_text=shown).get_by_role("button", name=TAKE).click()
    expect(versions.get_by_role("listitem").filter(has_text=shown)).to_contain_text("übernommen")
    expect(versions.get_by_role("status")).to_contain_text("an die Stelle dieser Fassungen")
    jana.get_by_role("button", name="Speichern").click()
    expect_chip(jana, WAITS)
    go(jana, f"/kontakt/{contact}")
    expect(jana.get_by_text("gleichzeitig geschrieben")).to_have_count(0)
    office.server.start()
    for page in (jana, mira):
        sync_now(page)
        expect_chip(page, SAVED)
    lost = LIGHT if shown == MUSIC else MUSIC
    for page in (jana, mira):
        go(page, f"/kontakt/{contact}")
        expect(page.get_by_text(shown)).to_be_visible()
        expect(page.get_by_text("gleichzeitig geschrieben")).to_have_count(0)
        expect(page.get_by_text(lost)).to_have_count(0)
        # What was not chosen can be read for ever, and so can the choice.
        page.get_by_role("button", name="Verlauf der Änderungen").click()
        writes = page.get_by_role("region", name="Verlauf der Änderungen").get_by_role("listitem")
        expect(writes.filter(has_text=lost)).not_to_have_count(0)
        expect(writes.first).to_contain_text("Jana Wendlandt")
        expect(writes.first).to_contain_text(shown)


def test_three_versions_are_joined_on_a_phone_that_is_killed(office: Office) -> None:
    (phone, jana), (_, mira) = office.phone(JANA), office.phone(MIRA)
    contact = _written_by_both(office, jana, mira)
    _write_elsewhere(office, contact, DOG)
    sync_now(jana)
    go(jana, f"/kontakt/{contact}/bearbeiten")
    versions = _versions(jana)
    expect(versions.get_by_role("button", name=TAKE)).to_have_count(3)
    versions.get_by_role("button", name="Alle zusammenführen").click()
    field = jana.get_by_role("textbox", name="Beobachtung")
    for text in (MUSIC, LIGHT, DOG):
        expect(field).to_have_value(re.compile(re.escape(text)))
    wait_for_draft(jana)
    phone.kill()
    page = phone.open("/")
    office.unlock(page)
    expect(page).to_have_url(re.compile(f"/kontakt/{contact}/bearbeiten$"))
    joined = page.get_by_role("textbox", name="Beobachtung").input_value()
    assert all(text in joined for text in (MUSIC, LIGHT, DOG))
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text(re.compile("Gesichert um"))).to_be_visible(timeout=45_000)
    sync_now(mira)
    go(mira, f"/kontakt/{contact}")
    for text in (MUSIC, LIGHT, DOG):
        expect(mira.get_by_text(text)).to_be_visible()
    expect(mira.get_by_text("gleichzeitig geschrieben")).to_have_count(0)


def test_a_version_that_comes_while_one_writes_is_neither_lost_nor_replaced(
    office: Office,
) -> None:
    _, jana = office.phone(JANA)
    case = create_case(jana, NAME)
    record_contact(jana, case)
    expect_chip(jana, SAVED)
    contact = _contact_of(office, case)
    go(jana, f"/kontakt/{contact}/bearbeiten")
    jana.get_by_role("textbox", name="Beobachtung").fill(MUSIC)
    _write_elsewhere(office, contact, LIGHT)
    # It comes by itself, while the form stands there with half a sentence.
    jana.evaluate("dispatchEvent(new Event('online'))")
    versions = _versions(jana)
    fresh = versions.get_by_role("listitem").filter(has_text=LIGHT)
    expect(fresh).to_contain_text("neu", timeout=45_000)
    expect(jana.get_by_role("textbox", name="Beobachtung")).to_have_value(MUSIC)
    expect(versions.get_by_role("status")).to_contain_text("bleibt neben Ihrem Text stehen")
    assert axe_violations(jana) == []
    jana.get_by_role("button", name="Speichern").click()
    expect(jana.get_by_text(re.compile("Gesichert um"))).to_be_visible(timeout=45_000)
    go(jana, f"/kontakt/{contact}")
    expect(jana.get_by_text(MUSIC)).to_be_visible()
    expect(jana.get_by_text(LIGHT)).to_be_visible()

    # The other way round: she looks at both and keeps her own.
    go(jana, f"/kontakt/{contact}/bearbeiten")
    jana.get_by_role("textbox", name="Beobachtung").fill("Es war ruhig.")
    _write_elsewhere(office, contact, DOG)
    jana.evaluate("dispatchEvent(new Event('online'))")
    expect(versions).to_contain_text(DOG, timeout=45_000)
    versions.get_by_role("button", name="Eigenen Text behalten").click()
    expect(jana.get_by_role("textbox", name="Beobachtung")).to_be_focused()
    jana.get_by_role("button", name="Speichern").click()
    expect(jana.get_by_text(re.compile("Gesichert um"))).to_be_visible(timeout=45_000)
    [read] = office.contacts(case)
    assert read["observation"] == "Es war ruhig."
    go(jana, f"/kontakt/{contact}")
    expect(jana.get_by_text("gleichzeitig geschrieben")).to_have_count(0)


def test_the_words_of_a_case_are_chosen_alike(office: Office) -> None:
    _, jana = office.phone(JANA)
    case = create_case(jana, NAME)
    expect_chip(jana, SAVED)
    with office.python_phone() as mira:
        for text in ("Wohnt allein.", "Bei der Tante."):
            set_ = {"situation": text, "target_detail": f"Ziel: {text}"}
            base: dict[str, list[str]] = {"situation": [], "target_detail": []}
            mira.write("client_case", case, set_, base=base)
            mira.sync()
    sync_now(jana)
    go(jana, f"/faelle/{case}")
    for text in ("Wohnt allein.", "Bei der Tante."):
        expect(jana.get_by_text(text, exact=True)).to_be_visible()
        expect(jana.get_by_role("paragraph").filter(has_text=f"Ziel: {text}")).to_be_visible()
    go(jana, f"/faelle/{case}/bearbeiten")
    expect(jana.get_by_text("Wählen Sie bei: Zur Zielgruppe, Situation")).to_be_visible()
    situation = _versions(jana, "Situation")
    situation.get_by_role("listitem").filter(has_text="Tante").get_by_role(
        "button", name=TAKE
    ).click()
    expect(jana.get_by_role("textbox", name="Situation")).to_have_value("Bei der Tante.")
    assert axe_violations(jana) == []
    jana.get_by_role("button", name="Speichern").click()
    expect(jana.get_by_text("Bei der Tante.", exact=True)).to_be_visible()
    expect(jana.get_by_text("Wohnt allein.", exact=True)).to_have_count(0)
    # What she did not decide about stays as it was.
    expect(jana.get_by_role("paragraph").filter(has_text="Ziel: Wohnt allein.")).to_be_visible()
    expect(jana.get_by_role("paragraph").filter(has_text="Ziel: Bei der Tante.")).to_be_visible()


def _versions(page: Page, label: str = "Beobachtung") -> Locator:
    return page.get_by_role("region", name=f"Fassungen: {label}")


def _written_by_both(office: Office, jana: Page, mira: Page) -> str:
    """A contact whose observation both phones wrote without a network, known to both of them."""
    case = create_case(jana, NAME)
    record_contact(jana, case)
    expect_chip(jana, SAVED)
    sync_now(mira)
    contact = _contact_of(office, case)
    office.server.kill()
    for page, text in ((jana, MUSIC), (mira, LIGHT)):
        go(page, f"/kontakt/{contact}/bearbeiten")
        page.get_by_role("textbox", name="Beobachtung").fill(text)
        page.get_by_role("button", name="Speichern").click()
        expect_chip(page, WAITS)
    office.server.start()
    for page in (jana, mira, jana):
        sync_now(page)
        expect_chip(page, SAVED)
    return contact


def _write_elsewhere(office: Office, contact: str, text: str) -> None:
    """The colleague writes on a third phone, having seen nothing of what stands there."""
    with office.python_phone() as mira:
        mira.write("visit", contact, {"observation": text}, base={"observation": []})
        mira.sync()


def _contact_of(office: Office, case: str) -> str:
    """The id of a case's only contact on the server."""
    found: list[str] = []

    def there() -> bool:
        with office.database() as database:
            rows = database.execute('SELECT id FROM visit WHERE "case" = ?', (case,)).fetchall()
        found[:] = [row for (row,) in rows]
        return len(found) == 1

    wait_for(there, 10, "the contact to reach the server")
    return found[0]
