"""The office in a real browser: the way in from the app, every page, and without any script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.inspector import Inspector
from tests.e2e.offices import JANA
from tests.e2e.phones import Phone, Server
from tests.e2e.walks import (
    ADMIN,
    SAVED,
    accept_invitation,
    chip,
    record_contact,
    sign_in,
    sign_in_to_the_app,
    unlock,
)

LONG_NAME = "Maximiliane Wolfeschlegelsteinhausenbergerdorff-Oberhuber"


@pytest.fixture
def office(passwords: dict[str, str], new_phone: Callable[..., Phone]) -> Page:
    """The admin's way through the app into the office, with the service worker at work."""
    page = sign_in_to_the_app(new_phone(ADMIN), ADMIN, passwords[ADMIN])
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.get_by_role("link", name="Verwaltung öffnen").click()
    expect(page.get_by_role("heading", name="Personen", level=1)).to_be_visible()
    return page


def go(page: Page, path: str) -> None:
    page.goto(re.sub(r"^(https?://[^/]+).*", r"\1", page.url) + path)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def test_the_worker_leaves_the_office_to_the_server_and_the_app_is_a_click_away(
    office: Page, passwords: dict[str, str]
) -> None:
    office.reload()
    expect(office.get_by_role("heading", name="Personen", level=1)).to_be_visible()
    for path in ("/verwaltung", "/verwaltung/?x=1", "/verwaltung/gibt/es/nicht"):
        go(office, path)
        expect(office.get_by_role("navigation", name="Verwaltung")).to_be_visible()
    office.get_by_role("link", name="Zurück zur App").click()
    unlock(office, passwords[ADMIN])
    expect(office.get_by_role("link", name="Verwaltung öffnen")).to_be_visible()


def test_every_page_can_be_used_by_everybody(office: Page) -> None:
    inspector = Inspector()
    inspector.look(office, "Personen", "/personen")
    inspector.look_wide(office, "Personen")
    _invite(office, inspector)
    office.get_by_role("main").get_by_role("link", name=LONG_NAME).click()
    inspector.look(office, "Eingeladene Person")
    office.get_by_role("link", name="Neu einladen").click()
    inspector.look(office, "Neu einladen", "/einladen")
    go(office, "/verwaltung/personen")
    office.get_by_role("link", name="Jana Wendlandt").click()
    inspector.look(office, "Person")
    inspector.look_wide(office, "Person")
    office.get_by_role("link", name="Konto ruhen lassen").click()
    inspector.look(office, "Konto ruhen lassen?", "/ruhen")
    _phones(office, inspector)
    _settings(office, inspector)
    for part in ("Protokoll", "Herausgaben", "Zustand"):
        office.get_by_role("link", name=part, exact=True).click()
        inspector.look(office, part)
        inspector.look_wide(office, part)
    go(office, "/verwaltung/gibt/es/nicht")
    inspector.look(office, "Unbekannte Seite")
    office.get_by_role("button", name="Abmelden").click()
    expect(office.get_by_role("heading", name="Sie sind abgemeldet")).to_be_visible()
    inspector.look(office, "Abgemeldet")
    go(office, "/verwaltung/personen")
    inspector.look(office, "Nicht angemeldet")
    inspector.verdict()


def _invite(page: Page, inspector: Inspector) -> None:
    page.get_by_role("link", name="Person einladen").click()
    press(page, "Einladung erstellen")
    expect(page.get_by_label("Anmeldename")).to_be_focused()
    inspector.look(page, "Einladen, alles falsch")
    page.get_by_label("Anmeldename").fill("maximiliane.wolf")
    page.get_by_label("Angezeigter Name").fill(LONG_NAME)
    page.get_by_role("radio", name="Vertretung").check()
    press(page, "Einladung erstellen")
    expect(page.get_by_label("Einladungslink")).to_have_value(re.compile("/einladung#.{43}$"))
    inspector.look(page, "Einladung")
    page.get_by_role("link", name="Zu den Personen").click()


def _phones(page: Page, inspector: Inspector) -> None:
    page.get_by_role("link", name="Geräte", exact=True).click()
    inspector.look(page, "Geräte", "/geraete")
    page.get_by_role("link", name="Demodaten").first.click()
    page.get_by_label("Bezeichnung").fill("Diensttelefon 1")
    page.get_by_label("Nummer des Diensttelefons").fill("0341 000 12")
    page.get_by_label("Stand der Telefonliste").fill("2026-04-01")
    press(page, "Speichern")
    expect(page.get_by_role("status")).to_have_text("Die Angaben sind gespeichert.")
    inspector.look(page, "Gerät, gespeichert")
    page.get_by_role("link", name="Gerät sperren").click()
    inspector.look(page, "Gerät sperren?", "/sperren")
    press(page, "Gerät sperren")
    expect(page.get_by_role("status")).to_have_text("Das Gerät ist gesperrt.")


def _settings(page: Page, inspector: Inspector) -> None:
    page.get_by_role("link", name="Einstellungen", exact=True).click()
    inspector.look(page, "Einstellungen", "/einstellungen")
    page.get_by_role("link", name="Sperre der App").click()
    page.get_by_label("Wert").fill("0")
    press(page, "Speichern")
    expect(page.get_by_label("Wert")).to_be_focused()
    inspector.look(page, "Einstellung, falsch", "/lock_minutes")
    page.get_by_label("Wert").fill("8")
    press(page, "Speichern")
    expect(page.get_by_role("link", name="Sperre der App: 8 Minuten")).to_be_visible()


