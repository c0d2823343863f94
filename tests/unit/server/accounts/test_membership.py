"""Who is admitted by whose word, and who announces the team key."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from server import membership
from server.accounts import Epoch, Statement, Team, User
from server.db import close_connection
from server.envelopes import Envelope
from server.instants import instant
from server.membership import make_team
from server.sealing import TeamKey, close_team_key, make_epoch
from tests.unit.server.accounts.office import START, Answer, Colleague, Office


@pytest.fixture
def anna(office: Office) -> Colleague:
    """The first aB-pAp, registered."""
    return office.colleague("anna")


@pytest.fixture
def founder(anna: Colleague) -> Colleague:
    """The first aB-pAp, who made the team key."""
    assert anna.found_team().status == 200
    return anna


def admitted(office: Office, *people: Colleague) -> list[bool]:
    return [office.user(person).admitted for person in people]


def the_mark(office: Office) -> str:
    return Team.get_by_id(office.team).state_mark


def members(office: Office) -> dict[str, dict[str, Any]]:
    return {member["user"]: member for member in membership.state(office.team)["members"]}


def fault(answer: Answer) -> tuple[int, str | None, str | None]:
    return answer.status, answer.code, answer.json["field"]


class TestFoundingATeam:
    def test_the_first_epoch_admits_its_author(self, office: Office, anna: Colleague):
        mark = the_mark(office)
        assert anna.found_team().json == {}
        assert admitted(office, anna) == [True]
        assert the_mark(office) != mark
        assert anna.browser.get("/api/session").json["profile"]["admitted"] is True
        assert Envelope.select().count() == 1

    def test_it_is_accepted_once(self, office: Office, founder: Colleague):
        assert fault(founder.found_team()) == (409, "epoch_exists", None)
        berta = office.colleague("berta")
        assert fault(berta.found_team()) == (409, "epoch_exists", None)
        assert admitted(office, berta) == [False]
        assert Statement.select().count() == 1

    def test_of_four_at_once_one_wins(self, office: Office):
        people = [office.colleague(name) for name in ("anna", "berta", "clara", "dora")]

        def found(person: Colleague) -> tuple[int, str | None]:
            try:
                answer = person.found_team()
                return answer.status, answer.code
            finally:
                close_connection()

        with ThreadPoolExecutor(4) as pool:
            answers = sorted(pool.map(found, people), key=lambda answer: answer[0])
        assert answers == [(200, None)] + [(409, "epoch_exists")] * 3
        assert sum(admitted(office, *people)) == 1
        assert (Epoch.select().count(), Statement.select().count()) == (1, 1)
        assert Envelope.select().count() == 1

    @pytest.mark.parametrize("role", ["deputy", "pap", "team_leader", "admin"])
    def test_only_an_ab_pap_makes_a_team_key(self, office: Office, role: str):
        person = office.colleague("person", role)
        assert fault(person.found_team()) == (403, "not_allowed", None)
        assert Epoch.select().count() == 0

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"signature": "A" * 86}, (400, "bad_signature", "epoch.signature")),
            ({"at": instant(START + 60_000)}, (400, "bad_signature", "epoch.signature")),
            ({"epoch": 2}, (400, "invalid", "epoch.epoch")),
            ({"epoch": 0}, (400, "invalid", "epoch.epoch")),
            ({"previous": "0" * 48}, (400, "invalid", "epoch.previous")),
            ({"key_id": "0" * 48}, (400, "invalid", "epoch.key_id")),
            ({"author": "0" * 32}, (403, "not_allowed", "epoch.author")),
            ({"team": "0" * 32}, (403, "not_allowed", "epoch.author")),
            ({"public": "x"}, (400, "invalid", "epoch.public")),
            ({"extra": 1}, (400, "invalid", "epoch.extra")),
        ],
    )
    def test_an_odd_epoch_changes_nothing(
        self, office: Office, anna: Colleague, change: dict[str, Any], expected: tuple[Any, ...]
    ):
        body = anna.epoch()
        body["epoch"] = {**body["epoch"], **change}
        mark = the_mark(office)
        assert fault(anna.browser.post("/api/epochs", body)) == expected
        assert admitted(office, anna) == [False]
        assert Epoch.select().count() + Statement.select().count() == 0
        assert the_mark(office) == mark

    def test_the_first_epoch_brings_its_authors_own_word(self, office: Office, anna: Colleague):
        berta = office.colleague("berta")
        without = anna.epoch(statement=None)
        assert fault(anna.browser.post("/api/epochs", without)) == (400, "invalid", "statement")
        about_another = anna.epoch(statement=anna.statement_about(berta))
        answer = anna.browser.post("/api/epochs", about_another)
        assert fault(answer) == (400, "invalid", "statement.subject")
        assert admitted(office, anna, berta) == [False, False]

    def test_the_first_epoch_brings_the_key_for_herself(self, anna: Colleague):
        answer = anna.browser.post("/api/epochs", anna.epoch(envelopes=[]))
        assert fault(answer) == (400, "invalid", "envelopes")
        assert Epoch.select().count() == 0

    def test_envelopes_that_are_not_accepted_undo_everything(self, office: Office, anna: Colleague):
        body = anna.epoch()
        body["envelopes"][0]["owner"] = "0" * 32
        answer = anna.browser.post("/api/epochs", body)
        assert (answer.status, answer.code) == (400, "bad_envelope")
        assert admitted(office, anna) == [False]
        assert Epoch.select().count() + Statement.select().count() == 0

    def test_a_later_epoch_follows_its_predecessor_once(self, office: Office, anna: Colleague):
        key = TeamKey.new(office.team)
        first = anna.epoch(key)
        assert anna.browser.post("/api/epochs", first).status == 200

        def successor() -> dict[str, Any]:
            second = TeamKey.new(office.team)
            at = instant(START)
            me = anna.person
            return {
                "epoch": make_epoch(me, anna.seed, second, first["epoch"], at),
                "envelopes": [close_team_key(second, me, anna.seed, me, at)],
            }

        assert anna.browser.post("/api/epochs", successor()).status == 200
        assert anna.browser.post("/api/epochs", successor()).code == "epoch_exists"
        assert [epoch["epoch"] for epoch in membership.state(office.team)["epochs"]] == [1, 2]

    def test_somebody_not_admitted_makes_no_later_epoch(self, office: Office, founder: Colleague):
        berta = office.colleague("berta")
        key, at = TeamKey.new(office.team), instant(START)
        first = membership.state(office.team)["epochs"][0]
        body = {
            "epoch": make_epoch(berta.person, berta.seed, key, first, at),
            "envelopes": [close_team_key(key, berta.person, berta.seed, founder.person, at)],
        }
        assert fault(berta.browser.post("/api/epochs", body)) == (403, "not_admitted", None)


class TestAdmission:
    @pytest.mark.parametrize("role", ["ab_pap", "deputy", "pap", "team_leader", "admin"])
    def test_the_word_of_an_admitted_ab_pap_admits(
        self, office: Office, founder: Colleague, role: str
    ):
        berta = office.colleague("berta", role)
        mark = the_mark(office)
        assert founder.vouch_for(berta).json == {}
        assert admitted(office, berta) == [True]
        assert the_mark(office) != mark

    def test_a_new_ab_pap_gets_the_team_key_with_it(self, office: Office, anna: Colleague):
        key = TeamKey.new(office.team)
        anna.browser.post("/api/epochs", anna.epoch(key))
        berta = office.colleague("berta")
        box = close_team_key(key, anna.person, anna.seed, berta.person, instant(START))
        assert anna.vouch_for(berta, [box]).status == 200
        assert {envelope.reader for envelope in Envelope.select()} == {anna.user, berta.user}

    def test_the_same_word_twice_is_kept_once(self, office: Office, founder: Colleague):
        berta = office.colleague("berta")
        founder.vouch_for(berta)
        assert founder.vouch_for(berta).status == 200
        assert Statement.select().where(Statement.subject == berta.user).count() == 1

    def test_a_newer_word_is_kept_beside_the_older(self, office: Office, founder: Colleague):
        berta = office.colleague("berta")
        for at in (START, START + 60_000):
            body = {"statement": founder.statement_about(berta, at)}
            assert founder.browser.post("/api/statements", body).status == 200
        assert Statement.select().where(Statement.subject == berta.user).count() == 2

    def test_a_newcomer_vouches_for_her_colleague(self, office: Office, founder: Colleague):
        berta = office.colleague("berta")
        assert berta.vouch_for(founder).status == 200
        assert admitted(office, berta) == [False]
        words = members(office)[founder.user]["statements"]
        assert {word["author"] for word in words} == {founder.user, berta.user}

    def test_a_person_signs_her_own_word_and_is_not_admitted_by_it(
        self, office: Office, founder: Colleague
    ):
        berta = office.colleague("berta")
        assert berta.vouch_for(berta).status == 200
        assert admitted(office, founder, berta) == [True, False]

    def test_newcomers_do_not_vouch_for_each_other(self, office: Office, founder: Colleague):
        berta, clara = office.colleague("berta"), office.colleague("clara")
        assert fault(berta.vouch_for(clara)) == (403, "not_admitted", None)
        assert admitted(office, founder, clara) == [True, False]

    @pytest.mark.parametrize("role", ["deputy", "pap", "team_leader", "admin"])
    def test_other_roles_admit_nobody(self, office: Office, founder: Colleague, role: str):
        berta, clara = office.colleague("berta", role), office.colleague("clara")
        founder.vouch_for(berta)
        assert berta.vouch_for(clara).status == 200
        assert admitted(office, berta, clara) == [True, False]

    @pytest.mark.parametrize("role", ["ab_pap", "deputy"])
    def test_only_an_admitted_ab_pap_hands_out_keys(
        self, office: Office, founder: Colleague, role: str
    ):
        berta = office.colleague("berta", role)
        key = TeamKey.new(office.team)
        box = close_team_key(key, berta.person, berta.seed, founder.person, instant(START))
        assert fault(berta.vouch_for(founder, [box])) == (403, "not_allowed", "envelopes")
        assert Statement.select().where(Statement.author == berta.user).count() == 0

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"role": "admin"}, (409, "statement_mismatch", "statement.role")),
            ({"box_public": "A" * 43}, (409, "statement_mismatch", "statement.box_public")),
            ({"sign_public": "A" * 43}, (409, "statement_mismatch", "statement.sign_public")),
            ({"signature": "A" * 86}, (400, "bad_signature", "statement.signature")),
            ({"signature": "_" * 86}, (400, "bad_signature", "statement.signature")),
            ({"at": "2026-05-28T00:00:00Z"}, (400, "bad_signature", "statement.signature")),
            ({"at": "gestern"}, (400, "invalid", "statement.at")),
            ({"author": "0" * 32}, (403, "not_allowed", "statement.author")),
            ({"team": "0" * 32}, (403, "not_allowed", "statement.author")),
            ({"subject": "0" * 32}, (404, "not_found", "statement.subject")),
        ],
    )
    def test_an_odd_statement_changes_nothing(
        self, office: Office, founder: Colleague, change: dict[str, Any], expected: tuple[Any, ...]
    ):
        berta = office.colleague("berta")
        mark = the_mark(office)
        body = {"statement": {**founder.statement_about(berta), **change}}
        assert fault(founder.browser.post("/api/statements", body)) == expected
        assert admitted(office, berta) == [False]
        assert the_mark(office) == mark

    def test_people_who_are_not_there_are_all_alike(self, office: Office, founder: Colleague):
        """Invited only, disabled, of another team: none of them exists for the caller."""
        invited = office.invite("berta")
        disabled = office.colleague("clara")
        User.update(disabled_at=START).where(User.id == disabled.user).execute()
        elsewhere = office.colleague("dora", team=make_team("Ü25", START).id)
        for person in (invited, disabled, elsewhere):
            answer = founder.vouch_for(person)
            assert fault(answer) == (404, "not_found", "statement.subject")


class TestTheState:
    def test_it_holds_registered_people_alone(self, office: Office, founder: Colleague):
        berta = office.colleague("berta", "pap")
        office.invite("clara")
        disabled = office.colleague("dora")
        User.update(disabled_at=START).where(User.id == disabled.user).execute()
        office.colleague("emil", team=make_team("Ü25", START).id)
        assert members(office).keys() == {founder.user, berta.user, disabled.user}
        assert members(office)[disabled.user]["left"] is True
        assert members(office)[berta.user] == {
            "user": berta.user,
            "display_name": "Berta",
            "role": "pap",
            "admitted": False,
            "box_public": berta.person.box_public,
            "sign_public": berta.person.sign_public,
            "statements": [],
        }

    def test_it_gives_signed_words_as_they_came(self, office: Office, anna: Colleague):
        body = anna.epoch()
        anna.browser.post("/api/epochs", body)
        state = membership.state(office.team)
        assert state["epochs"] == [body["epoch"]]
        assert state["members"][0]["statements"] == [body["statement"]]

    def test_registering_renews_the_mark(self, office: Office):
        invited = office.invite("anna")
        mark = the_mark(office)
        invited.accept()
        assert the_mark(office) != mark


class TestWordsThatOutliveTheirTime:
    @pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "2026-02-30T10:00:00Z"])
    def test_a_day_that_is_not_or_not_yet_is_refused(
        self, office: Office, founder: Colleague, at: str
    ):
        berta = office.colleague("berta")
        words = Statement.select().count()
        answer = founder.browser.post(
            "/api/statements",
            {"statement": founder.statement_about(berta) | {"at": at}, "envelopes": []},
        )
        assert fault(answer) == (400, "invalid", "statement.at")
        assert Statement.select().count() == words
        assert admitted(office, berta) == [False]

    def test_a_newcomer_has_one_word_about_each_colleague(self, office: Office, founder: Colleague):
        berta = office.colleague("berta")
        words = Statement.select().count()
        for second in range(3):
            word = berta.statement_about(founder, at=START + second * 1000)
            body = {"statement": word, "envelopes": []}
            assert berta.browser.post("/api/statements", body).status == 200
        assert Statement.select().count() == words + 1
