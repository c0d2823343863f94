"""Herausgaben: what was handed to whom, by pseudonym and name."""

import pytest

from tests.unit.server.accounts.office import Colleague, Office
from tests.unit.server.office_pages.reading import words

HANDED = "/verwaltung/herausgaben"


def test_nothing_has_been_handed_out_yet(vera: Colleague):
    assert "Noch nichts herausgegeben" in words(vera.browser.get(HANDED))


def test_admissions_say_who_took_whom_in(office: Office, vera: Colleague):
    anna, berta = office.colleague("anna"), office.colleague("berta")
    dora = office.colleague("dora", "deputy")
    assert anna.found_team().status == 200
    for newcomer in (berta, dora):
        assert anna.vouch_for(newcomer).status == 200
    said = words(vera.browser.get(HANDED))
    assert "Alle Fälle des Teams: Berta Aufgenommen als aB-pAp" in said
    assert "Mitgliedschaft, keine Fälle: Dora Aufgenommen als Vertretung" in said
    assert said.count(", Anna") == 2
    only = words(vera.browser.get(f"{HANDED}?person={dora.user}"))
    assert "Dora Aufgenommen" in only
    assert "Berta Aufgenommen" not in only


@pytest.mark.parametrize("number", ["0", "99", "x", "9" * 9])
def test_an_odd_page_is_one_of_those_there_are(vera: Colleague, number: str):
    assert vera.browser.get(f"{HANDED}?seite={number}").status == 200
