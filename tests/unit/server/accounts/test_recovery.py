"""The recovery sheet at the server: made by an aB-pAp, used by a new one, forged by nobody."""

import secrets
from typing import Any

import pytest

from server import log
from server.db import write_transaction
from server.envelopes import Envelope
from server.ids import new_id
from server.instants import instant
from server.invitations import invite
from server.recovery_sheet import Sheet, SheetWord
from server.sealing import (
    CaseKey,
    Person,
    Reader,
    Seed,
    TeamKey,
    close_case_key,
    close_team_key,
    make_epoch,
    make_statement,
    open_envelopes,
    recovery_seed,
    trusted_epochs,
    trusted_members,
)
from tests.unit.server.accounts.office import START, Answer, Colleague, Office

AT = instant(START)


class Paper:
    """A sheet: its id and what its words stand for."""

    def __init__(self, team: str):
        self.id, self.team = new_id(START), team
        self.seed = recovery_seed(secrets.token_bytes(16), team)

    @property
    def person(self) -> Person:
        return Person.of(self.seed, self.id, self.team)

    def words(self, who: Colleague, **changes: Any) -> dict[str, Any]:
        """Both words: hers about the sheet, the sheet's about her."""
        about = make_statement(who.person, who.seed, self.person, "recovery", AT)
        by = make_statement(self.person, self.seed, who.person, "ab_pap", AT)
        return {"about_sheet": {**about}, "by_sheet": {**by}} | changes

    def lost(self, who: Colleague, **changes: Any) -> dict[str, Any]:
        """Her word that somebody else may have this sheet."""
        return {**make_statement(who.person, who.seed, self.person, "left", AT)} | changes

    def closed(self, key: TeamKey, author: Colleague) -> dict[str, Any]:
        return {**close_team_key(key, author.person, author.seed, self.person, AT)}


class Team:
    """Anna, who founded the team, and her sheet."""

    def __init__(self, office: Office):
        self.office, self.anna = office, office.colleague("anna")
        self.key = TeamKey.new(office.team)
        assert self.anna.browser.post("/api/epochs", self.anna.epoch(self.key)).status == 200
        self.paper = Paper(office.team)

    def make(self, paper: Paper | None = None, **changes: Any) -> Answer:
        paper = paper or self.paper
        body = {**paper.words(self.anna), "envelopes": [paper.closed(self.key, self.anna)]}
        return self.anna.browser.post("/api/recovery", body | changes)

    def forgotten(self, name: str = "nora") -> Colleague:
        """Everybody has forgotten: somebody is invited anew, with nobody to take her in."""
        token = invite(
            self.office.team, name, name.title(), "ab_pap", now=self.office.now, valid_ms=60_000
        )
        browser = self.office.browser()
        return Colleague(
            name, "ab_pap", token.user, self.office.team, browser, token=token.token
        ).accept()

    def use(self, who: Colleague, paper: Paper | None = None, **changes: Any) -> Answer:
        paper = paper or self.paper
        return who.browser.post("/api/recovery/use", paper.words(who) | changes)

    def state(self, who: Colleague) -> dict[str, Any]:
        body = {
            "protocol": 1, "schema": 1, "device": who.device, "log_id": None, "cursor": None,
            "now": START, "limit": 500, "acknowledged": 0, "scope": None, "state": None,
            "envelopes": [], "operations": [],
        }  # fmt: skip
        return who.browser.post("/api/sync", body).json


@pytest.fixture
def team(office: Office) -> Team:
    return Team(office)


def test_its_public_halves_are_told_and_nothing_of_its_secret(team: Team):
    assert team.make().status == 200
    [sheet] = team.state(team.anna)["state"]["recovery"]
    assert sheet["id"] == team.paper.id
    assert sheet["box_public"] == team.paper.person.box_public
    assert [word["role"] for word in sheet["statements"]] == ["recovery", "ab_pap"]
    assert "lacks" not in sheet


