"""Einstellungen: what is shown, what is refused, and that a change reaches phones and sign-ins."""

import pytest

from server import settings
from server.audit import AuditEntry
from server.membership import make_team
from server.settings import SETTINGS
from tests.unit.server.accounts.office import Colleague, Office
from tests.unit.server.office import dump
from tests.unit.server.office_pages.reading import errors, words

PAGE = "/verwaltung/einstellungen"


def synced(colleague: Colleague, state: str | None = None) -> dict | None:
    """What her phone is told of the team's state; None when nothing is new."""
    body = {
        "protocol": 1,
        "schema": 1,
        "device": colleague.device,
        "now": 0,
        "limit": 0,
        "state": state,
    }
    return colleague.browser.post("/api/sync", body).json.get("state")


def test_every_setting_is_shown_with_meaning_range_and_default(vera: Colleague):
    said = words(vera.browser.get(PAGE))
    for one in SETTINGS.values():
        assert f"{one.title}: {one.shown(one.default)} {one.meaning}" in said
        assert f"Möglich: {one.range} · Vorgabe: {one.shown(one.default)}" in said


def test_one_of_a_thing_has_its_singular():
    assert SETTINGS["lock_minutes"].shown(1) == "1 Minute"
    assert SETTINGS["session_days"].shown(1) == "1 Tag"
    assert SETTINGS["invitation_hours"].shown(2) == "2 Stunden"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_change_is_kept_with_old_and_new_value_and_who(
    office: Office, vera: Colleague, name: str
):
    one = SETTINGS[name]
    for value in (one.least, one.most):
        assert vera.browser.send_form(f"{PAGE}/{name}", value=f" {value} ").status == 302
        assert settings.value(office.team, name) == value
        office.pass_time(minutes=1)
    first, second = AuditEntry.select().where(AuditEntry.subject == name).order_by(AuditEntry.at)
    assert first.detail == f"{one.shown(one.default)} → {one.shown(one.least)}"
    assert second.detail == f"{one.shown(one.least)} → {one.shown(one.most)}"
    assert (first.actor_id, first.kind) == (vera.user, "setting_changed")
    assert "Zuletzt geändert am 28.05.2026, 22:27, Vera" in words(vera.browser.get(PAGE))


@pytest.mark.parametrize(
    "typed", ["", "0", "61", "-1", "5.5", "fünf", "٥", "5\x005", "9" * 5000, "5 6"]
)
def test_an_odd_value_is_answered_in_the_form_and_changes_nothing(vera: Colleague, typed: str):
    before = dump()
    answer = vera.browser.send_form(f"{PAGE}/lock_minutes", value=typed)
    assert answer.status == 422
    assert errors(answer) == ["Bitte geben Sie eine ganze Zahl von 1 bis 60 ein."]
    assert dump() == before


def test_the_same_value_is_no_change(vera: Colleague):
    before = dump()
    assert vera.browser.send_form(f"{PAGE}/lock_minutes", value="5").status == 302
    assert dump() == before


def test_a_setting_nobody_declared_does_not_exist(vera: Colleague):
    assert vera.browser.get(f"{PAGE}/geheim").status == 404
    assert vera.browser.send_form(f"{PAGE}/geheim", value="5").status == 404


def test_phones_learn_a_change_at_their_next_sync(office: Office, vera: Colleague):
    anna = office.colleague("anna")
    told = synced(anna)
    assert told
    assert told["settings"].pop("rescue_key")
    assert told["settings"] == {
        "lock_minutes": 5,
        "offline_days": 7,
        "closed_days": 90,
        "time_zone": "Europe/Berlin",
    }
    assert synced(anna, told["hash"]) is None
    vera.browser.send_form(f"{PAGE}/offline_days", value="3")
    news = synced(anna, told["hash"])
    assert news
    assert news["settings"]["offline_days"] == 3
    # What phones need not know changes nothing for them.
    vera.browser.send_form(f"{PAGE}/invitation_hours", value="1")
    assert synced(anna, news["hash"]) is None


def test_a_shorter_sign_in_holds_at_once(office: Office, vera: Colleague):
    anna = office.colleague("anna")
    office.pass_time(days=2)
    assert vera.sign_in().status == 200
    assert vera.browser.send_form(f"{PAGE}/session_days", value="1").status == 302
    assert not anna.signed_in()
    assert vera.signed_in()


def test_each_team_decides_for_itself(office: Office, vera: Colleague):
    other = make_team("Anderswo", office.now).id
    vera.browser.send_form(f"{PAGE}/lock_minutes", value="9")
    assert settings.value(other, "lock_minutes") == 5
    assert settings.value(office.team, "lock_minutes") == 9


def test_a_stored_value_that_fits_no_more_gives_way_to_the_default(office: Office):
    settings.change(office.team, "lock_minutes", "9", None, now=office.now)
    settings.Setting.update(value="900").execute()
    assert settings.value(office.team, "lock_minutes") == 5
