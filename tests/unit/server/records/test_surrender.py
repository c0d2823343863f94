"""What a phone gives up that the office has locked out: all of it waits for a decision."""

import json
from typing import Any

import msgspec
import pytest

from server import devices
from server.accounts import Device
from server.audit import AuditEntry
from server.db import run_many
from server.errors import ApiError
from server.ids import new_id
from server.sends import read_sends
from server.surrender import take
from server.sync_endpoint import read_request
from tests.unit.server.office import Office, Phone, dump, new_key_id, seal


def lock_out(office: Office, phone: Phone) -> None:
    assert devices.lock_out(phone.caller.device, office.admin.user, now=office.clock())


def give_up(phone: Phone, *operations: dict[str, Any], **parts: Any) -> list[dict[str, Any]]:
    """One batch to `POST /api/surrender`, without HTTP; its verdicts."""
    message = read_request(phone.body(*operations, **parts))
    sends = read_sends(message.envelopes, message.operations)
    answer = take(phone.caller, sends, message.schema, phone.clock())
    return json.loads(msgspec.json.encode(answer))


def waiting(office: Office) -> list[dict[str, Any]]:
    """What berta's phone is asked to decide."""
    return office.berta.send()["state"].get("held", [])


def decide(office: Office, monkeypatch: pytest.MonkeyPatch, row: str, decision: str) -> None:
    """Berta decides, as `POST /api/held` does it."""
    from server import access, held
    from server.acceptance import release
    from server.db import write_transaction

    monkeypatch.setattr(access, "now", office.clock)
    with write_transaction():
        taken = held._take(office.berta.caller, held.Decision(row, decision))
        if decision == "released":
            release(office.berta.caller, taken, office.clock())


