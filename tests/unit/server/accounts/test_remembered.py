"""What phones remember of a team comes back to a restored server, as far as it is signed."""

from typing import Any

import pytest

from server import log
from server.accounts import Epoch, LoginSession, Statement, User
from server.db import rows_of, run_many, write_transaction
from server.envelopes import Envelope
from server.instants import instant
from server.sealing import TeamKey, close_team_key, make_epoch, make_statement
from tests.unit.server.accounts.office import START, Answer, Colleague, Office

Body = dict[str, list[dict[str, Any]]]


class Team:
    """Anna founded it, admitted Berta, both admitted Paul; then the server forgot all of it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.anna, self.berta = office.colleague("anna"), office.colleague("berta")
        self.paul = office.colleague("paul", "pap")
        self.key, at = TeamKey.new(office.team), instant(START)
        me = self.anna
        self.epoch = make_epoch(me.person, me.seed, self.key, None, at)
        self.own = self.closed(me, me)
        self.words = [
            self.word(me, me),
            self.word(me, self.berta),
            self.word(self.berta, self.paul),
            self.word(self.paul, self.berta),
        ]
        with write_transaction():
            log.begin_anew(START)

    def word(self, author: Colleague, subject: Colleague) -> dict[str, Any]:
        return {
            **make_statement(
                author.person, author.seed, subject.person, subject.role, instant(START)
            )
        }

    def closed(self, author: Colleague, reader: Colleague) -> dict[str, Any]:
        at = instant(START)
        return {**close_team_key(self.key, author.person, author.seed, reader.person, at)}

    def body(self, **parts: Any) -> Body:
        known: Body = {"statements": self.words, "epochs": [{**self.epoch}], "envelopes": []}
        return known | parts

    @property
    def admitted(self) -> list[str]:
        return sorted(user.name for user in User.select() if user.admitted)


@pytest.fixture
def team(office: Office) -> Team:
    return Team(office)


def bring(who: Colleague, body: Body) -> Answer:
    return who.browser.post("/api/remembered", body)


@pytest.mark.parametrize("who", ["anna", "berta", "paul"])
def test_anybodys_phone_brings_everybody_back(team: Team, who: str) -> None:
    before = rows_of("SELECT state_mark FROM team")
    assert bring(getattr(team, who), team.body()).json == {}
    assert team.admitted == ["anna", "berta", "paul"]
    assert Epoch.select().count() == 1
    assert Statement.select().count() == 4
    assert rows_of("SELECT state_mark FROM team") != before


def test_in_whatever_order_and_as_often_as_it_comes(team: Team) -> None:
    for _ in range(2):
        assert bring(team.paul, team.body(statements=team.words[::-1])).status == 200
    assert team.admitted == ["anna", "berta", "paul"]
    assert (Epoch.select().count(), Statement.select().count()) == (1, 4)


def test_a_later_epoch_by_somebody_admitted_by_a_word_of_the_same_call(team: Team) -> None:
    key = TeamKey.new(team.office.team)
    me = team.berta
    second = make_epoch(me.person, me.seed, key, team.epoch, instant(START + 1000))
    bring(team.paul, team.body(epochs=[{**second}, {**team.epoch}]))
    assert [epoch.key_id for epoch in Epoch.select().order_by(Epoch.epoch)] == [
        team.key.id,
        key.id,
    ]


def test_keys_come_from_who_reads_or_closed_them_and_from_nobody_else(team: Team) -> None:
    for_berta = team.closed(team.anna, team.berta)
    bring(team.paul, team.body(envelopes=[team.own, for_berta]))
    assert Envelope.select().count() == 0
    bring(team.berta, team.body(envelopes=[team.own, for_berta]))
    assert [envelope.reader for envelope in Envelope.select()] == [team.berta.user]
    bring(team.anna, team.body(envelopes=[team.own, team.closed(team.anna, team.berta)]))
    boxes = {envelope.reader: envelope.box for envelope in Envelope.select()}
    assert boxes == {team.anna.user: team.own["box"], team.berta.user: for_berta["box"]}


def test_what_is_odd_spoils_nothing_else(team: Team) -> None:
    odd: list[dict[str, Any]] = [{}, {"team": 1}, {**team.words[0], "more": 1}]
    body = team.body(
        statements=[*odd, *team.words],
        epochs=[*odd, {**team.epoch}],
        envelopes=[*odd, {**team.own, "owner": "0" * 32}, {**team.own, "purpose": "case"}],
    )
    assert bring(team.anna, body).status == 200
    assert team.admitted == ["anna", "berta", "paul"]
    assert Envelope.select().count() == 0


def test_nothing_false_is_believed(team: Team) -> None:
    mallory, eve = team.office.colleague("mallory"), team.office.colleague("eve")
    forged = {**team.word(mallory, eve), "author": team.anna.user}
    altered = {**team.words[1], "subject": mallory.user}
    other_keys = {**team.words[1], "box_public": mallory.person.box_public}
    key, me = TeamKey.new(team.office.team), mallory
    follows = make_epoch(me.person, me.seed, key, team.epoch, instant(START))
    body = team.body(
        statements=[*team.words, forged, altered, other_keys, team.word(mallory, eve)],
        epochs=[{**team.epoch}, {**follows}],
    )
    bring(mallory, body)
    assert team.admitted == ["anna", "berta", "paul"]
    assert Epoch.select().count() == 1
    assert Statement.select().count() == 4
    # A pAp's word admits nobody.
    bring(mallory, team.body(statements=[team.word(team.paul, eve)]))
    assert "eve" not in team.admitted


def test_a_disabled_account_stays_out(team: Team) -> None:
    User.update(disabled_at=START).where(User.id == team.berta.user).execute()
    bring(team.anna, team.body())
    assert team.admitted == ["anna"]


def test_another_team_is_none_of_hers(team: Team) -> None:
    from server.membership import make_team

    stranger = team.office.colleague("fremd", team=make_team("Anderswo", START).id)
    bring(stranger, team.body())
    assert team.admitted == []


@pytest.mark.parametrize("restored_at", [None, START - log.RETURN_MS])
def test_only_for_some_weeks_after_a_restore(team: Team, restored_at: int | None) -> None:
    run_many("UPDATE log SET restored_at = ?", [(restored_at,)])
    assert bring(team.anna, team.body(envelopes=[team.own])).json == {}
    assert team.admitted == []
    assert Epoch.select().count() == Statement.select().count() == 0


def test_it_needs_a_sign_in(team: Team) -> None:
    LoginSession.delete().execute()
    assert bring(team.anna, team.body()).code == "sign_in_needed"
