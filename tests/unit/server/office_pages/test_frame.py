"""The door of the office: who comes in, and what everybody else is told."""

import re
from pathlib import Path

import pytest
from peewee import OperationalError

from tests.unit.server.accounts.office import Colleague, Office
from tests.unit.server.office import dump
from tests.unit.server.office_pages.reading import words

ROOT = Path(__file__).resolve().parents[4]
OFFICE = "/verwaltung/personen"
FORMS = (
    "/verwaltung/personen/einladen",
    "/verwaltung/personen/<user>",
    "/verwaltung/personen/<user>/ruhen",
    "/verwaltung/geraete/<device>",
    "/verwaltung/geraete/<device>/sperren",
    "/verwaltung/einstellungen/lock_minutes",
    "/verwaltung/abmelden",
)


def test_who_is_not_signed_in_is_led_to_the_sign_in(office: Office):
    answer = office.browser().get(OFFICE)
    assert answer.status == 404
    assert "nicht mehr angemeldet" in words(answer)
    assert 'href="/"' in answer.text


@pytest.mark.parametrize("role", ["ab_pap", "deputy", "pap", "team_leader"])
@pytest.mark.parametrize("path", [OFFICE, "/verwaltung/", "/verwaltung/gibt/es/nicht"])
def test_other_roles_see_nothing(office: Office, vera: Colleague, role: str, path: str):
    browser = office.colleague("anna", role).browser
    answer = browser.get(path)
    assert answer.status == 404
    assert words(answer).startswith("Diese Seite gibt es nicht")
    assert answer.text == browser.get("/verwaltung/x").text
    assert answer.text == browser.send_form("/verwaltung/einstellungen/lock_minutes").text
    assert "Verwaltung" not in answer.text
    assert "Lindenau" not in answer.text
    assert vera.name.title() not in answer.text
    assert "<nav" not in answer.text


def test_an_unknown_page_is_no_page_of_the_app(vera: Colleague):
    answer = vera.browser.get("/verwaltung/gibt/es/nicht")
    assert answer.status == 404
    assert words(answer).startswith("Diese Seite gibt es nicht")
    assert vera.browser.get("/verwaltung/abmelden").status == 404


@pytest.mark.parametrize("odd", ["%00", "x", "0" * 31, "0" * 32, "%F0%9F%98%80", "a" * 5000])
@pytest.mark.parametrize(
    "path", ["personen/{}", "personen/{}/ruhen", "geraete/{}", "geraete/{}/sperren"]
)
def test_an_odd_number_is_an_unknown_page(vera: Colleague, path: str, odd: str):
    assert vera.browser.get(f"/verwaltung/{path.format(odd)}").status == 404


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", [None, "", "falsch"])
def test_without_its_token_no_form_counts(
    office: Office, vera: Colleague, path: str, token: str | None
):
    anna = office.colleague("anna")
    there = path.replace("<user>", anna.user).replace("<device>", anna.device)
    fields = {"name": "neu", "display_name": "Neu", "role": "pap", "value": "9", "label": "X"}
    data = fields if token is None else {**fields, "csrf_token": token}
    before = dump()
    answer = vera.browser.client.post(there, data=data)
    assert answer.status_code == 400
    assert "Es wurde nichts geändert." in answer.get_data(as_text=True)
    assert dump() == before


def test_signing_out_ends_the_sign_in(vera: Colleague):
    answer = vera.browser.send_form("/verwaltung/abmelden")
    assert (answer.status, words(answer)[:22]) == (200, "Sie sind abgemeldet Zu")
    assert vera.browser.get(OFFICE).status == 404


def test_an_ended_sign_in_is_told_so_and_not_about_a_token(office: Office, vera: Colleague):
    vera.browser.get(OFFICE)
    office.pass_time(days=31)
    answer = vera.browser.send_form("/verwaltung/einstellungen/lock_minutes", value="9")
    assert answer.status == 404
    assert "nicht mehr angemeldet" in words(answer)


@pytest.mark.parametrize(
    ("problem", "status", "sentence"),
    [
        (OperationalError("geheim"), 503, "ausgelastet"),
        (RuntimeError("geheim"), 500, "Fehler aufgetreten"),
    ],
)
def test_a_fault_is_said_without_its_text(
    vera: Colleague,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    problem: Exception,
    status: int,
    sentence: str,
):
    def fail(*_given: object) -> None:
        raise problem

    monkeypatch.setattr("server.slow_down.refusals", fail)
    answer = vera.browser.get("/verwaltung/zustand")
    assert answer.status == status
    assert sentence in answer.text
    assert "geheim" not in answer.text + caplog.text


def test_a_form_that_is_too_large_is_refused(vera: Colleague):
    answer = vera.browser.send_form("/verwaltung/einstellungen/lock_minutes", value="9" * 2_000_000)
    assert answer.status == 400
    assert words(answer).startswith("Das hat nicht geklappt")


def test_the_pages_hold_no_script_and_no_style(vera: Colleague):
    templates = ROOT / "server" / "office" / "templates"
    pages = list(templates.rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        text = page.read_text()
        assert re.findall(r"<script|<style|\sstyle=|\son\w+=|javascript:", text) == [], page
    answer = vera.browser.get(OFFICE)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'" in policy


def test_the_icons_are_those_of_the_app():
    parts = (ROOT / "server" / "office" / "templates" / "office" / "parts.html").read_text()
    icons = (ROOT / "pwa" / "src" / "ui" / "icons.tsx").read_text()
    drawn = re.findall(r'\bd="([^"]+)"', parts)
    assert len(drawn) > 10
    assert [path for path in drawn if f'"{path}"' not in icons] == []


def test_the_style_sheet_is_asked_for_anew_and_answered_briefly(office: Office):
    client = office.app.test_client()
    first = client.get("/verwaltung/office.css")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/verwaltung/office.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