def test_everything_is_held_and_nothing_is_merged(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    visit, creation = office.anna.visit(case, key_id)
    change = office.anna.operation("client_case", case, {"phone": seal(key_id)})
    rows = dump()["client_case"], dump()["visit"]
    lock_out(office, office.anna)
    with pytest.raises(ApiError, match="sign_in_needed"):
        office.anna.send(creation)
    verdicts = give_up(office.anna, creation, change)
    assert [verdict["verdict"] for verdict in verdicts] == ["held", "held"]
    assert (dump()["client_case"], dump()["visit"]) == rows
    held = waiting(office)
    assert {(one["author"], one["case"]) for one in held} == {(office.anna.user, case)}
    assert {one["operation"]["row"] for one in held} == {visit, case}


def test_the_same_again_gets_the_same_verdicts_and_is_held_once(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    _, creation = office.anna.visit(case, key_id)
    lock_out(office, office.anna)
    assert give_up(office.anna, creation) == give_up(office.anna, creation)
    assert len(waiting(office)) == 1


def test_after_the_last_one_nothing_is_taken(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    _, first = office.anna.visit(case, key_id)
    _, second = office.anna.visit(case, key_id)
    lock_out(office, office.anna)
    give_up(office.anna, first)
    assert give_up(office.anna) == []
    assert give_up(office.anna, second) == []
    assert give_up(office.anna) == []
    assert len(waiting(office)) == 1
    assert Device.get_by_id(office.anna.caller.device).surrendered_at == office.clock()
    [line] = AuditEntry.select().where(AuditEntry.kind == "device_surrendered")
    assert (line.actor_id, line.detail[-1]) == (office.anna.user, "1")


def test_a_new_case_with_its_key_and_its_visit_is_held_and_released_together(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, key_id, envelope, creation = office.anna.new_case()
    visit, contact = office.anna.visit(case, key_id)
    lock_out(office, office.anna)
    verdicts = give_up(office.anna, creation, envelopes=[envelope])
    assert [verdict["verdict"] for verdict in verdicts] == ["accepted", "held"]
    assert give_up(office.anna, contact)[0]["verdict"] == "held"
    decide(office, monkeypatch, visit, "released")
    rows = office.berta.pull()["rows"]
    assert rows.keys() == {case, visit}
    assert {rows[row]["created_by"] for row in rows} == {office.anna.user}
    assert rows[case]["columns"]["pseudonym"]
    assert waiting(office) == []


def test_a_new_case_is_discarded_with_what_hangs_below(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, key_id, envelope, creation = office.anna.new_case()
    visit, contact = office.anna.visit(case, key_id)
    lock_out(office, office.anna)
    give_up(office.anna, creation, contact, envelopes=[envelope])
    decide(office, monkeypatch, case, "discarded")
    assert waiting(office) == []
    with pytest.raises(ApiError, match="not_found"):
        decide(office, monkeypatch, visit, "released")
    assert office.berta.pull()["rows"] == {}


def test_a_new_cases_visit_may_be_discarded_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, key_id, envelope, creation = office.anna.new_case()
    visit, contact = office.anna.visit(case, key_id)
    lock_out(office, office.anna)
    give_up(office.anna, creation, contact, envelopes=[envelope])
    decide(office, monkeypatch, visit, "discarded")
    assert [one["operation"]["row"] for one in waiting(office)] == [case]
    decide(office, monkeypatch, case, "released")
    assert office.berta.pull()["rows"].keys() == {case}


def test_what_comes_after_its_case_was_discarded_can_only_be_discarded(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, key_id, envelope, creation = office.anna.new_case()
    visit, contact = office.anna.visit(case, key_id)
    lock_out(office, office.anna)
    give_up(office.anna, creation, contact, envelopes=[envelope])
    # Between two batches somebody decided about the case.
    run_many("UPDATE held SET decision = 'discarded' WHERE row = ?", [(case,)])
    with pytest.raises(ApiError, match="not_found"):
        decide(office, monkeypatch, visit, "released")
    decide(office, monkeypatch, visit, "discarded")
    assert waiting(office) == []
    assert office.berta.pull()["rows"] == {}


def test_what_no_sync_would_accept_is_refused_here_too(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    _, contact = office.deputy.visit(case, key_id)
    nonsense = office.anna.operation("visit", case, {"nothing": 1})
    for phone in (office.deputy, office.anna):
        lock_out(office, phone)
    assert give_up(office.deputy, contact)[0]["code"] == "row_unknown"
    assert give_up(office.anna, nonsense)[0]["verdict"] == "refused"
    assert waiting(office) == []


def test_what_follows_on_a_held_row_must_be_sound_too(office: Office) -> None:
    case, key_id, envelope, creation = office.anna.new_case()
    other, _ = office.anna.stored_case()
    lock_out(office, office.anna)
    give_up(office.anna, creation, envelopes=[envelope])
    changes = {
        "unknown_column": office.anna.operation("client_case", case, {"nothing": 1}),
        "sealed_malformed": office.anna.operation("client_case", case, {"phone": "0341 000"}),
        "wrong_key": office.anna.operation("client_case", case, {"phone": seal(new_key_id(other))}),
        "row_unknown": office.anna.operation("visit", case, {"verbis_open": False}),
        "key_open": office.anna.operation("client_case", case, {"phone": seal(new_key_id(case))}),
        "late_work": office.anna.operation("client_case", case, {"phone": seal(key_id)}),
    }
    verdicts = give_up(office.anna, *changes.values())
    assert [verdict["code"] for verdict in verdicts] == list(changes)
    assert [one["operation"]["set"] for one in waiting(office)] == [
        creation["set"],
        changes["late_work"]["set"],
    ]


def test_a_handover_that_a_restored_log_forgot_costs_a_deputy_nothing(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    _, contact = office.deputy.visit(case, key_id)
    _, elsewhere = office.deputy.visit(new_id(office.clock()), key_id)
    run_many("UPDATE log SET restored_at = ?", [(office.clock(),)])
    lock_out(office, office.deputy)
    held, unknown = give_up(office.deputy, contact, elsewhere)
    assert held["verdict"] == "held"
    assert unknown["verdict"] != "held"
    assert [one["case"] for one in waiting(office)] == [case]


def test_a_deputys_phone_gives_up_what_was_handed_to_her(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    _, handover = office.anna.handover(case, key_id, office.deputy.user)
    office.anna.send(handover)
    _, contact = office.deputy.visit(case, key_id)
    lock_out(office, office.deputy)
    assert give_up(office.deputy, contact)[0]["verdict"] == "held"
    assert waiting(office)[0]["author"] == office.deputy.user


def test_which_cases_a_phone_could_hold_is_kept_by_their_pseudonyms(office: Office) -> None:
    handed, key_id = office.anna.stored_case()
    office.anna.stored_case()
    _, handover = office.anna.handover(handed, key_id, office.deputy.user)
    office.anna.send(handover)
    columns = {row["id"]: row["columns"] for row in office.anna.pull()["rows"].values()}
    named = columns[handed]["pseudonym"]
    named = named if isinstance(named, str) else named[0]
    for phone in (office.anna, office.deputy, office.team_leader, office.newcomer):
        lock_out(office, phone)
    kept = {one.id: one.cases_at_lock or "" for one in Device.select()}
    assert len(kept[office.anna.caller.device].split()) == 2
    assert kept[office.deputy.caller.device] == named
    assert kept[office.team_leader.caller.device] == ""
    assert kept[office.newcomer.caller.device] == ""
    lines = {line.subject: line.detail for line in AuditEntry.select()}
    # The log has their number, and leads to the device for the rest.
    assert lines[office.anna.caller.device].endswith("Fälle darauf: 2")
    assert lines[office.deputy.caller.device].endswith("Fälle darauf: 1")
    assert not any(named in detail for detail in lines.values())
