"""Protokoll: pages, the filter by person, what never stands there."""

import pytest

from server import audit, people
from server.audit import PAGE_LENGTH, AuditEntry
from server.membership import make_team
from tests.unit.server.accounts.office import Colleague, Office
from tests.unit.server.office_pages.reading import words

LOG = "/verwaltung/protokoll"


def fill(office: Office, count: int) -> None:
    """Lines to leaf through, each a second after the other."""
    for number in range(count):
        audit.record(
            office.team, None, "setting_changed", "lock_minutes", f"Zeile {number}.",
            now=office.now + number * 1000,
        )  # fmt: skip


def test_the_newest_stands_first_and_pages_lead_on(office: Office, vera: Colleague):
    AuditEntry.delete().execute()
    fill(office, 2 * PAGE_LENGTH + 1)
    first, last = vera.browser.get(LOG), vera.browser.get(f"{LOG}?seite=3")
    assert words(first).index("Zeile 100.") < words(first).index("Zeile 51.")
    assert "Zeile 50." not in words(first)
    assert "Seite 1 von 3 Ältere" in words(first)
    assert "Zeile 0." in words(last)
    assert "Neuere Seite 3 von 3" in words(last)
    assert "Ältere" not in words(last)


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "", "9" * 400, "\x00"])
def test_an_odd_page_is_the_nearest_there_is(office: Office, vera: Colleague, page: str):
    fill(office, 1)
    answer = vera.browser.get(LOG, query_string={"seite": page})
    assert answer.status == 200
    assert "Zeile 0." in words(answer)


def test_the_filter_shows_what_she_did_and_what_concerns_her(office: Office, vera: Colleague):
    anna, berta = office.colleague("anna"), office.colleague("berta")
    form = vera.browser.send_form
    assert form(f"/verwaltung/personen/{anna.user}", display_name="Anna Neu").status == 302
    assert form(f"/verwaltung/geraete/{anna.device}", label="Telefon A").status == 302
    assert form(f"/verwaltung/geraete/{berta.device}", label="Telefon B").status == 302
    about_anna = words(vera.browser.get(f"{LOG}?person={anna.user}"))
    assert "Angezeigter Name geändert: Anna Neu „Anna“ → „Anna Neu“" in about_anna
    assert "Geräteangaben geändert: Gerät von Anna Neu" in about_anna
    assert "Telefon B" not in about_anna
    by_vera = words(vera.browser.get(f"{LOG}?person={vera.user}"))
    assert "Telefon A" in by_vera
    assert "Telefon B" in by_vera


def test_a_person_who_is_none_filters_nothing_and_a_foreign_one_does_not_exist(
    office: Office, vera: Colleague
):
    assert "Vera" in words(vera.browser.get(LOG, query_string={"person": "\x00"}))
    other = office.colleague("fremde", team=make_team("Anderswo", office.now).id)
    assert vera.browser.get(f"{LOG}?person={other.user}").status == 404
    assert "Fremde" not in vera.browser.get(LOG).text


def test_without_a_line_it_says_so(vera: Colleague):
    AuditEntry.delete().execute()
    assert "Noch keine Zeile" in words(vera.browser.get(LOG))


def test_the_command_line_is_named_as_such(office: Office, vera: Colleague):
    anna = office.colleague("anna")
    people.rest(anna.user, None, now=office.now)
    said = words(vera.browser.get(f"{LOG}?person={anna.user}"))
    assert "Konto ruhen gelassen: Anna 28.05.2026, 22:26, Kommandozeile" in said
    assert "Person eingeladen: Anna Als aB-pAp 28.05.2026, 22:26, Kommandozeile" in said


def test_a_deed_nobody_declared_is_a_programming_error(office: Office):
    with pytest.raises(KeyError):
        audit.record(office.team, None, "made_up", "", "", now=office.now)
