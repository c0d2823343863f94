"""Changing the password on a real phone: by five words, with another phone, over a lost answer."""

from playwright.sync_api import Page, expect

from tests.e2e.offices import JANA, Office
from tests.e2e.phones import Server
from tests.e2e.proxy import bad_network
from tests.e2e.walks import (
    PASSWORD_CHANGED,
    SAVED,
    change_password,
    create_case,
    expect_chip,
    go,
    lock,
    record_contact,
    sign_in,
    sync_now,
    unlock,
)
from tests.loopback import wait_for

NAME = "Levin Ackerstaff"
NEW = "Lampe-Schirm-Treppe-7"


def refused(page: Page, password: str) -> None:
    """The lock does not open with it."""
    page.get_by_label("Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Entsperren").click()
    expect(page.get_by_role("alert")).to_contain_text("Das Passwort stimmt nicht")


def test_five_new_words_and_a_second_phone(office: Office) -> None:
    old = office.passwords[JANA]
    _, second = office.phone(JANA)
    phone = office.new_phone("zweites")
    page = sign_in(phone, JANA, old)
    expect_chip(page, SAVED)
    go(page, "/mehr")
    page.get_by_role("link", name="Passwort ändern").click()
    page.get_by_label("Bisheriges Passwort").fill(old)
    words = page.locator(".zz-words").inner_text()
    page.get_by_role("button", name="Ich habe die Wörter notiert").click()
    page.get_by_label("Passwort wiederholen").fill(words.upper().replace("-", " "))
    page.get_by_role("button", name="Passwort ändern").click()
    expect(page.get_by_text(PASSWORD_CHANGED).last).to_be_visible()
    lock(page)
    refused(page, old)
    unlock(page, words)
    sync_now(page)
    expect_chip(page, SAVED)

    # The other phone works on, opens with the old one, and asks for the new one when it is online.
    office.server.kill()
    lock(second)
    unlock(second, old)
    case = create_case(second, NAME)
    record_contact(second, case)
    office.server.start()
    expect(second.get_by_role("link", name="Bitte neu anmelden")).to_be_visible(timeout=45_000)
    go(second, "/synchronisierung")
    second.get_by_label("Passwort", exact=True).fill(old)
    second.get_by_role("button", name="Anmelden", exact=True).click()
    expect(second.get_by_text("Beim Server gilt ein anderes Passwort")).to_be_visible()
    second.get_by_label("Passwort", exact=True).fill(words)
    second.get_by_role("button", name="Anmelden", exact=True).click()
    expect_chip(second, SAVED)
    assert len(contacts_in(office, case)) == 1
    lock(second)
    refused(second, old)
    unlock(second, words)


def test_a_phone_that_is_locked_opens_with_the_new_one_where_there_is_a_network(
    office: Office,
) -> None:
    old = office.passwords[JANA]
    _, second = office.phone(JANA)
    lock(second)
    page = sign_in(office.new_phone("zweites"), JANA, old)
    change_password(page, old, NEW)
    expect(page.get_by_text(PASSWORD_CHANGED).last).to_be_visible()
    unlock(second, NEW)
    sync_now(second)
    expect_chip(second, SAVED)


def test_an_answer_that_was_lost_leaves_both_until_the_server_is_heard(office: Office) -> None:
    old = office.passwords[JANA]
    with bad_network(office.server) as network:
        phone = office.new_phone("jana")
        phone.server = Server(office.server.data, network.port)
        page = sign_in(phone, JANA, old)
        expect_chip(page, SAVED)
        # The browser itself asks once more for each connection it knew that breaks off.
        network.losing_on, network.losing = "/api/password", 20
        change_password(page, old, NEW)
        expect(page.get_by_text("Noch nicht bestätigt")).to_be_visible()
        wait_for(lambda: network.lost > 0, 15, "an answer to be lost")
        # From here on the app starts without a server.
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        office.server.kill()
        for password in (old, NEW):
            phone.kill()
            page = phone.open("/")
            unlock(page, password)
        case = create_case(page, NAME)
        record_contact(page, case)
        office.server.start()
        sync_now(page)
        expect_chip(page, SAVED)
        assert len(contacts_in(office, case)) == 1
        go(page, "/mehr/passwort")
        expect(page.get_by_label("Bisheriges Passwort")).to_be_visible()
        expect(page.get_by_text("Noch nicht bestätigt")).to_have_count(0)
        phone.kill()
        page = phone.open("/")
        refused(page, old)
        unlock(page, NEW)
        phone.close()


def test_what_is_wrong_is_said_and_changes_nothing(office: Office) -> None:
    _, page = office.phone(JANA)
    old = office.passwords[JANA]
    change_password(page, "", NEW)
    expect(page.get_by_text("Bitte geben Sie Ihr Passwort ein.")).to_be_visible()
    expect(page.get_by_label("Bisheriges Passwort")).to_be_focused()
    change_password(page, "Ganz-falsch-geschrieben-1", NEW)
    expect(page.get_by_role("main").get_by_text("Das Passwort stimmt nicht.")).to_be_visible()
    change_password(page, old, "kurz")
    expect(page.get_by_text("Mindestens 14 Zeichen – oder")).to_be_visible()
    lock(page)
    unlock(page, old)


def contacts_in(office: Office, case: str) -> list[object]:
    with office.database() as database:
        return database.execute('SELECT id FROM visit WHERE "case" = ?', (case,)).fetchall()
