"""Geräte: the list, what is kept about a phone, and locking one out."""

import pytest

from server.accounts import Device
from server.audit import AuditEntry
from server.devices import LABEL_MOST, NUMBER_MOST
from server.membership import make_team
from tests.unit.server.accounts.office import Colleague, Office
from tests.unit.server.office import dump
from tests.unit.server.office_pages.reading import errors, words

DEVICES = "/verwaltung/geraete"
KNOWN = {"label": "Diensttelefon 1", "number": "0341 000 12", "listed_on": "2026-04-01"}


@pytest.fixture
def anna(office: Office) -> Colleague:
    return office.colleague("anna")


def test_every_phone_stands_below_its_owner(vera: Colleague, anna: Colleague):
    said = words(vera.browser.get(DEVICES))
    assert "Vera Diensthandy in Gebrauch Letzter Kontakt: 28.05.2026, 22:26" in said
    assert said.index(anna.name.title()) < said.index("Vera")


def test_what_is_kept_and_that_every_change_is_written_down(vera: Colleague, anna: Colleague):
    path = f"{DEVICES}/{anna.device}"
    assert vera.browser.send_form(path, **KNOWN).status == 302
    assert "Die Angaben sind gespeichert." in words(vera.browser.get(path))
    said = words(vera.browser.get(DEVICES))
    assert "Diensttelefon 1 Nummer 0341 000 12 Stand der Telefonliste: 01.04.2026" in said
    later = {**KNOWN, "number": "", "listed_on": "2026-05-01"}
    assert vera.browser.send_form(path, **later).status == 302
    first, second = (
        AuditEntry.select().where(AuditEntry.kind == "device_changed").order_by(AuditEntry.detail)
    )
    assert first.detail == (
        "Bezeichnung: Diensthandy → Diensttelefon 1; Nummer: – → 0341 000 12; Stand: – → 2026-04-01"
    )
    assert second.detail == "Nummer: 0341 000 12 → –; Stand: 2026-04-01 → 2026-05-01"
    before = dump()
    assert vera.browser.send_form(path, **later).status == 302
    assert dump() == before


def test_the_label_outlives_the_next_sign_in(vera: Colleague, anna: Colleague):
    vera.browser.send_form(f"{DEVICES}/{anna.device}", **KNOWN)
    assert anna.sign_in().status == 200
    assert Device.get_by_id(anna.device).label == "Diensttelefon 1"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"label": "x" * (LABEL_MOST + 1)}, f"höchstens {LABEL_MOST} Zeichen"),
        ({"label": "a\x00b"}, f"höchstens {LABEL_MOST} Zeichen"),
        ({"number": "1" * (NUMBER_MOST + 1)}, f"höchstens {NUMBER_MOST} Zeichen"),
        ({"number": "1\n2"}, f"höchstens {NUMBER_MOST} Zeichen"),
        ({"listed_on": "2026-02-30"}, "einen Tag an, den es gibt"),
        ({"listed_on": "gestern"}, "einen Tag an, den es gibt"),
    ],
)
def test_odd_input_is_answered_in_the_form_and_changes_nothing(
    vera: Colleague, anna: Colleague, changes: dict[str, str], complaint: str
):
    before = dump()
    answer = vera.browser.send_form(f"{DEVICES}/{anna.device}", **{**KNOWN, **changes})
    assert answer.status == 422
    [said] = errors(answer)
    assert complaint in said
    assert dump() == before


def test_a_locked_phone_is_out_at_once(vera: Colleague, anna: Colleague):
    path = f"{DEVICES}/{anna.device}"
    assert "Gerät sperren?" in words(vera.browser.get(f"{path}/sperren"))
    assert anna.signed_in()
    assert vera.browser.send_form(f"{path}/sperren").status == 302
    assert not anna.signed_in()
    assert anna.sign_in().code == "device_locked"
    assert "gesperrt" in words(vera.browser.get(path))
    assert vera.browser.send_form(f"{path}/sperren").status == 404
    line = AuditEntry.get(AuditEntry.kind == "device_revoked")
    assert (line.actor_id, line.subject) == (vera.user, anna.device)
    assert line.detail == "Diensthandy; Fälle darauf: keine"
    log = vera.browser.get("/verwaltung/protokoll")
    assert "Gerät gesperrt: Gerät von Anna" in words(log)
    assert f'href="{path}">Fälle beim Gerät ansehen' in log.text


def test_ones_own_phone_is_warned_about(vera: Colleague):
    path = f"{DEVICES}/{vera.device}/sperren"
    assert "An diesem Gerät arbeiten Sie gerade." in words(vera.browser.get(path))
    assert vera.browser.send_form(path).status == 302
    assert vera.browser.get(DEVICES).status == 404


def test_another_teams_phone_does_not_exist(office: Office, vera: Colleague):
    other = office.colleague("fremde", team=make_team("Anderswo", office.now).id)
    assert "Fremde" not in vera.browser.get(DEVICES).text
    before = dump()
    for path in (f"{DEVICES}/{other.device}", f"{DEVICES}/{other.device}/sperren"):
        assert vera.browser.get(path).status == 404
        assert vera.browser.send_form(path, **KNOWN).status == 404
    assert dump() == before