def test_with_it_a_new_account_reads_what_there_was(team: Team):
    assert team.make().status == 200
    case = CaseKey.new(new_id(START))
    old = close_case_key(case, team.anna.person, team.anna.seed, team.key, AT)
    nora = team.forgotten()
    answer = team.use(nora)
    assert answer.status == 200
    assert nora.browser.get("/api/session").json["profile"]["admitted"] is False
    # What her phone does: believe by the sheet, open with it, close for herself.
    told = team.state(nora)["state"]
    words = [w for one in (*told["members"], *told["recovery"]) for w in one["statements"]]
    paper = team.paper
    members, _ = trusted_members(paper.person, words)
    epochs, refused = trusted_epochs(team.office.team, members, told["epochs"])
    assert refused == []
    reader = Reader.of(paper.person, paper.seed, members, epochs)
    keys, refused = open_envelopes([*answer.json["envelopes"], old], reader, {})
    assert refused == []
    assert keys[case.id].key == case.key
    own = close_team_key(team.key, nora.person, nora.seed, nora.person, AT)
    assert team.use(nora, envelopes=[own]).json == {"envelopes": []}
    assert nora.browser.get("/api/session").json["profile"]["admitted"] is True
    after = team.state(nora)
    assert [e["reader"] for e in after["envelopes"]] == [nora.user]
    assert {w["subject"] for w in after["state"]["recovery"][0]["statements"]} == {
        paper.id, team.anna.user, nora.user,
    }  # fmt: skip
    # Once more, because the answer got lost.
    assert team.use(nora, envelopes=[own]).status == 200


def test_a_new_sheet_replaces_the_last(team: Team):
    assert team.make().status == 200
    team.office.pass_time(seconds=1)
    second = Paper(team.office.team)
    assert team.make(second).status == 200
    nora = team.forgotten()
    assert team.use(nora).code == "not_found"
    assert team.use(nora, second).status == 200
    assert [one["id"] for one in team.state(team.anna)["state"]["recovery"]] == [
        team.paper.id, second.id,
    ]  # fmt: skip


def test_of_a_lost_sheet_nothing_is_left_that_it_could_open(team: Team):
    """Nor is there later: neither a new team key nor what a phone remembers is closed for it."""
    found, second, third = team.paper, Paper(team.office.team), Paper(team.office.team)
    assert team.make().status == 200
    team.office.pass_time(seconds=1)
    assert team.make(second).status == 200
    team.office.pass_time(seconds=1)
    words = [found.lost(team.anna), second.lost(team.anna)]
    assert team.make(third, lost=words).status == 200
    readers = {envelope.reader for envelope in Envelope.select()}
    assert readers == {team.anna.user, third.id}
    told = team.state(team.anna)["state"]["recovery"]
    said = [{word["role"] for word in one["statements"]} for one in told]
    assert [roles - {"recovery", "ab_pap"} for roles in said] == [{"left"}, {"left"}, set()]
    assert [one["id"] for one in told] == [found.id, second.id, third.id]
    nora = team.forgotten()
    for paper in (found, second):
        assert team.use(nora, paper).code == "not_found"
    boxes = [paper.closed(team.key, team.anna) for paper in (found, second)]
    with write_transaction():
        log.begin_anew(START)
    body = {"statements": [], "epochs": [], "envelopes": boxes}
    assert team.anna.browser.post("/api/remembered", body).status == 200
    assert {envelope.reader for envelope in Envelope.select()} == readers
    assert team.use(nora, third).status == 200


def brought_back(who: Colleague, *words: dict[str, Any]) -> None:
    """What a phone remembers, to the log that has just gone back in time."""
    body = {"statements": [*words], "epochs": [], "envelopes": []}
    assert who.browser.post("/api/remembered", body).status == 200


@pytest.fixture
def forgotten(team: Team) -> Team:
    """A team whose server was put back to before it had a sheet."""
    team.office.pass_time(seconds=60)
    with write_transaction():
        log.begin_anew(team.office.now)
    return team