def test_an_invitation_from_the_office_leads_into_the_app(
    office: Page, new_phone: Callable[..., Phone]
) -> None:
    office.get_by_role("link", name="Person einladen").click()
    office.get_by_label("Anmeldename").fill("neue.kraft")
    office.get_by_label("Angezeigter Name").fill("Nele Neu")
    office.get_by_role("radio", name="aB-pAp").check()
    press(office, "Einladung erstellen")
    link = office.get_by_label("Einladungslink").input_value()
    page = accept_invitation(new_phone("nele"), link)
    expect(page.get_by_role("button", name="Stimmt überein").first).to_be_visible()
    office.get_by_role("link", name="Zu den Personen").click()
    row = office.get_by_role("link", name="Nele Neu")
    expect(row).to_contain_text("registriert, noch nicht aufgenommen")


def test_a_locked_phone_is_out_at_once(
    office: Page, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    jana = sign_in(new_phone("jana"), "jana.wendlandt", passwords["jana.wendlandt"])
    go(office, "/verwaltung/personen")
    office.get_by_role("link", name="Jana Wendlandt").click()
    office.get_by_role("main").get_by_role("link", name="Linux, Chrome").click()
    office.get_by_role("link", name="Gerät sperren").click()
    press(office, "Gerät sperren")
    expect(office.get_by_text("gesperrt", exact=True)).to_be_visible()
    session = "fetch('/api/session').then((answer) => answer.json())"
    assert jana.evaluate(session)["signed_in"] is False


def test_a_lost_phone_gives_up_its_last_work_and_wipes_itself(
    office: Page,
    demo_server: Server,
    passwords: dict[str, str],
    new_phone: Callable[..., Phone],
) -> None:
    lost, found = new_phone("jana"), new_phone("neu")
    jana = sign_in(lost, JANA, passwords[JANA])
    expect(chip(jana)).to_have_text(SAVED)
    jana.get_by_role("link", name="Fälle").click()
    first = jana.locator("main a[href^='/faelle/0']").first
    case = str(first.get_attribute("href")).rsplit("/", 1)[1]
    demo_server.kill()
    record_contact(jana, case, "Nachricht hinterlassen")
    lost.close()
    demo_server.start()
    _lock_out(office, "Jana Wendlandt")
    expect(office.get_by_text("hat sich noch nicht gemeldet")).to_be_visible()
    cases = office.get_by_role("list", name="Pseudonyme").get_by_role("listitem")
    expect(cases).to_have_count(50)
    page = lost.open("/")
    expect(page.get_by_role("alert")).to_contain_text("Dieses Gerät wurde gesperrt und leert sich")
    databases = "indexedDB.databases().then((all) => all.map(({ name }) => name))"
    assert page.evaluate(databases) == ["zuzweit-phone"]
    inspector = Inspector()
    inspector.look(page, "Gesperrt und geleert")
    office.reload()
    expect(office.get_by_text("hat sich noch nicht gemeldet")).to_have_count(0)
    inspector.look(office, "Gesperrtes Gerät")
    inspector.look_wide(office, "Gesperrtes Gerät")
    again = sign_in(found, JANA, passwords[JANA])
    again.get_by_role("link", name=re.compile("1 Eintrag wartet")).click()
    expect(again.get_by_text("Nachricht hinterlassen")).to_be_visible()
    inspector.look(again, "Später Eintrag eines gesperrten Telefons")
    again.get_by_role("button", name="Übernehmen").click()
    expect(again.get_by_text("Es wartet nichts auf Ihre Entscheidung")).to_be_visible()
    inspector.verdict()


def _lock_out(office: Page, person: str) -> None:
    go(office, "/verwaltung/personen")
    office.get_by_role("link", name=person).click()
    office.get_by_role("main").get_by_role("link", name="Linux, Chrome").first.click()
    office.get_by_role("link", name="Gerät sperren").click()
    press(office, "Gerät sperren")
    expect(office.get_by_role("status")).to_have_text("Das Gerät ist gesperrt.")


def test_for_other_people_there_is_no_such_page(
    passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    page = sign_in(new_phone("jana"), "jana.wendlandt", passwords["jana.wendlandt"])
    go(page, "/verwaltung/personen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Diese Seite gibt es nicht")
    inspector = Inspector()
    inspector.look(page, "Nicht für Sie")
    inspector.verdict()


def test_it_works_without_javascript(office: Page, new_phone: Callable[..., Phone]) -> None:
    unscripted = new_phone("ohne", java_script_enabled=False)
    address = unscripted.server.address
    unscripted.start().context.add_cookies(
        [
            {"name": cookie["name"], "value": cookie["value"], "url": address}
            for cookie in office.context.cookies()
            if "name" in cookie and "value" in cookie
        ]
    )
    page = unscripted.open("/verwaltung/einstellungen/offline_days")
    page.get_by_label("Wert").fill("9")
    press(page, "Speichern")
    expect(page.get_by_role("link", name="Telefon ohne Verbindung: 9 Tage")).to_be_visible()
    page = unscripted.open("/verwaltung/personen/einladen")
    press(page, "Einladung erstellen")
    expect(page.get_by_text("Bitte wählen Sie eine Rolle.")).to_be_visible()


def test_the_first_admin_of_a_new_installation(
    server: Server, new_phone: Callable[..., Phone]
) -> None:
    printed = server.command("init", "--team", "U25", "--name", ADMIN, "--display-name", "Vera W.")
    server.start()
    page = accept_invitation(new_phone(ADMIN), printed)
    page.get_by_role("link", name="Verwaltung öffnen").click()
    expect(page.get_by_role("link", name="Vera W.")).to_be_visible()
    inspector = Inspector()
    for part in ("Geräte", "Protokoll", "Herausgaben", "Zustand"):
        page.get_by_role("link", name=part, exact=True).click()
        inspector.look(page, f"{part}, neu")
    inspector.verdict()
