"""What becomes of a send: every verdict, and that nothing changes with a refused one."""

from typing import Any

import pytest

from server.db import run_many
from server.errors import ApiError
from server.ids import new_id
from server.synced import SCHEMA
from sync.clock import make_stamp
from tests.unit.server.office import (
    START_MS,
    Office,
    another_phone,
    dump,
    new_key_id,
    seal,
)


def kept(tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """A dump without what a refusal may change: its own verdict and the device's count."""
    return {name: rows for name, rows in tables.items() if name not in {"verdict", "device"}}


def test_a_new_case_is_accepted_with_its_key(office: Office) -> None:
    row, _, envelope, operation = office.anna.new_case()
    answer = office.anna.send(operation, envelopes=[envelope])
    assert answer["verdicts"] == [
        {"n": 1, "verdict": "accepted"},
        {"n": 2, "verdict": "accepted"},
    ]
    assert [row["id"] for row in answer["rows"]] == [row]


# What each operation says instead of a good change to the case. Texts in angle brackets stand for
# what exists only when the test runs.
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown table": ({"table": "secret"}, "unknown_table", "table"),
    "table of the server's own": ({"table": "user"}, "unknown_table", "table"),
    "table of a wrong type": ({"table": ["visit"]}, "unknown_table", "table"),
    "no table": ({"table": None}, "unknown_table", "table"),
    "unknown column": ({"set": {"shoe_size": 44}}, "unknown_column", "shoe_size"),
    "column of the database": ({"set": {"seq": 1}}, "unknown_column", "seq"),
    "wrong type": ({"set": {"closed": 12}}, "wrong_type", "closed"),
    "no such day": ({"set": {"closed": "2026-02-30"}}, "wrong_type", "closed"),
    "create column changed": ({"set": {"kind": "handover"}}, "column_fixed", "kind"),
    "required column emptied": ({"set": {"name": None}}, "column_required", "name"),
    "label given": ({"set": {"pseudonym": "U25-999"}}, "column_given_by_server", "pseudonym"),
    "no seal where one belongs": ({"set": {"name": "Klara"}}, "sealed_malformed", "name"),
    "key of another case": ({"set": {"name": "<sealed elsewhere>"}}, "wrong_key", "name"),
    "empty set": ({"set": {}}, "operation_malformed", "set"),
    "set of a wrong type": ({"set": ["name"]}, "operation_malformed", "set"),
    "stamp malformed": ({"stamp": "now"}, "operation_malformed", "stamp"),
    "row malformed": ({"row": "1; DROP"}, "operation_malformed", "row"),
    "row of a wrong type": ({"row": 7}, "operation_malformed", "row"),
    "base of a register": (
        {"set": {"name": "<sealed>"}, "base": {"name": []}},
        "base_not_text",
        "name",
    ),
    "extra part": ({"team": "<new row>"}, "operation_malformed", "operation"),
    "row nobody made": (
        {"row": "<new row>", "set": {"closed": "2026-01-01"}},
        "row_unknown",
        "row",
    ),
    "new row without what it needs": (
        {"row": "<new row>", "set": {"kind": "handover"}},
        "column_required",
        "name",
    ),
    "new row with an unknown code": (
        {"row": "<new row>", "set": {"kind": "hobby"}},
        "unknown_code",
        "kind",
    ),
    "visit to a case nobody made": (
        {"table": "visit", "row": "<new row>", "set": {"case": "<new row>"}},
        "row_unknown",
        "case",
    ),
    "visit sealed for another case": (
        {
            "table": "visit",
            "row": "<new row>",
            "set": {"case": "<case>", "outcome": "<sealed elsewhere>"},
        },
        "wrong_key",
        "outcome",
    ),
}


def filled_in(part: Any, case: str, key_id: str) -> Any:
    """The parts of an operation with their stand-ins replaced."""
    if isinstance(part, dict):
        return {name: filled_in(inner, case, key_id) for name, inner in part.items()}
    stand_ins = {
        "<case>": lambda: case,
        "<new row>": lambda: new_id(0),
        "<sealed>": lambda: seal(key_id),
        "<sealed elsewhere>": lambda: seal(new_key_id(new_id(0))),
    }
    return stand_ins[part]() if isinstance(part, str) and part in stand_ins else part


