"""Around the work: wide pages, the focus, signing out, synchronising, the way into a team."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.offices import JANA, Office
from tests.e2e.phones import PHONE_SIZE, Phone, Server
from tests.e2e.walks import (
    SAVED,
    accept_invitation,
    create_case,
    expect_chip,
    found_team,
    go,
    invite,
    lock,
    record_contact,
    sign_in_to_the_app,
    sync_now,
)

NAME = "Levin Ackerstaff"


def _filled_buttons(page: Page) -> list[str]:
    return page.locator(".kern-btn--primary").all_inner_texts()


def _try_again(page: Page) -> None:
    """The phone comes out of a tunnel, and the server knows it no more."""
    page.evaluate("dispatchEvent(new Event('online'))")
    expect_chip(page, "Bitte neu anmelden")


def test_a_case_beside_its_list_can_be_read_at_every_width(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    record_contact(page, case)
    go(page, f"/faelle/{case}")
    for width in (900, 1024, 1180, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        # Narrow and wide are built anew.
        expect(page.locator(".zz-tl")).to_be_visible()
        box = page.locator(".zz-tl").bounding_box()
        assert box, width
        assert box["width"] >= 300, (width, box)
    # A phone on its side: the way to the other places stays in sight.
    go(page, "/heute")
    page.set_viewport_size({"width": 844, "height": 390})
    for link in page.get_by_role("navigation").get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=1)
    lock(page)
    expect(page.get_by_role("button", name="Entsperren")).to_be_in_viewport(ratio=1)


def test_choosing_a_case_beside_the_list_leads_to_it_and_leaves_the_list(office: Office) -> None:
    _, page = office.phone(JANA)
    page.set_viewport_size({"width": 1280, "height": 800})
    go(page, "/faelle")
    rows = page.locator(".zz-split > div a.zz-case")
    expect(rows.nth(15)).to_be_visible()
    rows.nth(15).scroll_into_view_if_needed()
    rows.nth(15).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/faelle/.+"))
    expect(page.get_by_role("region", name="Fall", exact=True)).to_be_focused()
    expect(rows.nth(15)).to_be_in_viewport()
    expect(rows.nth(15)).to_have_attribute("aria-current", "true")
    # The rail stays beside a task, too.
    page.get_by_role("link", name="Kontakt festhalten").click()
    expect(page.get_by_role("navigation")).to_be_visible()


def test_the_focus_never_falls_to_nowhere(office: Office) -> None:
    _, page = office.phone(JANA)
    go(page, "/kontakt")
    other = page.get_by_role("button", name="Anderer Fall")
    other.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(other).to_be_focused()
    page.get_by_role("radio", name="Café").check()
    page.get_by_role("button", name="Entwurf verwerfen").click()
    page.get_by_role("dialog").get_by_role("button", name="Verwerfen").click()
    expect(page.get_by_role("button", name="Entwurf verwerfen")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_signing_out_says_first_what_would_be_lost(office: Office) -> None:
    _, page = office.phone(JANA)
    go(page, "/kontakt")
    page.get_by_role("radio", name="Café").check()
    go(page, "/mehr")
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    answer = page.get_by_role("region", name="1 Entwurf liegt nur auf diesem Telefon")
    expect(answer).to_be_focused()
    expect(answer).to_be_in_viewport()
    expect(answer).not_to_contain_text("synchronisieren")
    answer.get_by_role("link", name="Zu den Entwürfen").click()
    page.get_by_text("Entwürfe").wait_for()
    case = create_case(page, NAME)
    expect_chip(page, SAVED)
    office.server.kill()
    record_contact(page, case)
    go(page, "/mehr")
    page.get_by_role("button", name="Abmelden").click()
    answer = page.get_by_role("region", name="1 Eintrag ist noch nicht gesichert")
    answer.get_by_role("link", name="Zur Synchronisierung").click()
    expect(page).to_have_url(re.compile("/synchronisierung$"))


def test_every_entry_is_told_apart_and_leads_to_what_it_is_about(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    record_contact(page, case)
    record_contact(page, case, "Nachricht hinterlassen")
    sync_now(page)
    contacts = page.get_by_role("link", name=re.compile(f"Kontakt · {NAME} U25-"))
    expect(contacts).to_have_count(2)
    expect(page.get_by_role("link", name=re.compile(f"Fall · {NAME} U25-"))).to_have_count(1)
    contacts.filter(has_text="Nachricht hinterlassen").click()
    expect(page).to_have_url(re.compile("/kontakt/"))
    expect(page.get_by_role("main")).to_contain_text("Nachricht hinterlassen")


def test_synchronising_without_a_server_gives_an_answer(office: Office) -> None:
    _, page = office.phone(JANA)
    office.server.kill()
    go(page, "/synchronisierung")
    page.get_by_role("button", name="Jetzt synchronisieren").click()
    expect(page.get_by_text("Es wird von selbst weiter versucht").first).to_be_visible()
    # It belongs to this screen: a later one does not carry it along.
    page.wait_for_function("start => Date.now() - start > 1000", arg=page.evaluate("Date.now()"))
    go(page, "/mehr")
    expect(page.get_by_text("Es wird von selbst weiter versucht")).to_have_count(0)


def test_a_session_that_ended_is_said_once_and_has_one_way_on(office: Office) -> None:
    _, page = office.phone(JANA)
    office.change("UPDATE session SET revoked_at = 1 WHERE revoked_at IS NULL")
    _try_again(page)
    go(page, "/synchronisierung")
    expect(page.get_by_text("Der Server nimmt zurzeit nichts von Ihnen an")).to_be_visible()
    assert _filled_buttons(page) == ["Anmelden"]
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_text("Bitte geben Sie Ihr Passwort ein.")).to_be_visible()
    page.get_by_label("Passwort", exact=True).fill("Ganz-falsch-geschrieben-1")
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_text("Das Passwort stimmt nicht.")).to_be_visible()
    expect(page.get_by_text("Anmeldename")).to_have_count(0)


def test_a_phone_locked_out_while_its_sign_in_was_over_wipes_itself_after_the_password(
    office: Office,
) -> None:
    _, page = office.phone(JANA)
    office.change("DELETE FROM session")
    office.change("UPDATE device SET revoked_at = 1 WHERE revoked_at IS NULL")
    _try_again(page)
    go(page, "/synchronisierung")
    page.get_by_label("Passwort", exact=True).fill(office.passwords[JANA])
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Dieses Gerät wurde gesperrt und leert sich")
    expect(page.get_by_label("Anmeldename")).to_be_visible()


def test_a_newcomer_is_announced_to_whoever_can_take_her_in(
    server: Server, new_phone: Callable[..., Phone]
) -> None:
    page = found_team(server, new_phone("jana"))
    mira = accept_invitation(new_phone("mira"), invite(server, "mira", "Mira K."))
    mira.get_by_role("button", name="Stimmt nicht überein").wait_for()
    mira.get_by_role("button", name="Stimmt nicht überein").click()
    expect(mira.get_by_role("alert")).to_contain_text("Stimmen Sie jetzt nicht zu")
    expect(mira.get_by_role("button", name="Stimmt überein")).to_have_count(0)
    # Opening the team asks the server; no sign-in, no waiting for the next poll.
    with page.expect_response("**/api/sync"):
        go(page, "/team")
    expect(page.get_by_role("link", name="Mira K.")).to_be_visible()
    go(page, "/heute")
    page.get_by_role("link", name="Mira K. wartet auf Aufnahme").click()
    go(page, "/mehr")
    expect(page.get_by_role("link", name="Team")).to_contain_text("1 Person wartet auf Aufnahme")
    go(page, "/team")
    page.get_by_role("link", name="Mira K.").click()
    page.get_by_role("button", name="Stimmt nicht überein").click()
    assert _filled_buttons(page) == ["Noch einmal vergleichen"]


def test_the_administration_is_not_warned_of_what_is_not_hers(
    passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    page = sign_in_to_the_app(new_phone("admin"), "verwaltung", passwords["verwaltung"])
    go(page, "/team")
    expect(page.get_by_text("Jana Wendlandt")).to_be_visible()
    expect(page.get_by_text("noch nicht bestätigt")).to_have_count(0)
    names = page.get_by_role("main").get_by_role("listitem").locator("b").all_inner_texts()
    assert names[1:] == sorted(names[1:])
    marked = page.get_by_role("navigation").locator("[aria-current=page]")
    expect(marked).to_have_text("Mehr")


def test_a_very_long_name_does_not_push_everything_away(office: Office) -> None:
    _, page = office.phone(JANA)
    go(page, "/faelle/neu")
    page.get_by_label("Name", exact=True).press_sequentially("Wolkenstein " * 12, delay=0)
    expect(page.get_by_text("Mehr als 120 Zeichen")).to_be_visible()
    assert len(page.get_by_label("Name", exact=True).input_value()) == 120
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name=re.compile("Wolkenstein")).first).to_be_visible()
    case = page.url.rsplit("/", 1)[1]
    go(page, f"/kontakt?fall={case}")
    box = page.get_by_text("Wolkenstein").first.bounding_box()
    assert box
    assert box["height"] < PHONE_SIZE["height"] / 8
