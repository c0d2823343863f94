"""Signing in and out: who gets in, what the cookie is, and that ending it works at once."""

from collections.abc import Callable

import pytest

from server.access import RENEWAL_MS
from server.accounts import Device, LoginSession, User
from server.ids import new_id
from server.sign_in import key_matches
from tests.unit.server.accounts.office import START, Office

WRONG_KEY = "A" * 43


def test_nobody_is_signed_in_at_first(office: Office):
    answer = office.browser().get("/api/session")
    assert answer.status == 200
    assert answer.json.keys() == {"csrf", "signed_in"}
    assert answer.json["signed_in"] is False


def test_the_right_key_signs_in_whatever_the_capitals(office: Office):
    anna = office.colleague("anna")
    fresh = office.browser()
    answer = anna.sign_in(fresh, name=" Anna ")
    assert answer.status == 200
    assert answer.json["profile"] == anna.profile
    assert fresh.get("/api/session").json["profile"] == anna.profile


def test_the_profile_is_the_protocols(office: Office):
    profile = office.colleague("anna").profile
    assert profile.keys() == {
        "user", "name", "display_name", "role", "team", "team_name", "device", "admitted",
        "salt", "opslimit", "memlimit", "wrapped_seed", "box_public", "sign_public",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["anna", "niemand"])
def test_a_wrong_key_and_an_unknown_name_get_the_same_answer(office: Office, name: str):
    anna = office.colleague("anna")
    answer = anna.sign_in(office.browser(), name=name, login_key=WRONG_KEY)
    assert (answer.status, answer.code) == (401, "wrong_sign_in")
    assert answer.json["field"] is None


def test_unknown_names_have_steady_parameters_of_the_same_shape(office: Office):
    anna = office.colleague("anna")
    office.invite("berta")

    def parameters(name: str) -> dict[str, object]:
        answer = office.browser().post("/api/login/parameters", {"name": name})
        assert answer.status == 200
        return answer.json

    known, unknown, invited = parameters("Anna"), parameters("niemand"), parameters("berta")
    assert known == {key: anna.profile[key] for key in ("salt", "opslimit", "memlimit")}
    assert unknown == parameters("Niemand")
    assert unknown["salt"] != parameters("jemand")["salt"]
    for invented in (unknown, invited):
        assert invented.keys() == known.keys()
        assert len(str(invented["salt"])) == len(str(known["salt"]))
        assert (invented["opslimit"], invented["memlimit"]) == (3, 64 * 1024 * 1024)


def test_the_server_keeps_argon2id_of_the_login_key(office: Office):
    anna = office.colleague("anna")
    stored = office.user(anna).password_hash or ""
    assert stored.startswith("$argon2id$")
    assert anna.login_key not in stored


def test_signing_in_again_in_place_keeps_the_phone(office: Office):
    anna = office.colleague("anna")
    before = anna.browser.get("/api/session").json["profile"]["device"]
    assert anna.sign_in().status == 200
    assert anna.profile["device"] == before
    assert Device.select().count() == 1
    assert LoginSession.select().where(LoginSession.revoked_at.is_null()).count() == 1


def test_a_second_phone_leaves_the_first_signed_in(office: Office):
    anna = office.colleague("anna")
    second = office.browser()
    device = {"id": new_id(START), "label": "Zweites"}
    assert anna.sign_in(second, device=device).status == 200
    assert anna.signed_in()
    assert second.get("/api/session").json["signed_in"]


def test_somebody_elses_phone_number_is_refused(office: Office):
    anna, berta = office.colleague("anna"), office.colleague("berta")
    answer = berta.sign_in(device={"id": anna.device, "label": "x"})
    assert (answer.status, answer.code, answer.json["field"]) == (409, "device_taken", "device.id")


def test_signing_out_ends_the_session_for_good(office: Office):
    anna = office.colleague("anna")
    cookie = anna.browser.client.get_cookie("zuzweit")
    assert cookie is not None
    assert anna.browser.post("/api/logout", {}).status == 200
    assert not anna.signed_in()
    stolen = office.browser()
    stolen.client.set_cookie("zuzweit", cookie.value)
    assert stolen.get("/api/session").json["signed_in"] is False


def end_session(_anna: str, device: str) -> None:
    LoginSession.update(revoked_at=START).where(LoginSession.device == device).execute()


def revoke_device(_anna: str, device: str) -> None:
    Device.update(revoked_at=START).where(Device.id == device).execute()


def disable_account(anna: str, _device: str) -> None:
    User.update(disabled_at=START).where(User.id == anna).execute()


@pytest.mark.parametrize(
    ("revoke", "told"),
    [
        (end_session, (401, "sign_in_needed")),
        (revoke_device, (403, "device_locked")),
        (disable_account, (401, "sign_in_needed")),
    ],
)
def test_revoking_works_at_the_next_request(
    office: Office, revoke: Callable[[str, str], None], told: tuple[int, str]
):
    anna = office.colleague("anna")
    assert anna.browser.post("/api/devices", {"id": anna.device, "label": "x"}).status == 200
    revoke(anna.user, anna.device)
    answer = anna.browser.post("/api/devices", {"id": anna.device, "label": "x"})
    assert (answer.status, answer.code) == told


