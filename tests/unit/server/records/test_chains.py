"""Sends that hang on other sends: keys before rows, rows before what lies below them."""

from typing import Any

import pytest

from server import envelopes
from server.db import run_many, write_transaction
from server.errors import ApiError
from server.ids import new_id
from tests.unit.server.office import Office, another_phone, dump, new_key_id, seal


def outcomes(answer: dict[str, Any]) -> list[tuple[int, str, str | None]]:
    """(n, verdict, code) of an answer's verdicts."""
    return [(v["n"], v["verdict"], v.get("code")) for v in answer["verdicts"]]


# Keys


def test_a_value_whose_key_is_not_stored_waits(office: Office) -> None:
    _, _, envelope, operation = office.anna.new_case()
    before = dump()
    answer = office.anna.send(operation)
    assert answer["verdicts"] == [{"n": 2, "verdict": "retry", "code": "key_open", "field": "name"}]
    assert dump() == before
    answer = office.anna.send(operation, envelopes=[envelope])
    assert outcomes(answer) == [(1, "accepted", None), (2, "accepted", None)]


def test_a_new_version_of_a_case_key_waits_for_its_own_envelope(office: Office) -> None:
    case, _ = office.anna.stored_case()
    newer = new_key_id(case)
    operation = office.anna.operation("client_case", case, {"phone": seal(newer)})
    assert office.anna.verdict(operation)["code"] == "key_open"
    envelope = office.berta.envelope(newer)
    office.berta.send(envelopes=[envelope])
    assert office.anna.verdict(operation)["verdict"] == "accepted"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"author": "0" * 32}, "bad_envelope", "author"),
        ({"owner": "0" * 32}, "bad_envelope", "key_id"),
        ({"key_id": "00"}, "bad_envelope", "key_id"),
        ({"purpose": "recovery"}, "bad_envelope", "purpose"),
        ({"reader": "0" * 48}, "bad_envelope", "reader"),
        ({"at": "yesterday"}, "bad_envelope", "at"),
        ({"box": "ä"}, "bad_envelope", "box"),
        ({"box": "A" * 5000}, "bad_envelope", "box"),
        ({"extra": 1}, "bad_envelope", "envelope"),
    ],
)
def test_a_bad_envelope_is_refused_by_name(
    office: Office, changes: dict[str, Any], code: str, field: str
) -> None:
    case = new_id(office.clock())
    envelope = office.anna.envelope(new_key_id(case), **changes)
    answer = office.anna.send(envelopes=[envelope])
    assert answer["verdicts"] == [{"n": 1, "verdict": "refused", "code": code, "field": field}]
    assert dump()["envelope"] == []


def test_an_envelope_without_a_part_is_refused(office: Office) -> None:
    envelope = office.anna.envelope(new_key_id(new_id(0)))
    del envelope["box"]
    assert office.anna.verdict(envelopes=[envelope])["field"] == "box"


def test_an_envelope_may_not_be_for_another_teams_epoch(office: Office) -> None:
    to_their_epoch = office.anna.envelope(new_key_id(new_id(0)), reader=office.stranger.epoch)
    assert office.anna.verdict(envelopes=[to_their_epoch])["field"] == "reader"


def test_an_envelope_for_another_teams_case_stays_in_its_own_team(office: Office) -> None:
    theirs, key_id = office.stranger.stored_case()
    before = office.stranger.pull()
    assert office.anna.verdict(envelopes=[office.anna.envelope(key_id)])["verdict"] == "accepted"
    assert office.stranger.pull()["envelopes"] == []
    assert set(before["rows"]) == {theirs}


