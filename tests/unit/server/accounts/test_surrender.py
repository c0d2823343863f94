"""How a phone that is locked out is known, and what its cookie is still good for."""

from typing import Any

import pytest

from server import access, devices
from server.accounts import Device, LoginSession, User
from tests.unit.server.accounts.office import START, Answer, Colleague, Office


@pytest.fixture
def anna(office: Office) -> Colleague:
    """Somebody whose phone has just been locked out."""
    anna = office.colleague("anna")
    assert devices.lock_out(anna.device, None, now=office.now)
    return anna


def give_up(colleague: Colleague, **changes: Any) -> Answer:
    body = {"protocol": 1, "schema": 1, "device": colleague.device, "now": START, "limit": 0}
    return colleague.browser.post("/api/surrender", {**body, **changes})


def surrendered(colleague: Colleague) -> bool:
    return Device.get_by_id(colleague.device).surrendered_at is not None


def test_it_hears_that_it_is_locked_and_may_only_give_up(anna: Colleague):
    told = anna.browser.get("/api/session").json
    assert (told["signed_in"], told["locked"], "profile" in told) == (False, True, False)
    sync = anna.browser.post("/api/sync", {})
    assert (sync.status, sync.code) == (403, "device_locked")
    answer = give_up(anna)
    assert (answer.status, answer.json) == (200, {"verdicts": []})
    assert surrendered(anna)
    assert anna.browser.get("/api/session").json.get("locked") is None
    assert give_up(anna).code == "sign_in_needed"


def test_a_lost_reply_is_given_again(anna: Colleague):
    cookie = anna.browser.client.get_cookie("zuzweit")
    assert cookie is not None
    assert give_up(anna).status == 200
    anna.browser.client.set_cookie("zuzweit", cookie.value)
    anna.browser.token = ""
    assert anna.browser.get("/api/session").json["locked"] is True
    assert give_up(anna).status == 200


def test_nobody_else_can_give_up(office: Office, anna: Colleague):
    berta = office.colleague("berta")
    assert give_up(berta).code == "sign_in_needed"
    berta.device = anna.device
    assert give_up(berta).code == "sign_in_needed"
    assert give_up(anna, device="0" * 32).code == "wrong_device"
    assert not surrendered(anna)


def test_it_is_known_long_after_its_sign_in_would_have_ended(office: Office, anna: Colleague):
    office.pass_time(days=200)
    access.remove_ended_sessions(office.now)
    assert anna.browser.get("/api/session").json["locked"] is True
    office.pass_time(days=200)
    access.remove_ended_sessions(office.now)
    assert LoginSession.select().count() == 0


def test_without_its_cookie_the_right_password_makes_it_known_again(anna: Colleague):
    LoginSession.delete().execute()
    assert "locked" not in anna.browser.get("/api/session").json
    assert anna.sign_in(login_key="A" * 43).code == "wrong_sign_in"
    assert "locked" not in anna.browser.get("/api/session").json
    assert anna.sign_in().code == "device_locked"
    assert anna.browser.get("/api/session").json["locked"] is True
    assert give_up(anna).status == 200
    anna.browser.token = ""
    # It gave up everything, was killed before it heard so, and its cookie went with the browser.
    assert anna.sign_in().code == "device_locked"
    assert anna.browser.get("/api/session").json["locked"] is True
    assert give_up(anna).json == {"verdicts": []}


def test_a_resting_accounts_phone_gives_up_too(office: Office, anna: Colleague):
    User.update(disabled_at=office.now).where(User.id == anna.user).execute()
    assert give_up(anna).status == 200
    assert surrendered(anna)


def test_without_a_token_nothing_is_given_up(anna: Colleague):
    answer = anna.browser.client.post("/api/surrender", json={})
    assert answer.status_code == 400
    assert not surrendered(anna)
