"""Another password: proven by the old one, swapped in one go, and the end of all other sign-ins."""

import secrets
import threading
from typing import Any

import pytest

from server.accounts import LoginSession, User
from server.db import close_connection
from server.sealing import to_base64url
from server.slow_down import FREE_FAILURES
from tests.unit.server.accounts.office import Answer, Browser, Colleague, Office

KEPT = ("password_hash", "wrapped_seed", "salt", "opslimit", "memlimit")
SECOND_PHONE = {"id": "e" * 32, "label": "Zweites Telefon"}


def change(anna: Colleague, **changes: Any) -> dict[str, Any]:
    """The body of `POST /api/password`."""
    return {
        "old_login_key": anna.login_key,
        "salt": to_base64url(secrets.token_bytes(16)),
        "opslimit": 3,
        "memlimit": 64 * 1024 * 1024,
        "login_key": to_base64url(secrets.token_bytes(32)),
        "wrapped_seed": to_base64url(secrets.token_bytes(72)),
        **changes,
    }


def stored(anna: Colleague) -> dict[str, Any]:
    user = User.get_by_id(anna.user)
    return {name: getattr(user, name) for name in KEPT}


def send(anna: Colleague, body: dict[str, Any]) -> Answer:
    return anna.browser.post("/api/password", body)


def test_both_are_swapped_and_only_the_new_password_signs_in(office: Office):
    anna = office.colleague("anna")
    body = change(anna)
    answer = send(anna, body)
    assert answer.status == 200
    told = {name: answer.json["profile"][name] for name in KEPT[1:]}
    assert told == {name: body[name] for name in KEPT[1:]}
    assert anna.sign_in(office.browser(), device=SECOND_PHONE).code == "wrong_sign_in"
    anna.login_key = body["login_key"]
    assert anna.sign_in(office.browser(), device=SECOND_PHONE).status == 200
    parameters = office.browser().post("/api/login/parameters", {"name": "anna"}).json
    assert parameters["salt"] == body["salt"]


def test_every_other_sign_in_of_hers_ends_and_nobody_elses(office: Office):
    anna, berta = office.colleague("anna"), office.colleague("berta")
    second = office.browser()
    assert anna.sign_in(second, device=SECOND_PHONE).status == 200
    assert send(anna, change(anna)).status == 200
    assert second.get("/api/session").json["signed_in"] is False
    assert anna.signed_in()
    assert berta.signed_in()
    assert LoginSession.select().where(LoginSession.revoked_at.is_null()).count() == 2


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"old_login_key": "A" * 43}, 401, "wrong_sign_in", "old_login_key"),
        ({"opslimit": 2}, 400, "weak_parameters", None),
        ({"memlimit": 1024}, 400, "weak_parameters", None),
        ({"opslimit": 11}, 400, "invalid", "opslimit"),
        ({"wrapped_seed": "A" * 95}, 400, "invalid", "wrapped_seed"),
        ({"salt": "+" * 22}, 400, "invalid", "salt"),
        ({"box_public": "A" * 43}, 400, "invalid", "box_public"),
    ],
)
def test_what_does_not_hold_changes_nothing(
    office: Office, changes: dict[str, Any], status: int, code: str, field: str | None
):
    anna = office.colleague("anna")
    second = office.browser()
    assert anna.sign_in(second, device=SECOND_PHONE).status == 200
    before = stored(anna)
    answer = send(anna, change(anna, **changes))
    assert (answer.status, answer.code, answer.json["field"]) == (status, code, field)
    assert stored(anna) == before
    assert second.get("/api/session").json["signed_in"] is True


def test_the_same_request_again_is_answered_alike(office: Office):
    anna = office.colleague("anna")
    body = change(anna)
    first, again = send(anna, body), send(anna, body)
    assert (again.status, again.json) == (200, first.json)
    assert send(anna, change(anna)).code == "wrong_sign_in"


def test_without_the_token_nothing_happens(office: Office):
    anna = office.colleague("anna")
    before = stored(anna)
    anna.browser.token = "wrong"
    assert send(anna, change(anna)).code == "csrf"
    assert stored(anna) == before


def test_guessing_the_old_password_is_slowed_down(office: Office):
    anna = office.colleague("anna")
    free = FREE_FAILURES["device"]
    wrong = change(anna, old_login_key="A" * 43)
    assert [send(anna, wrong).code for _ in range(free)] == ["wrong_sign_in"] * free
    assert send(anna, change(anna)).code == "too_many_attempts"
    office.pass_time(seconds=1)
    assert send(anna, change(anna)).status == 200


def test_of_two_phones_at_once_one_wins_and_stays(office: Office):
    anna = office.colleague("anna")
    browsers: list[Browser] = [anna.browser, office.browser()]
    assert anna.sign_in(browsers[1], device=SECOND_PHONE).status == 200
    bodies = [change(anna), change(anna)]
    barrier = threading.Barrier(2)
    codes: list[str | None] = ["", ""]

    def run(which: int) -> None:
        barrier.wait()
        codes[which] = browsers[which].post("/api/password", bodies[which]).code
        close_connection()

    threads = [threading.Thread(target=run, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = codes.index(None)
    assert codes[1 - won] in {"password_changed", "wrong_sign_in", "sign_in_needed"}
    assert stored(anna)["wrapped_seed"] == bodies[won]["wrapped_seed"]
    assert browsers[won].get("/api/session").json["signed_in"] is True
    assert browsers[1 - won].get("/api/session").json["signed_in"] is False
