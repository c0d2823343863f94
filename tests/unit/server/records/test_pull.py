"""What comes back: pages that end anywhere, envelopes before rows, versions, history."""

from typing import Any

import pytest

from server.accounts import Team
from server.db import database
from server.errors import ApiError
from sync.operation import sealed_key_id
from tests.unit.server.office import Office, Phone, dump, new_key_id, seal


def busy_week(office: Office) -> None:
    """Cases, contacts and changes by both, so that tables and envelopes lie interleaved."""
    for phone in (office.anna, office.berta, office.anna):
        case, key_id = phone.stored_case()
        contacts = [phone.visit(case, key_id)[1] for _ in range(3)]
        phone.send(*contacts)
        phone.send(phone.operation("client_case", case, {"phone": seal(key_id)}))
        newer = new_key_id(case)
        phone.send(envelopes=[phone.envelope(newer)])
        phone.send(phone.operation("visit", contacts[0]["row"], {"place": seal(newer)}))


def as_text(found: dict[str, Any]) -> str:
    """What a pull found, comparable: the order of pages does not matter for the state."""
    envelopes = sorted(found["envelopes"], key=lambda e: (e["key_id"], e["reader"]))
    return repr((sorted(found["rows"].items()), envelopes))


def test_every_page_size_gives_the_same_state(office: Office) -> None:
    busy_week(office)
    whole = office.anna.pull(2000)
    assert len(whole["rows"]) == 3 + 9
    assert len(whole["envelopes"]) == 6
    for limit in range(1, 20):
        phone = Phone(office.anna.caller, office.clock, office.anna.epoch)
        found = phone.pull(limit)
        assert as_text(found) == as_text(whole)
        assert found["pages"] == -(-18 // limit)
        assert phone.send(limit=limit)["more"] is False
        assert phone.cursor == office.anna.cursor


def test_a_page_may_end_between_tables_and_envelopes(office: Office) -> None:
    busy_week(office)
    phone = Phone(office.berta.caller, office.clock, office.berta.epoch)
    known: set[str] = set()
    pages, more = 0, True
    while more:
        answer = phone.send(limit=1)
        pages, more = pages + 1, answer["more"]
        phone.cursor, phone.log_id = answer["cursor"], answer["log_id"]
        known |= {envelope["key_id"] for envelope in answer["envelopes"]}
        for row in answer["rows"]:
            assert all(key in known for key in keys_of(row)), "a row came before its key"
    assert pages == 18


def keys_of(row: dict[str, Any]) -> set[str]:
    """The key ids of a row's sealed values."""
    values = [v for v in row["columns"].values() if isinstance(v, str) and len(v) > 100]
    return {sealed_key_id(value) for value in values}


def test_changes_during_a_paged_pull_are_not_missed(office: Office) -> None:
    busy_week(office)
    phone = Phone(office.anna.caller, office.clock, office.anna.epoch)
    rows: dict[str, Any] = {}
    first = True
    more = True
    while more:
        answer = phone.send(limit=4)
        rows |= {row["id"]: row for row in answer["rows"]}
        phone.cursor, phone.log_id, more = answer["cursor"], answer["log_id"], answer["more"]
        if first:
            for row in answer["rows"]:
                change = office.berta.operation(row["table"], row["id"], {"deleted_at": None})
                assert office.berta.verdict(change)["verdict"] == "accepted"
            first = False
    fresh = Phone(office.anna.caller, office.clock, office.anna.epoch)
    assert rows == fresh.pull()["rows"]


def test_the_author_gets_her_row_back_also_when_she_lost(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    office.berta.pull()
    old = office.berta.operation("client_case", case, {"kind": "handover"})
    late = office.berta.operation("client_case", case, {"name": seal(key_id)}, ms=1)
    answer = office.berta.send(old, late)
    assert [verdict["verdict"] for verdict in answer["verdicts"]] == ["refused", "accepted"]
    assert [row["id"] for row in answer["rows"]] == [case]


def test_one_stamp_for_a_row_until_a_column_is_written_alone(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    row = office.anna.pull()["rows"][case]
    assert "stamps" not in row
    assert "versions" not in row
    assert row["created_by"] == office.anna.user
    later = office.berta.operation("client_case", case, {"phone": seal(key_id)})
    office.berta.send(later)
    row = office.anna.pull()["rows"][case]
    assert row["stamps"] == {"phone": [later["stamp"], later["stamp"], office.berta.user]}


def test_two_people_who_wrote_at_once_leave_two_versions(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    hers = office.anna.operation("client_case", case, {"wishes": seal(key_id)})
    office.clock.advance(1000)
    other = office.berta.operation("client_case", case, {"wishes": seal(key_id)})
    office.anna.send(hers)
    office.berta.send(other)
    versions = office.anna.pull()["rows"][case]["versions"]["wishes"]
    assert [version[0] for version in versions] == [other["set"]["wishes"], hers["set"]["wishes"]]
    chosen = office.anna.operation(
        "client_case",
        case,
        {"wishes": seal(key_id)},
        base={"wishes": [hers["stamp"], other["stamp"]]},
        ms=office.clock() + 1000,
    )
    office.anna.send(chosen)
    row = office.anna.pull()["rows"][case]
    assert "versions" not in row
    assert row["columns"]["wishes"] == chosen["set"]["wishes"]


def test_history_tells_everything_that_was_overwritten(office: Office) -> None:
    case, key_id = office.anna.stored_case(phone=None)
    written = []
    for phone in (office.anna, office.berta, office.anna):
        office.clock.advance(1000)
        operation = phone.operation("client_case", case, {"phone": seal(key_id)})
        phone.send(operation)
        written.append((operation["set"]["phone"], operation["stamp"], phone.user))
    kept = office.berta.history("client_case", case)
    assert [(i["value"], i["claimed"], i["author"]) for i in kept[:2]] == written[1::-1]
    assert (kept[2]["column"], kept[2]["value"]) == ("phone", None)
    assert [item["seq"] for item in kept] == sorted((i["seq"] for i in kept), reverse=True)
    assert office.berta.history("client_case", case)[0]["effective"] == written[1][1]


# State, scope, log


def test_scope_and_state_come_only_when_they_changed(office: Office) -> None:
    first = office.anna.send()
    assert first["scope"]["team"] == office.team
    assert len(first["state"]["members"]) == 7
    assert first["state"]["settings"]["lock_minutes"] == 5
    hashes = {"scope": first["scope"]["hash"], "state": first["state"]["hash"]}
    again = office.anna.send(**hashes)
    assert "scope" not in again
    assert "state" not in again
    Team.update(state_mark="another").where(Team.id == office.team).execute()
    assert "state" not in office.anna.send(**hashes), "another mark, but nothing else changed"


def test_behind_the_last_row_nothing_comes_again(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    office.anna.pull()
    last = office.anna.cursor
    assert last is not None
    assert last.isdecimal(), "nothing of its seq is left"
    again = office.anna.send(cursor=last)
    assert (again["rows"], again["envelopes"], again["cursor"]) == ([], [], last)
    office.berta.send(office.berta.operation("client_case", case, {"phone": seal(key_id)}))
    assert [row["id"] for row in office.anna.send(cursor=last)["rows"]] == [case]


@pytest.mark.parametrize("cursor", ["", "x", "1.", "1.visit", "-1.visit." + "0" * 32, "ä" * 30])
def test_an_odd_cursor_is_malformed(office: Office, cursor: str) -> None:
    with pytest.raises(ApiError) as refused:
        office.anna.send(cursor=cursor)
    assert (refused.value.code, refused.value.field) == ("malformed", "cursor")


def test_a_cursor_at_a_table_of_yesterday_still_works(office: Office) -> None:
    case, _ = office.anna.stored_case()
    answer = office.anna.send(cursor="1.a_table_of_yesterday." + "0" * 32)
    assert [row["id"] for row in answer["rows"]] == [case]


def test_a_pull_alone_writes_nothing_and_waits_for_nobody(office: Office) -> None:
    office.anna.stored_case()
    before = dump()
    statements: list[str] = []
    database.obj.query_hooks.append(lambda event: statements.append(event.sql))
    try:
        office.anna.pull()
    finally:
        database.obj.query_hooks.clear()
    assert dump() == before
    assert {statement.split()[0] for statement in statements} <= {"SELECT"}


def test_a_push_without_a_pull_is_possible(office: Office) -> None:
    case, _, envelope, operation = office.anna.new_case()
    answer = office.anna.send(operation, envelopes=[envelope], limit=0)
    # What she made comes with its verdict all the same: only so she hears its name.
    assert [(row["id"], row["columns"]["pseudonym"]) for row in answer["rows"]] == [
        (case, "U25-001")
    ]
    assert (answer["envelopes"], answer["more"]) == ([], True)
    assert answer["cursor"] is None