def test_what_a_reader_was_given_is_never_replaced(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    stored = dump()["envelope"]
    other_box = office.berta.envelope(key_id)
    answer = office.berta.send(envelopes=[other_box])
    assert outcomes(answer) == [(1, "refused", "envelope_exists")]
    assert dump()["envelope"] == stored
    assert case in office.berta.pull()["rows"]


def test_the_same_box_from_another_device_is_accepted_once(office: Office) -> None:
    _, _, envelope, operation = office.anna.new_case()
    office.anna.send(operation, envelopes=[envelope])
    before = dump()
    twin = another_phone(office.anna)
    assert outcomes(twin.send(envelopes=[envelope])) == [(1, "accepted", None)]
    after = dump()
    assert (after["envelope"], after["team"]) == (before["envelope"], before["team"])


# Envelopes that come with an admission or a new epoch


def team_envelope(office: Office, reader: str, **changes: Any) -> dict[str, Any]:
    """The team key, closed by Anna for one person."""
    made = office.anna.envelope(office.anna.epoch, purpose="team", reader=reader, **changes)
    del made["n"]
    return made


def test_a_newcomer_is_handed_the_team_key(office: Office) -> None:
    newcomer = office.newcomer
    with write_transaction():
        envelopes.accept(office.anna.caller, [team_envelope(office, newcomer.user)], 0)
    assert newcomer.pull()["envelopes"] == []
    run_many('UPDATE "user" SET admitted_at = 1 WHERE id = ?', [(newcomer.user,)])
    assert [envelope["reader"] for envelope in newcomer.pull()["envelopes"]] == [newcomer.user]
    assert office.berta.pull()["envelopes"] == []


@pytest.mark.parametrize("who", ["pap", "deputy", "admin", "team_leader", "stranger"])
def test_nobody_but_an_ab_pap_of_the_team_is_handed_a_team_key(office: Office, who: str) -> None:
    before = dump()
    reader = getattr(office, who).user
    with pytest.raises(ApiError) as refused, write_transaction():
        envelopes.accept(office.anna.caller, [team_envelope(office, reader)], 0)
    assert (refused.value.code, refused.value.field) == ("bad_envelope", "envelopes.reader")
    assert dump() == before


def test_a_team_envelope_is_of_an_announced_epoch(office: Office) -> None:
    envelope = team_envelope(office, office.berta.user, key_id=new_key_id(office.team))
    with pytest.raises(ApiError, match="bad_envelope"), write_transaction():
        envelopes.accept(office.anna.caller, [envelope], 0)


# Rows


def test_a_change_waits_while_its_rows_creation_waits(office: Office) -> None:
    case, key_id, envelope, creation = office.anna.new_case()
    change = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
    visit_row, visit = office.anna.visit(case, key_id)
    change_visit = office.anna.operation("visit", visit_row, {"verbis_open": True})
    before = dump()
    waiting = (creation, change, visit, change_visit)
    assert outcomes(office.anna.send(*waiting)) == [
        (2, "retry", "key_open"),
        (3, "retry", "row_open"),
        (4, "retry", "row_open"),
        (5, "retry", "row_open"),
    ]
    # Also when the creation is not in the same request: the phone cuts its queue anywhere.
    assert outcomes(office.anna.send(change)) == [(3, "retry", "row_open")]
    assert dump() == before
    answer = office.anna.send(*waiting, envelopes=[envelope])
    assert {verdict["verdict"] for verdict in answer["verdicts"]} == {"accepted"}
    rows = office.anna.pull()["rows"]
    assert rows[case]["columns"]["closed"] == "2026-10-01"
    assert rows[visit_row]["columns"]["verbis_open"] is True


def test_what_hangs_on_a_refused_creation_is_refused_with_it(office: Office) -> None:
    case, key_id, envelope, creation = office.anna.new_case(phone="not sealed")
    change = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
    _, visit = office.anna.visit(case, key_id)
    assert outcomes(office.anna.send(creation, change, envelopes=[envelope])) == [
        (1, "accepted", None),
        (2, "refused", "sealed_malformed"),
        (3, "refused", "row_refused"),
    ]
    # And in a later request.
    assert outcomes(office.anna.send(visit)) == [(4, "refused", "row_refused")]


def test_a_mended_creation_under_a_new_number_is_accepted(office: Office) -> None:
    case, key_id, envelope, creation = office.anna.new_case(phone="not sealed")
    office.anna.send(creation, envelopes=[envelope])
    mended = office.anna.operation("client_case", case, {**creation["set"], "phone": seal(key_id)})
    change = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
    assert outcomes(office.anna.send(mended, change)) == [
        (3, "accepted", None),
        (4, "accepted", None),
    ]


def test_nobody_is_kept_waiting_for_a_row_that_will_not_come(office: Office) -> None:
    change = office.anna.operation("client_case", new_id(0), {"closed": "2026-10-01"})
    assert office.anna.verdict(change)["code"] == "row_unknown"


def test_a_column_written_while_the_row_was_made_elsewhere_waits_its_turn(office: Office) -> None:
    """Berta's phone has one open send below; Anna's numbers have nothing to do with it."""
    _, _, _, creation = office.berta.new_case()
    assert outcomes(office.berta.send(creation)) == [(2, "retry", "key_open")]
    change = office.anna.operation("client_case", creation["row"], {"closed": "2026-10-01"})
    assert office.anna.verdict(change)["code"] == "row_unknown"


def test_a_key_that_comes_last_is_still_in_time(office: Office) -> None:
    """Envelopes are judged before operations, whatever their numbers."""
    case, _ = office.anna.stored_case()
    newer = new_key_id(case)
    operation = office.anna.operation("client_case", case, {"phone": seal(newer)})
    envelope = office.anna.envelope(newer)
    assert outcomes(office.anna.send(operation, envelopes=[envelope])) == [
        (4, "accepted", None),
        (3, "accepted", None),
    ]