def test_a_server_that_has_forgotten_a_sheet_hears_of_it_from_anybodys_phone(forgotten: Team):
    team, berta = forgotten, forgotten.office.colleague("berta")
    words = team.paper.words(team.anna)
    for _ in range(2):
        brought_back(berta, words["by_sheet"], words["about_sheet"])
    [sheet] = team.state(team.anna)["state"]["recovery"]
    assert (sheet["id"], sheet["lacks"]) == (team.paper.id, [team.key.id])
    assert sheet["statements"] == [words["about_sheet"], words["by_sheet"]]
    assert team.use(team.forgotten()).status == 200


def test_what_was_forgotten_of_a_sheet_comes_back_in_its_order(forgotten: Team):
    """The newest counts, one that was lost never again, and whoever it admitted is in."""
    team, anna = forgotten, forgotten.anna
    known, second, third = team.paper, Paper(team.office.team), Paper(team.office.team)
    team.office.now -= 30_000
    assert team.make(known).status == 200
    team.office.now += 60_000
    nora = team.forgotten()
    brought_back(nora, known.words(nora)["by_sheet"], second.words(anna)["about_sheet"])
    assert nora.browser.get("/api/session").json["profile"]["admitted"] is True
    assert team.use(team.forgotten("olga"), known).code == "not_found"
    brought_back(anna, second.lost(anna), third.words(anna)["about_sheet"])
    assert team.use(team.forgotten("petra"), second).code == "not_found"
    assert team.use(team.forgotten("rosa"), third).status == 200


def test_no_word_brings_back_a_sheet_that_does_not_hold(forgotten: Team):
    team, mallory = forgotten, forgotten.office.colleague("mallory")
    paul = team.office.colleague("paul", "pap")
    assert team.anna.vouch_for(paul).status == 200
    anna, paper = team.anna, team.paper
    about, by = paper.words(anna)["about_sheet"], paper.words(mallory)["by_sheet"]
    for who, words in (
        (mallory, [paper.words(mallory)["about_sheet"], by]),
        (paul, [paper.words(paul)["about_sheet"], by]),
        (mallory, [about | {"sign_public": "A" * 43}]),
        (mallory, [about | {"signature": "A" * 86}]),
        (mallory, [by]),
        (anna, [paper.lost(anna)]),
    ):
        brought_back(who, *words)
    assert Sheet.select().count() + SheetWord.select().count() == 0
    # Of one that is known neither the keys change, nor does it admit who was not signed by it.
    forged = {**make_statement(paper.person, Seed.new(), mallory.person, "ab_pap", AT)}
    other = {**make_statement(anna.person, anna.seed, paper.person._replace(box_public="A" * 43),
                              "recovery", AT)}  # fmt: skip
    brought_back(anna, about, forged, other)
    assert (Sheet.select().count(), SheetWord.select().count()) == (1, 1)
    # A newer one is known: the old one admits nobody any more.
    brought_back(mallory, Paper(team.office.team).words(anna)["about_sheet"], by)
    assert mallory.browser.get("/api/session").json["profile"]["admitted"] is False


def test_nobody_ends_a_sheet_by_a_word_that_does_not_hold(team: Team):
    assert team.make().status == 200
    berta, other = team.office.colleague("berta"), Paper(team.office.team)
    assert team.anna.vouch_for(berta).status == 200
    words = {
        "another signature": (team.paper.lost(team.anna, signature="A" * 86), "bad_signature"),
        "another's": (team.paper.lost(berta), "not_allowed"),
        "another role": (team.paper.words(team.anna)["about_sheet"], "invalid"),
        "no sheet": (other.lost(team.anna), "not_found"),
        "other keys": (team.paper.lost(team.anna, box_public="A" * 43), "statement_mismatch"),
        "a person": (
            {**make_statement(team.anna.person, team.anna.seed, berta.person, "left", AT)},
            "not_found",
        ),
        "the far future": (
            team.paper.lost(team.anna, at="2099-01-01T00:00:00Z"),
            "invalid",
        ),
    }
    for word, code in words.values():
        answer = team.make(Paper(team.office.team), lost=[word])
        assert (answer.code, answer.status >= 400) == (code, True)
    [sheet] = team.state(team.anna)["state"]["recovery"]
    assert sheet["id"] == team.paper.id
    assert {word["role"] for word in sheet["statements"]} == {"recovery", "ab_pap"}
    assert team.use(team.forgotten()).status == 200