@pytest.mark.parametrize(("bad", "code", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused_by_name_and_changes_nothing(
    office: Office, bad: dict[str, Any], code: str, field: str
) -> None:
    case, key_id = office.anna.stored_case()
    before = kept(dump())
    operation = office.anna.operation("client_case", case, {"phone": seal(key_id)})
    operation |= filled_in(bad, case, key_id)
    verdict = office.anna.verdict(operation)
    assert verdict == {"n": operation["n"], "verdict": "refused", "code": code, "field": field}
    assert kept(dump()) == before
    # A refusal is kept: the same bytes get the same answer.
    assert office.anna.verdict(operation) == verdict


def test_one_bad_operation_does_not_stop_the_others(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    good = office.anna.operation("client_case", case, {"phone": seal(key_id)})
    bad = office.anna.operation("client_case", case, {"phone": "0241"})
    also_good = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
    verdicts = office.anna.send(good, bad, also_good)["verdicts"]
    assert [verdict["verdict"] for verdict in verdicts] == ["accepted", "refused", "accepted"]
    row = office.anna.pull()["rows"][case]
    assert row["columns"]["phone"] == good["set"]["phone"]
    assert row["columns"]["closed"] == "2026-10-01"


def test_a_newer_phone_keeps_what_this_server_does_not_know(office: Office) -> None:
    case, _ = office.anna.stored_case()
    column = office.anna.operation("client_case", case, {"shoe_size": 44})
    table = office.anna.operation("shoe", new_id(0), {"size": 44})
    before = dump()
    verdicts = office.anna.send(column, table, schema=SCHEMA + 1)["verdicts"]
    assert [(v["verdict"], v["code"]) for v in verdicts] == [("retry", "schema_newer")] * 2
    assert dump() == before


# The same number again


def test_the_same_bytes_get_the_stored_verdict_and_change_nothing(office: Office) -> None:
    _, _, envelope, operation = office.anna.new_case()
    first = office.anna.send(operation, envelopes=[envelope])
    before = dump()
    office.clock.advance(60_000)
    again = office.anna.send(operation, envelopes=[envelope])
    assert again["verdicts"] == first["verdicts"]
    assert dump() == before


def test_a_reply_that_got_lost_is_given_again(office: Office) -> None:
    """The server committed, the phone never heard of it: it sends the same again, and more."""
    case, key_id, envelope, operation = office.anna.new_case()
    office.anna.send(operation, envelopes=[envelope])
    later = office.anna.operation("client_case", case, {"phone": seal(key_id)})
    verdicts = office.anna.send(operation, later, envelopes=[envelope])["verdicts"]
    assert [verdict["verdict"] for verdict in verdicts] == ["accepted"] * 3
    assert office.anna.pull()["rows"][case]["columns"]["pseudonym"] == "U25-001"


def test_the_same_operation_twice_in_one_request_counts_once(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    operation = office.anna.operation("client_case", case, {"phone": seal(key_id)})
    answer = office.anna.send(operation, operation)
    assert answer["verdicts"] == [{"n": operation["n"], "verdict": "accepted"}]
    assert dump()["history"] == []


@pytest.mark.parametrize("alone", [True, False])
def test_other_bytes_under_a_used_number_refuse_the_whole_request(
    office: Office, alone: bool
) -> None:
    case, key_id = office.anna.stored_case()
    first = office.anna.operation("client_case", case, {"phone": seal(key_id)})
    office.anna.send(first)
    good = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
    cloned = {**first, "set": {"phone": seal(key_id)}}
    before = dump()
    with pytest.raises(ApiError) as refused:
        office.anna.send(*([cloned] if alone else [good, cloned]))
    assert (refused.value.code, refused.value.status) == ("device_cloned", 409)
    assert dump() == before


def test_two_contents_under_one_number_in_one_request_are_a_clone(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    first = office.anna.operation("client_case", case, {"phone": seal(key_id)})
    before = dump()
    with pytest.raises(ApiError, match="device_cloned"):
        office.anna.send(first, {**first, "set": {"closed": "2026-10-01"}})
    assert dump() == before


def test_a_cloned_phone_sends_under_new_numbers_what_its_twin_has_sent(office: Office) -> None:
    """The clone's outbox holds operations that were accepted already: they are known again."""
    anna = office.anna
    case, key_id, envelope, creation = anna.new_case()
    change = anna.operation("client_case", case, {"situation": seal(key_id)})
    later = anna.operation(
        "client_case", case, {"situation": seal(key_id)}, base={"situation": [change["stamp"]]}
    )
    anna.send(creation, change, later, envelopes=[envelope])
    before = kept(dump())
    twin = another_phone(anna)
    renumbered = [{**op, "n": n} for n, op in enumerate((creation, change, later), start=2)]
    verdicts = twin.send(*renumbered, envelopes=[{**envelope, "n": 1}])["verdicts"]
    assert [verdict["verdict"] for verdict in verdicts] == ["accepted"] * 4
    assert kept(dump()) == before


def test_a_clone_may_send_a_later_change_before_the_creation_it_overwrites(
    office: Office,
) -> None:
    anna = office.anna
    _, key_id, envelope, creation = anna.new_case()
    anna.send(creation, envelopes=[envelope])
    change = anna.operation("client_case", creation["row"], {"name": seal(key_id)})
    before = kept(dump())
    twin = another_phone(anna)
    verdicts = twin.send({**change, "n": 2}, {**creation, "n": 1})["verdicts"]
    assert [verdict["verdict"] for verdict in verdicts] == ["accepted"] * 2
    assert kept(dump()) != before


def test_other_words_under_a_used_stamp_are_not_taken_for_sent(office: Office) -> None:
    """A phone should never stamp twice alike; should it, both writes are kept."""
    case, key_id = office.anna.stored_case()
    first = office.anna.operation("client_case", case, {"wishes": seal(key_id)})
    office.anna.send(first)
    second = office.anna.operation(
        "client_case", case, {"wishes": seal(key_id)}, stamp=first["stamp"]
    )
    verdict = office.anna.verdict(second)
    assert verdict["verdict"] == "accepted"
    twin = another_phone(office.anna)
    again = twin.send({**first, "n": 1}, {**second, "n": 2})["verdicts"]
    assert [one.get("effective") for one in again] == [None, verdict["effective"]]
    row = office.berta.pull()["rows"][case]
    kept_values = {row["columns"]["wishes"], *[v[0] for v in row["versions"]["wishes"]]}
    assert kept_values == {first["set"]["wishes"], second["set"]["wishes"]}


# The clock


def test_a_clock_far_ahead_is_clamped_and_told(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    year = 365 * 24 * 3600 * 1000
    ahead = office.anna.operation(
        "client_case", case, {"phone": seal(key_id)}, ms=office.clock() + year
    )
    verdict = office.anna.verdict(ahead)
    assert verdict["verdict"] == "accepted"
    assert verdict["effective"] == make_stamp(office.clock() + 120_000, 0, office.anna.node)
    row = office.anna.pull()["rows"][case]
    assert row["stamps"]["phone"] == [ahead["stamp"], verdict["effective"], office.anna.user]


def test_a_device_never_falls_behind_its_own_last_stamp(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    ahead = office.clock() + 110_000
    office.anna.send(office.anna.operation("client_case", case, {"phone": seal(key_id)}, ms=ahead))
    back = office.anna.operation("client_case", case, {"phone": seal(key_id)}, ms=START_MS - 5000)
    verdict = office.anna.verdict(back)
    assert verdict["effective"] == make_stamp(ahead, 1, office.anna.node)
    assert office.anna.pull()["rows"][case]["columns"]["phone"] == back["set"]["phone"]


def test_a_clock_far_behind_loses_but_is_accepted(office: Office) -> None:
    case, key_id = office.anna.stored_case(phone=None)
    shown = office.anna.operation("client_case", case, {"address": seal(key_id)})
    office.anna.send(shown)
    old = office.berta.operation("client_case", case, {"address": seal(key_id)}, ms=1000)
    assert office.berta.verdict(old) == {"n": 1, "verdict": "accepted"}
    columns = office.berta.pull()["rows"][case]["columns"]
    assert columns["address"] == shown["set"]["address"]
    assert columns["phone"] is None
    assert [item["value"] for item in office.berta.history("client_case", case)] == [
        old["set"]["address"]
    ]


# Pseudonyms


def test_pseudonyms_count_up_per_team(office: Office) -> None:
    given = []
    for phone in (office.anna, office.berta, office.stranger, office.anna):
        case, _ = phone.stored_case()
        given.append(phone.pull()["rows"][case]["columns"]["pseudonym"])
    assert given == ["U25-001", "U25-002", "U25-001", "U25-003"]


def test_a_refused_case_uses_no_pseudonym(office: Office) -> None:
    office.anna.send(office.anna.operation("client_case", new_id(0), {"kind": "handover"}))
    case, _ = office.anna.stored_case()
    row = office.anna.pull()["rows"][case]
    assert row["columns"]["pseudonym"] == "U25-001"
    assert "stamps" not in row


def test_a_person_who_is_not_of_the_team_cannot_be_named(office: Office) -> None:
    case, key_id = office.anna.stored_case(counsellor=office.berta.user)
    for nobody in (new_id(0), office.stranger.user):
        change = office.anna.operation("client_case", case, {"counsellor": nobody})
        verdict = office.anna.verdict(change)
        assert (verdict["verdict"], verdict["code"], verdict["field"]) == (
            "refused",
            "person_unknown",
            "counsellor",
        )
    _, visit = office.anna.visit(case, key_id, counsellor=office.anna.user, companion=None)
    assert office.anna.verdict(visit)["verdict"] == "accepted"


@pytest.mark.parametrize("table", ["device", "user"])
def test_who_was_locked_out_while_waiting_for_her_turn_writes_nothing(
    office: Office, table: str
) -> None:
    """The caller is known before the lock is taken; a lot may happen in between."""
    case, key_id = office.anna.stored_case()
    change = office.anna.operation("client_case", case, {"phone": seal(key_id)})
    row, column = {
        "device": (office.anna.caller.device, "revoked_at"),
        "user": (office.anna.user, "disabled_at"),
    }[table]
    run_many(f'UPDATE "{table}" SET {column} = 1 WHERE id = ?', [(row,)])
    before = dump()
    with pytest.raises(ApiError) as refused:
        office.anna.send(change)
    assert refused.value.code == "sign_in_needed"
    assert dump() == before
