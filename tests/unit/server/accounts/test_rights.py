"""Every route and every kind of caller: who must see nothing sees nothing."""

from collections.abc import Callable

import pytest

from server.accounts import Device, LoginSession
from server.sealing import TeamKey
from tests.unit.server.accounts.office import START, Browser, Colleague, Office
from tests.unit.server.accounts.test_answers import routes

OPEN = {
    ("GET", "/api/session"),
    ("POST", "/api/login/parameters"),
    ("POST", "/api/login"),
    ("POST", "/api/logout"),
    ("POST", "/api/invitation/open"),
    ("POST", "/api/invitation/accept"),
    ("GET", "/health"),
    ("GET", "/healthz"),
    ("GET", "/verwaltung/office.css"),
}
ROW = "0" * 32


def stranger(office: Office) -> Browser:
    return office.browser()


def signed_out(office: Office) -> Browser:
    anna = office.colleague("anna")
    anna.browser.post("/api/logout", {})
    return anna.browser


def expired(office: Office) -> Browser:
    anna = office.colleague("anna")
    office.pass_time(days=31)
    return anna.browser


def revoked(office: Office) -> Browser:
    anna = office.colleague("anna")
    Device.update(revoked_at=START).execute()
    return anna.browser


def ended(office: Office) -> Browser:
    anna = office.colleague("anna")
    LoginSession.delete().execute()
    return anna.browser


def forged(office: Office) -> Browser:
    """A cookie signed with another installation's key."""
    anna = office.colleague("anna")
    cookie = anna.browser.client.get_cookie("zuzweit")
    assert cookie is not None
    office.app.secret_key = "another"
    return anna.browser


@pytest.mark.parametrize("who", [stranger, signed_out, expired, ended, forged])
def test_without_a_living_sign_in_every_route_says_the_same(
    office: Office, who: Callable[[Office], Browser]
):
    browser = who(office)
    closed = [
        (method, path)
        for method, path in routes(office.app)
        if (method, path) not in OPEN and not path.startswith("/verwaltung")
    ]
    assert len(closed) >= 5
    for method, path in closed:
        answer = browser.client.open(path, method=method, json={})
        assert (answer.status_code, answer.json) == (
            401,
            {
                "code": "sign_in_needed",
                "field": None,
                "message": "Bitte melden Sie sich neu an. Ihre Einträge bleiben auf diesem "
                "Telefon gespeichert.",
            },
        ), path


def test_a_phone_that_is_locked_out_is_told_so_by_every_route(office: Office):
    browser = revoked(office)
    own = {*OPEN, ("POST", "/api/surrender")}
    closed = [
        (method, path)
        for method, path in routes(office.app)
        if (method, path) not in own and not path.startswith("/verwaltung")
    ]
    assert len(closed) >= 5
    for method, path in closed:
        answer = browser.client.open(path, method=method, json={})
        assert answer.status_code == 403
        assert answer.json is not None
        assert answer.json["code"] == "device_locked", path


@pytest.mark.parametrize("who", [stranger, signed_out, expired, revoked, ended, forged])
def test_without_a_living_sign_in_every_page_of_the_office_says_the_same(
    office: Office, who: Callable[[Office], Browser]
):
    browser = who(office)
    pages = [
        (method, path)
        for method, path in routes(office.app)
        if path.startswith("/verwaltung") and (method, path) not in OPEN
    ]
    assert len(pages) >= 20
    answers = [browser.client.open(path, method=method) for method, path in pages]
    assert {answer.status_code for answer in answers} == {404}
    [text] = {answer.get_data(as_text=True) for answer in answers}
    assert "Diese Seite gibt es nicht" in text


def test_the_open_routes_are_the_ones_listed(office: Office):
    assert set(routes(office.app)) >= OPEN
    for method, path in OPEN:
        assert office.app.test_client().open(path, method=method).status_code in {200, 400}


def pull(browser: Browser, device: str) -> dict:
    body = {"protocol": 1, "schema": 1, "device": device, "now": START, "limit": 500}
    answer = browser.post("/api/sync", body)
    assert answer.status == 200, answer
    return answer.json


@pytest.mark.parametrize("role", ["ab_pap", "deputy", "pap", "team_leader", "admin"])
def test_a_newcomer_sees_her_colleagues_and_nothing_else(office: Office, role: str):
    anna = office.colleague("anna")
    assert anna.found_team().status == 200
    newcomer = office.colleague("berta", role)
    answer = pull(newcomer.browser, newcomer.device)
    assert (answer["rows"], answer["envelopes"]) == ([], [])
    assert answer["scope"]["team"] is None
    assert {member["user"] for member in answer["state"]["members"]} == {anna.user, newcomer.user}


@pytest.mark.parametrize("role", ["deputy", "pap", "team_leader", "admin"])
def test_other_roles_get_no_key_when_admitted(office: Office, role: str):
    anna = office.colleague("anna")
    anna.found_team()
    member = office.colleague("berta", role)
    assert anna.vouch_for(member).status == 200
    assert pull(member.browser, member.device)["envelopes"] == []


def test_an_admitted_ab_pap_gets_her_key(office: Office):
    anna = office.colleague("anna")
    key = TeamKey.new(office.team)
    anna.browser.post("/api/epochs", anna.epoch(key))
    [envelope] = pull(anna.browser, anna.device)["envelopes"]
    assert (envelope["key_id"], envelope["reader"]) == (key.id, anna.user)


def test_a_phone_speaks_for_itself_only(office: Office):
    anna, berta = office.colleague("anna"), office.colleague("berta")
    body = {"protocol": 1, "schema": 1, "device": berta.device, "now": START, "limit": 500}
    answer = anna.browser.post("/api/sync", body)
    assert (answer.status, answer.code) == (409, "wrong_device")


def test_two_people_on_one_browser_do_not_mix(office: Office):
    anna: Colleague = office.colleague("anna")
    berta = office.colleague("berta")
    assert berta.sign_in(anna.browser).status == 200
    assert anna.browser.get("/api/session").json["profile"]["user"] == berta.user
    assert LoginSession.get(LoginSession.user == anna.user).revoked_at is not None