def false_words(team: Team) -> dict[str, tuple[dict[str, Any], str]]:
    """What a sheet may not be made with, and why not."""
    words, other = team.paper.words(team.anna), Paper(team.office.team)
    about, by = words["about_sheet"], words["by_sheet"]
    foreign = close_team_key(
        TeamKey.new(team.office.team), team.anna.person, team.anna.seed, team.paper.person, AT
    )
    return {
        "another signature": ({"about_sheet": about | {"signature": "A" * 86}}, "bad_signature"),
        "another key": ({"about_sheet": about | {"sign_public": "A" * 43}}, "bad_signature"),
        "a role": ({"about_sheet": about | {"role": "ab_pap"}}, "invalid"),
        "another sheet's word": ({"by_sheet": other.words(team.anna)["by_sheet"]}, "not_allowed"),
        "a forged word": ({"by_sheet": by | {"signature": "A" * 86}}, "bad_signature"),
        "another role": ({"by_sheet": by | {"role": "admin"}}, "statement_mismatch"),
        "from the far future": ({"by_sheet": by | {"at": "2099-01-01T00:00:00Z"}}, "invalid"),
        "no key": ({"envelopes": []}, "invalid"),
        "another key's box": ({"envelopes": [{**foreign}]}, "invalid"),
    }


@pytest.mark.parametrize("trick", range(9))
def test_what_does_not_hold_makes_no_sheet(team: Team, trick: int):
    [(changes, code)] = list(false_words(team).values())[trick : trick + 1]
    answer = team.make(**changes)
    assert (answer.code, answer.status >= 400) == (code, True)
    assert Sheet.select().count() + SheetWord.select().count() == 0


def test_nobody_is_admitted_without_the_sheet(team: Team):
    assert team.make().status == 200
    nora = team.forgotten()
    forged = Paper(team.office.team)
    forged.id = team.paper.id
    assert team.use(nora, forged).code == "not_allowed"
    words = team.paper.words(nora)
    # The sheet's public halves, and a signature by whoever has nothing else.
    forged_word = make_statement(
        Person(team.paper.id, team.office.team, *team.paper.person[2:]),
        Seed.new(), nora.person, "ab_pap", AT,
    )  # fmt: skip
    assert team.use(nora, by_sheet={**forged_word}).code == "bad_signature"
    # Somebody else's word.
    berta = team.office.colleague("berta")
    answer = berta.browser.post("/api/recovery/use", words)
    assert answer.code == "not_allowed"
    for one in (nora, berta):
        assert one.browser.get("/api/session").json["profile"]["admitted"] is False


@pytest.mark.parametrize("role", ["deputy", "pap", "team_leader", "admin"])
def test_it_is_for_ab_pap_alone(team: Team, role: str):
    assert team.make().status == 200
    other = team.office.colleague("doris", role)
    assert team.use(other).code == "not_allowed"
    assert (
        other.browser.post("/api/recovery", team.paper.words(other) | {"envelopes": []}).status
        == 403
    )


def test_a_later_team_key_is_asked_for_until_it_is_closed_for_the_sheet(team: Team):
    assert team.make().status == 200
    second = TeamKey.new(team.office.team)
    before = team.state(team.anna)["state"]["epochs"][-1]
    epoch = make_epoch(team.anna.person, team.anna.seed, second, before, AT)
    own = close_team_key(second, team.anna.person, team.anna.seed, team.anna.person, AT)
    body = {"epoch": epoch, "envelopes": [own]}
    assert team.anna.browser.post("/api/epochs", body).status == 200
    assert team.state(team.anna)["state"]["recovery"][0]["lacks"] == [second.id]