def test_a_revoked_phone_cannot_sign_in_again(office: Office):
    anna = office.colleague("anna")
    revoke_device(anna.user, anna.device)
    answer = anna.sign_in()
    assert (answer.status, answer.code) == (403, "device_locked")


def test_a_disabled_account_is_like_no_account(office: Office):
    anna = office.colleague("anna")
    disable_account(anna.user, anna.device)
    assert anna.sign_in().code == "wrong_sign_in"
    salt = office.browser().post("/api/login/parameters", {"name": "anna"}).json["salt"]
    assert salt != anna.profile["salt"]


def test_a_session_ends_after_its_days_without_contact(office: Office):
    anna = office.colleague("anna")
    for _ in range(3):
        office.pass_time(days=29)
        assert anna.signed_in()
    office.pass_time(days=31)
    answer = anna.browser.post("/api/devices", {"id": anna.device, "label": "x"})
    assert (answer.status, answer.code) == (401, "sign_in_needed")


def test_a_session_is_written_at_most_every_ten_minutes(office: Office):
    anna = office.colleague("anna")

    def last() -> tuple[int, int]:
        session, device = LoginSession.get(), Device.get()
        return session.last_seen, device.last_contact

    office.now += RENEWAL_MS
    answer = anna.browser.get("/api/session")
    assert last() == (START, START)
    assert "Set-Cookie" not in answer.headers
    office.now += 1
    answer = anna.browser.get("/api/session")
    assert last() == (office.now, office.now)
    assert "Set-Cookie" in answer.headers


def test_a_cloned_phone_moves_to_a_new_number(office: Office):
    anna = office.colleague("anna")
    number = new_id(START + 1)
    answer = anna.browser.post("/api/devices", {"id": number, "label": "Diensthandy"})
    assert answer.status == 200
    assert answer.json["profile"] == {**anna.profile, "device": number}
    again = anna.browser.post("/api/devices", {"id": number, "label": "Diensthandy"})
    assert again.json["profile"]["device"] == number
    assert Device.select().count() == 2


def test_the_token_of_the_session_before_does_not_work_afterwards(office: Office):
    anna = office.colleague("anna")
    before = anna.browser.token
    assert anna.sign_in().status == 200
    assert anna.browser.token != before
    anna.browser.token = before
    assert anna.browser.post("/api/logout", {}).code == "csrf"


def test_signing_in_needs_the_token_too(office: Office):
    anna = office.colleague("anna")
    body = {"name": "anna", "login_key": anna.login_key, "device": {"id": anna.device, "label": ""}}
    answer = office.app.test_client().post("/api/login", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "csrf")


def test_the_cookie_on_this_machine_alone(office: Office):
    cookie = office.browser().get("/api/session").headers["Set-Cookie"]
    assert cookie.startswith("zuzweit=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_the_cookie_over_https(open_office: Callable[..., Office]):
    office = open_office(address="https://zuzweit.example")
    cookie = office.browser().get("/api/session").headers["Set-Cookie"]
    assert cookie.startswith("__Host-zuzweit=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("referer", "status"),
    [
        ("https://zuzweit.example/faelle", 401),
        ("https://boese.example/", 400),
        (None, 400),
    ],
)
def test_over_https_the_referer_must_be_ours(
    open_office: Callable[..., Office], referer: str | None, status: int
):
    office = open_office(address="https://zuzweit.example", trusted_proxies=1)
    browser = office.browser()
    proxy = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "zuzweit.example"}
    asked = browser.client.get("/api/session", base_url="https://zuzweit.example", headers=proxy)
    headers = {**proxy, "X-CSRFToken": asked.get_json()["csrf"]}
    if referer:
        headers["Referer"] = referer
    answer = browser.client.post(
        "/api/login",
        base_url="https://zuzweit.example",
        json={
            "name": "niemand",
            "login_key": WRONG_KEY,
            "device": {"id": new_id(START), "label": ""},
        },
        headers=headers,
    )
    assert answer.status_code == status


def test_a_session_outlives_a_restart(office: Office):
    anna = office.colleague("anna")
    cookie = anna.browser.client.get_cookie("zuzweit")
    assert cookie is not None
    office.restart()
    browser = office.browser()
    browser.client.set_cookie("zuzweit", cookie.value)
    assert browser.get("/api/session").json["signed_in"]


@pytest.mark.parametrize("name", ["anna", "niemand", "berta"])
def test_every_try_costs_one_check_of_the_key(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str
):
    anna = office.colleague("anna")
    office.invite("berta")
    checked: list[str] = []

    def count(stored: str, login_key: str) -> bool:
        checked.append(stored)
        return key_matches(stored, login_key)

    monkeypatch.setattr("server.sign_in.key_matches", count)
    assert anna.sign_in(office.browser(), name=name, login_key=WRONG_KEY).status == 401
    assert len(checked) == 1
    cost = checked[0].split("$")[3]
    assert cost == (office.user(anna).password_hash or "").split("$")[3]
