"""Somebody has left: a colleague signs it and mints the next key; those who lack it get it."""

from typing import Any

import pytest

from server.accounts import Epoch, Statement, User
from server.instants import instant
from server.invitations import invite
from server.membership import mark
from server.sealing import TeamKey, close_team_key, make_epoch
from tests.unit.server.accounts.office import START, Answer, Colleague, Office


class Team:
    """Three admitted aB-pAp; the third one has left."""

    def __init__(self, office: Office):
        self.office = office
        self.anna, self.berta, self.clara = (
            office.colleague(n) for n in ("anna", "berta", "clara")
        )
        self.first = TeamKey.new(office.team)
        assert self.anna.browser.post("/api/epochs", self.anna.epoch(self.first)).status == 200
        for one in (self.berta, self.clara):
            assert self.anna.vouch_for(one, [self.closed(self.first, one)]).status == 200
        User.update(disabled_at=office.now).where(User.id == self.clara.user).execute()
        mark(office.team)

    def closed(self, key: TeamKey, reader: Colleague, author: Colleague | None = None) -> Any:
        author = author or self.anna
        return close_team_key(key, author.person, author.seed, reader.person, instant(START))

    def state(self, who: Colleague) -> dict[str, Any]:
        """The team's state as a phone is told."""
        return self.sync(who)["state"]

    def sync(self, who: Colleague, envelopes: Any = ()) -> dict[str, Any]:
        body = {
            "protocol": 1, "schema": 1, "device": who.device, "log_id": None, "cursor": None,
            "now": START, "limit": 500, "acknowledged": 0, "scope": None, "state": None,
            "envelopes": [{"n": n + 1, **one} for n, one in enumerate(envelopes)],
            "operations": [],
        }  # fmt: skip
        answer = who.browser.post("/api/sync", body)
        assert answer.status == 200, answer
        return answer.json

    def member(self, who: Colleague, seen_by: Colleague) -> dict[str, Any]:
        return next(m for m in self.state(seen_by)["members"] if m["user"] == who.user)

    def next_epoch(self, readers: list[Colleague], at: int = START, **changes: Any) -> Answer:
        key = TeamKey.new(self.office.team)
        before = self.state(self.anna)["epochs"][-1]
        epoch = make_epoch(self.anna.person, self.anna.seed, key, before, instant(at))
        envelopes = [self.closed(key, one) for one in readers]
        body = {"epoch": {**epoch, **changes}, "envelopes": envelopes}
        self.second = key
        return self.anna.browser.post("/api/epochs", body)


@pytest.fixture
def team(office: Office) -> Team:
    return Team(office)


def sign_off(who: Colleague, other: Colleague, **changes: Any) -> Answer:
    word = who.statement_about(other, role="left") | changes
    return who.browser.post("/api/statements", {"statement": word, "envelopes": []})


def test_a_colleague_signs_it_and_everybody_is_told(team: Team):
    assert sign_off(team.anna, team.clara).status == 200
    told = team.member(team.clara, team.berta)
    assert told["left"] is True
    assert "lacks" not in told
    assert [word["role"] for word in told["statements"]] == ["ab_pap", "left"]


def test_of_somebody_who_is_here_it_is_refused(team: Team):
    answer = sign_off(team.anna, team.berta)
    assert (answer.status, answer.code, answer.json["field"]) == (
        409, "statement_mismatch", "statement.role",
    )  # fmt: skip
    assert Statement.select().where(Statement.role == "left").count() == 0


def test_of_somebody_who_has_left_nothing_else_can_be_said(team: Team):
    answer = team.anna.vouch_for(team.clara)
    assert (answer.status, answer.code) == (404, "not_found")


def test_her_keys_are_named_as_they_were(team: Team):
    word = team.anna.statement_about(team.clara, role="left", box_public="A" * 43)
    answer = team.anna.browser.post("/api/statements", {"statement": word})
    assert (answer.code, answer.json["field"]) == ("statement_mismatch", "statement.box_public")


@pytest.mark.parametrize("role", ["deputy", "pap", "team_leader", "admin"])
def test_only_an_ab_pap_may(team: Team, role: str):
    other = team.office.colleague("doris", role)
    if role != "admin":
        assert team.anna.vouch_for(other).status == 200
    assert sign_off(other, team.clara).code in {"not_allowed", "not_admitted"}
    assert Statement.select().where(Statement.role == "left").count() == 0


def test_a_newcomer_may_not(team: Team):
    newcomer = team.office.colleague("nora")
    assert sign_off(newcomer, team.clara).status == 403


def test_the_next_key_is_closed_for_those_who_stayed_alone(team: Team):
    assert team.next_epoch([team.anna, team.clara]).code == "bad_envelope"
    assert Epoch.select().count() == 1
    assert team.next_epoch([team.anna, team.berta]).status == 200
    epochs = team.state(team.berta)["epochs"]
    assert [epoch["epoch"] for epoch in epochs] == [1, 2]
    assert "lacks" not in team.member(team.berta, team.anna)
    # A second successor: another phone was faster.
    key = TeamKey.new(team.office.team)
    late = make_epoch(team.berta.person, team.berta.seed, key, epochs[0], instant(START))
    envelopes = [team.closed(key, team.berta, team.berta)]
    answer = team.berta.browser.post("/api/epochs", {"epoch": late, "envelopes": envelopes})
    assert (answer.status, answer.code) == (409, "epoch_exists")


def test_an_epoch_is_not_dated_before_its_predecessor(team: Team):
    answer = team.next_epoch([team.anna], at=START - 1000)
    assert (answer.status, answer.code, answer.json["field"]) == (400, "invalid", "epoch.at")


def test_who_lacks_the_key_is_told_until_somebody_brings_it(team: Team):
    assert team.next_epoch([team.anna]).status == 200
    assert team.member(team.berta, team.anna)["lacks"] == [team.second.id]
    answer = team.sync(team.anna, [team.closed(team.second, team.berta)])
    assert answer["verdicts"] == [{"n": 1, "verdict": "accepted"}]
    assert "lacks" not in team.member(team.berta, team.anna)
    assert "lacks" not in team.member(team.clara, team.anna)


def test_who_comes_back_is_somebody_new_to_be_compared(team: Team):
    assert sign_off(team.anna, team.clara).status == 200
    invited = invite(
        team.office.team, "clara", "Clara", "ab_pap", now=team.office.now, valid_ms=60_000
    )
    again = Colleague(
        "clara", "ab_pap", invited.user, team.office.team, team.office.browser(),
        device="e" * 32, token=invited.token,
    ).accept()  # fmt: skip
    told = team.member(again, team.anna)
    assert (told["admitted"], told.get("left")) == (False, None)
    assert told["sign_public"] == again.person.sign_public
    assert team.anna.vouch_for(again, [team.closed(team.first, again)]).status == 200
    assert team.member(again, team.anna)["admitted"] is True
