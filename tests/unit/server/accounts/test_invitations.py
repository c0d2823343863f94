"""Invitations: one use, expiring, and never saying more than that they do not work."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from server.accounts import Device, Invitation, User
from server.db import close_connection
from server.instants import instant
from server.invitations import invite, remove_dead
from server.membership import make_team
from server.people import PersonProblem
from server.sealing import TeamKey, close_team_key
from tests.unit.server.accounts.office import START, Answer, Colleague, Office


def opened(office: Office, token: str) -> Answer:
    return office.browser().post("/api/invitation/open", {"token": token})


def test_an_invitation_shows_who_is_meant(office: Office):
    anna = office.invite("anna")
    answer = opened(office, anna.token)
    assert answer.status == 200
    assert answer.json == {
        "user": anna.user,
        "name": "anna",
        "display_name": "Anna",
        "role": "ab_pap",
        "team": office.team,
        "team_name": "U25 Lindenau",
        "expires": "2026-05-31T20:26:40Z",
    }


def test_the_database_does_not_hold_the_token(office: Office):
    anna = office.invite("anna")
    assert len(anna.token) == 43  # 256 bits
    assert Invitation.get().token_hash != anna.token


def test_accepting_signs_in_and_stores_the_closed_keys(office: Office):
    anna = office.invite("anna")
    body = anna.acceptance()
    answer = anna.browser.post("/api/invitation/accept", body)
    assert answer.status == 200
    profile = answer.json["profile"]
    for name in ("salt", "opslimit", "memlimit", "wrapped_seed", "box_public", "sign_public"):
        assert profile[name] == body[name]
    assert (profile["user"], profile["admitted"]) == (anna.user, False)
    assert anna.signed_in()


def use_it(_office: Office, anna: Colleague) -> str:
    anna.accept()
    return anna.token


def let_it_expire(office: Office, anna: Colleague) -> str:
    office.pass_time(hours=72)
    return anna.token


def be_invited_anew(office: Office, anna: Colleague) -> str:
    office.invite("anna")
    return anna.token


def guess(_office: Office, anna: Colleague) -> str:
    return anna.token[:-1] + ("A" if anna.token[-1] != "A" else "B")


@pytest.mark.parametrize("spoil", [use_it, let_it_expire, be_invited_anew, guess])
def test_whatever_is_wrong_with_it_the_answer_is_the_same(office: Office, spoil):
    anna = office.invite("anna")
    token = spoil(office, anna)
    stranger = Colleague("x", "ab_pap", anna.user, office.team, office.browser(), token=token)
    for answer in (
        opened(office, token),
        stranger.browser.post("/api/invitation/accept", stranger.acceptance()),
    ):
        assert (answer.status, answer.code, answer.json["field"]) == (
            410,
            "invitation_invalid",
            None,
        )
    assert not stranger.signed_in()


def test_it_works_until_the_last_moment(office: Office):
    anna = office.invite("anna")
    office.pass_time(hours=71, minutes=59)
    assert anna.accept().profile["user"] == anna.user


def test_of_two_at_once_one_gets_the_account(office: Office):
    anna = office.invite("anna")
    phones = [
        Colleague("anna", "ab_pap", anna.user, office.team, office.browser(), token=anna.token)
        for _ in range(4)
    ]

    def accept(phone: Colleague) -> int:
        try:
            return phone.browser.post("/api/invitation/accept", phone.acceptance()).status
        finally:
            close_connection()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(accept, phones))
    assert statuses == [200, 410, 410, 410]
    winner = next(phone for phone in phones if phone.signed_in())
    assert office.user(anna).sign_public == winner.person.sign_public
    assert Device.select().count() == 1


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"opslimit": 2}, 400, "weak_parameters", None),
        ({"memlimit": 64 * 1024 * 1024 - 1}, 400, "weak_parameters", None),
        ({"opslimit": 1000}, 400, "invalid", "opslimit"),
        ({"memlimit": 2**40}, 400, "invalid", "memlimit"),
        ({"salt": "kurz"}, 400, "invalid", "salt"),
        ({"login_key": "A" * 42}, 400, "invalid", "login_key"),
        ({"wrapped_seed": ""}, 400, "invalid", "wrapped_seed"),
        ({"box_public": "ä" * 43}, 400, "invalid", "box_public"),
        ({"sign_public": None}, 400, "invalid", "sign_public"),
        ({"device": {"id": "1", "label": ""}}, 400, "invalid", "device.id"),
        ({"device": {"id": "0" * 32}}, 400, "invalid", "device.label"),
        ({"role": "admin"}, 400, "invalid", "role"),
    ],
)
def test_a_bad_acceptance_changes_nothing(
    office: Office, change: dict[str, object], status: int, code: str, field: str | None
):
    anna = office.invite("anna")
    answer = anna.browser.post("/api/invitation/accept", anna.acceptance(**change))
    assert (answer.status, answer.code, answer.json["field"]) == (status, code, field)
    assert not office.user(anna).registered
    assert not anna.signed_in()
    anna.accept()


def test_a_taken_phone_number_leaves_the_invitation_open(office: Office):
    anna, berta = office.colleague("anna"), office.invite("berta")
    body = berta.acceptance(device={"id": anna.device, "label": ""})
    assert berta.browser.post("/api/invitation/accept", body).code == "device_taken"
    berta.accept()


def test_inviting_again_keeps_the_person(office: Office):
    first = office.invite("anna", "pap")
    second = office.invite("Anna", "pap")
    assert first.user == second.user
    assert opened(office, first.token).status == 410
    second.accept()


def test_an_open_invitation_is_not_given_to_somebody_else(office: Office):
    anna = office.invite("anna", "pap")
    for display_name, role in (("Anna", "ab_pap"), ("Anke", "pap")):
        with pytest.raises(PersonProblem, match=r"schon für Anna \(pAp\)"):
            invite(office.team, "anna", display_name, role, now=office.now, valid_ms=1000)
    assert opened(office, anna.token).status == 200


def test_a_renewed_invitation_may_say_another_name_and_role(office: Office):
    anna = office.invite("anna", "pap")
    made = invite(office.team, "anna", "Anke", "deputy", now=office.now, valid_ms=1000, renews=True)
    assert made.user == anna.user
    assert opened(office, anna.token).status == 410
    shown = opened(office, made.token).json
    assert (shown["display_name"], shown["role"]) == ("Anke", "deputy")


def test_an_account_at_rest_begins_anew_and_must_be_taken_in_again(office: Office):
    founder, berta = office.colleague("anna"), office.colleague("berta")
    key = TeamKey.new(office.team)
    assert founder.browser.post("/api/epochs", founder.epoch(key)).status == 200
    hers = close_team_key(key, founder.person, founder.seed, berta.person, instant(START))
    assert founder.vouch_for(berta, [{**hers}]).status == 200
    with pytest.raises(PersonProblem, match="zuerst ruhen lassen"):
        office.invite("berta")
    User.update(disabled_at=office.now).where(User.id == berta.user).execute()
    again = office.invite("berta")
    assert again.user == berta.user
    assert not berta.signed_in()
    again.accept()
    assert again.profile["admitted"] is False
    renewed = close_team_key(key, founder.person, founder.seed, again.person, instant(START))
    assert founder.vouch_for(again, [{**renewed}]).status == 200
    assert berta.sign_in().code == "wrong_sign_in"
    assert again.sign_in().json["profile"]["admitted"] is True


@pytest.mark.parametrize(
    ("name", "display_name", "role"),
    [
        ("", "Anna", "pap"),
        ("anna maria", "Anna", "pap"),
        ("a" * 65, "Anna", "pap"),
        ("anna", " ", "pap"),
        ("anna", "A" * 81, "pap"),
        ("anna", "An\nna", "pap"),
        ("anna", "An\x00na", "pap"),
        ("anna", "Anna", "chef"),
    ],
)
def test_odd_accounts_are_not_invited(office: Office, name: str, display_name: str, role: str):
    with pytest.raises(PersonProblem):
        invite(office.team, name, display_name, role, now=office.now, valid_ms=1000)
    assert User.select().count() == 0


def test_an_account_in_use_is_not_invited_again(office: Office):
    office.colleague("anna")
    with pytest.raises(PersonProblem, match="anna"):
        office.invite("anna")


def test_another_teams_name_is_taken(office: Office):
    office.invite("anna")
    other = make_team("Ü25", office.now).id
    with pytest.raises(PersonProblem):
        office.invite("anna", team=other)


def test_dead_invitations_are_removed(office: Office):
    office.colleague("anna")
    office.invite("berta")
    assert remove_dead(office.now) == 1
    office.pass_time(hours=72)
    assert remove_dead(office.now) == 1
    assert User.select().count() == 2
