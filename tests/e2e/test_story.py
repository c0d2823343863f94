"""The main job, whole: a contact at a door, offline and sealed, reaches the colleague's phone."""

import re
import sqlite3
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e.phones import Phone, Server
from tests.e2e.walks import PASSWORD, accept_invitation, sign_in

NOTE = "Hinter der Tür lief Musik, freundlicher Ton."
NAME = "Levin Ackerstaff"


def test_from_an_empty_server_to_the_colleagues_phone(
    server: Server, new_phone: Callable[..., Phone]
) -> None:
    admin = server.command(
        "init", "--team", "U25", "--name", "verwaltung", "--display-name", "Die Verwaltung"
    )
    assert "/einladung#" in admin
    jana_link = _invite(server, "jana", "Jana W.", "ab_pap")
    mira_link = _invite(server, "mira", "Mira K.", "ab_pap")
    server.start()
    jana, mira = new_phone("jana"), new_phone("mira")

    jana_page = accept_invitation(jana, jana_link)
    expect(jana_page.get_by_role("heading", name="Heute")).to_be_visible()
    mira_page = accept_invitation(mira, mira_link)
    _compare_and_admit(jana_page, mira_page)
    expect(mira_page.get_by_role("heading", name="Heute")).to_be_visible(timeout=40_000)

    _create_case(jana_page, NAME)
    expect(_chip(jana_page)).to_have_text("Alles gesichert")

    server.kill()
    _log_contact_in_five_taps(jana_page)
    expect(_chip(jana_page)).to_have_text("1 Eintrag wartet auf Verbindung")

    jana.kill()
    page = jana.open("/")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Entsperren").click()
    expect(_chip(page)).to_have_text("1 Eintrag wartet auf Verbindung")
    page.get_by_role("link", name=re.compile("wartet auf Verbindung")).click()
    expect(page.get_by_text("auf diesem Telefon", exact=True)).to_be_visible()

    server.start()
    expect(_chip(page)).to_have_text("Alles gesichert", timeout=60_000)

    mira_page.get_by_role("link", name="Fälle").click()
    mira_page.get_by_role("link", name=re.compile(NAME)).click(timeout=60_000)
    expect(mira_page.get_by_text("Niemand angetroffen")).to_be_visible(timeout=60_000)
    _server_knows_nothing(server)


def test_a_role_without_cases_gets_none(
    passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    for name, sentence in (
        ("heike.brandrup", "Ihnen ist zurzeit kein Fall übergeben"),
        ("ines.bahlmann", ""),
        ("ruth.sandermann", ""),
        ("verwaltung", "Person einladen"),
    ):
        phone = new_phone(name)
        page = sign_in(phone, name, passwords[name])
        expect(page.locator("main")).to_contain_text(sentence)
        standing_in = name in {"heike.brandrup", "ines.bahlmann"}
        expect(page.get_by_role("link", name="Fälle")).to_have_count(int(standing_in))
        expect(page.get_by_role("link", name="Kontakt festhalten")).to_have_count(0)
        phone.close()


def _chip(page: Page) -> Locator:
    return page.get_by_role("banner").get_by_role("status")


def _invite(server: Server, name: str, display_name: str, role: str) -> str:
    return server.command("invite", "--name", name, "--display-name", display_name, "--role", role)


def _compare_and_admit(jana: Page, mira: Page) -> None:
    mira.get_by_role("button", name="Stimmt überein").wait_for()
    shown_to_mira = mira.get_by_label("Sicherheitsnummer").inner_text().split()
    jana.get_by_role("link", name="Mehr").click()
    jana.get_by_role("link", name="Team").click()
    jana.get_by_role("link", name=re.compile("Mira K.")).click(timeout=40_000)
    jana.get_by_role("button", name="Stimmt überein").wait_for()
    assert jana.get_by_label("Sicherheitsnummer").inner_text().split() == shown_to_mira
    jana.get_by_role("button", name="Stimmt überein").click()
    mira.get_by_role("button", name="Stimmt überein").click()


def _create_case(page: Page, name: str) -> None:
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1/heute", page.url))
    _unlock_if_needed(page)
    page.get_by_role("link", name="Fall anlegen").first.click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name=re.compile(name))).to_be_visible()
    page.get_by_role("link", name="Zurück").click()
    page.get_by_role("link", name="Heute").click()


def _unlock_if_needed(page: Page) -> None:
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Entsperren").click()


def _log_contact_in_five_taps(page: Page) -> None:
    page.get_by_role("link", name="Kontakt festhalten").click()
    page.get_by_role("radio", name=re.compile(NAME.split()[0])).check()
    page.get_by_role("radio", name="Wohnungstür").check()
    page.get_by_role("radio", name="Niemand angetroffen").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Auf diesem Telefon gespeichert")).to_be_visible()


def _server_knows_nothing(server: Server) -> None:
    with sqlite3.connect(server.data / "zuzweit.sqlite3") as database:
        dump = "\n".join(database.iterdump())
    for secret in (NAME, "Ackerstaff", "doorstep", "nobody_met"):
        assert secret not in dump
