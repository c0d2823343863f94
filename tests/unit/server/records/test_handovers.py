"""A case handed to a deputy: what reaches her, what she may write, and what happens at the end."""

from typing import Any

import pytest

from server import erasure, log
from server.db import run_many, write_transaction
from server.errors import ApiError
from server.ids import new_id
from tests.unit.server.office import Office, Phone, another_phone, dump, new_key_id, seal

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS
# The office's clock starts on 2026-09-21, 13:33 UTC.


@pytest.fixture
def handed(office: Office) -> tuple[str, str]:
    """(case, key id) of a case handed to the deputy from 21 to 30 September, her key with it."""
    case, key_id = office.anna.stored_case(phone=None, situation=None)
    _, handover = office.anna.handover(case, key_id, office.deputy.user)
    closed = office.anna.envelope(key_id, reader=office.deputy.user)
    verdicts = office.anna.send(handover, envelopes=[closed])["verdicts"]
    assert {verdict["verdict"] for verdict in verdicts} == {"accepted"}, verdicts
    return case, key_id


def visit_of(phone: Phone, case: str, key_id: str) -> str:
    """A visit this phone has sent; its row."""
    row, operation = phone.visit(case, key_id, place_kind=seal(key_id))
    assert phone.verdict(operation)["verdict"] == "accepted"
    return row


@pytest.mark.parametrize("who", ["deputy", "pap"])
def test_only_the_handed_case_and_its_key_travel(office: Office, who: str) -> None:
    other, other_key = office.anna.stored_case()
    visit_of(office.anna, other, other_key)
    case, key_id = office.anna.stored_case()
    mine = visit_of(office.anna, case, key_id)
    phone = office.without_rights[who]
    row, handover = office.anna.handover(case, key_id, phone.user)
    closed = office.anna.envelope(key_id, reader=phone.user)
    office.anna.send(handover, envelopes=[closed])
    pulled = phone.pull()
    assert set(pulled["rows"]) == {case, mine, row}
    assert [(e["key_id"], e["reader"]) for e in pulled["envelopes"]] == [(key_id, phone.user)]
    scope = phone.send()["scope"]
    assert (scope["team"], set(scope["cases"])) == (None, {case})
    # Until the end of 30 September in Berlin.
    assert scope["cases"][case] == 1_790_805_600_000


def test_columns_that_are_not_shared_stay_at_home(office: Office, handed: tuple[str, str]) -> None:
    case, key_id = handed
    theirs = visit_of(office.anna, case, key_id)
    office.anna.send(
        office.anna.operation("client_case", case, {"situation": seal(key_id)}),
        office.anna.operation("visit", theirs, {"observation": seal(key_id)}),
    )
    own = visit_of(office.deputy, case, key_id)
    rows = office.deputy.pull()["rows"]
    assert {"name", "kind", "pseudonym", "phone"} == rows[case]["columns"].keys()
    assert {"case", "outcome", "place_kind"} == rows[theirs]["columns"].keys()
    assert "stamps" not in rows[case]
    assert "stamps" not in rows[theirs]
    assert {"case", "outcome", "place_kind", "observation"} == rows[own]["columns"].keys()
    everything = office.anna.pull()["rows"]
    assert everything[own]["created_by"] == office.deputy.user
    assert "observation" in everything[theirs]["columns"]


def test_pages_may_end_anywhere(office: Office, handed: tuple[str, str]) -> None:
    case, key_id = handed
    for _ in range(7):
        visit_of(office.anna, case, key_id)
    other, other_key = office.anna.stored_case()
    _, handover = office.anna.handover(other, other_key, office.deputy.user)
    office.anna.send(handover)
    whole = office.deputy.pull()
    office.deputy.cursor = None
    scope = office.deputy.send(limit=0)["scope"]["hash"]
    for limit in (1, 2, 3):
        rows: dict[str, object] = {}
        cursor, more = None, True
        while more:
            answer = office.deputy.send(limit=limit, cursor=cursor, scope=scope)
            assert len(answer["rows"]) + len(answer["envelopes"]) <= limit
            assert not rows.keys() & {row["id"] for row in answer["rows"]}
            rows |= {row["id"]: row for row in answer["rows"]}
            cursor, more = answer["cursor"], answer["more"]
        assert rows == whole["rows"]


def test_she_may_record_and_mend_her_own_contacts_and_nothing_else(
    office: Office, handed: tuple[str, str]
) -> None:
    case, key_id = handed
    theirs = visit_of(office.anna, case, key_id)
    own = visit_of(office.deputy, case, key_id)
    deputy = office.deputy
    mended = deputy.operation("visit", own, {"observation": seal(key_id)})
    assert deputy.verdict(mended)["verdict"] == "accepted"
    for table, row, values in [
        ("visit", theirs, {"outcome": seal(key_id)}),
        ("client_case", case, {"phone": seal(key_id)}),
        ("handed_case", new_id(0), {"until": "2030-01-01"}),
    ]:
        verdict = deputy.verdict(deputy.operation(table, row, values))
        assert (verdict["verdict"], verdict["code"]) == ("refused", "role_may_not")
    other, other_key = office.anna.stored_case()
    _, foreign = deputy.visit(other, other_key)
    assert deputy.verdict(foreign)["code"] == "row_unknown"
    _, under_a_hidden_id = deputy.visit(case, key_id)
    hidden = visit_of(office.anna, other, other_key)
    assert deputy.verdict({**under_a_hidden_id, "row": hidden})["code"] == "row_unknown"
    envelope = deputy.envelope(new_key_id(case))
    assert deputy.verdict(envelopes=[envelope])["code"] == "role_may_not"


def test_history_stays_with_the_team(office: Office, handed: tuple[str, str]) -> None:
    case, key_id = handed
    office.anna.send(office.anna.operation("client_case", case, {"name": seal(key_id)}))
    with pytest.raises(ApiError):
        office.deputy.history("client_case", case)


def test_it_begins_and_ends_by_itself(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    days = {"starts": "2026-09-22", "until": "2026-09-23"}
    _, handover = office.anna.handover(case, key_id, office.deputy.user, **days)
    office.anna.send(handover)
    seen = []
    for _ in range(5):
        seen.append(case in office.deputy.pull()["rows"])
        office.deputy.cursor = None
        office.clock.advance(DAY_MS)
    assert seen == [False, True, True, False, False]


@pytest.mark.parametrize(
    "change", [{"until": "2026-09-20"}, {"deleted_at": "2026-09-21T14:00:00Z"}]
)
def test_it_can_be_ended_at_once(
    office: Office, handed: tuple[str, str], change: dict[str, str]
) -> None:
    case, key_id = handed
    row, again = office.anna.handover(case, key_id, office.deputy.user)
    office.anna.send(again)
    [first] = {r for r in office.deputy.pull()["rows"] if r not in {case, row}}
    for handover in (first, row):
        assert office.deputy.send()["scope"].get("cases"), handover
        office.anna.send(office.anna.operation("handed_case", handover, change))
    answer = office.deputy.send()
    assert (answer["rows"], answer["envelopes"], answer["scope"].get("cases")) == ([], [], None)


def test_a_longer_time_brings_everything_again(office: Office, handed: tuple[str, str]) -> None:
    case, _ = handed
    [handover] = office.deputy.pull()["rows"].keys() - {case}
    office.clock.advance(12 * DAY_MS)
    assert office.deputy.send()["scope"].get("cases") is None
    office.anna.send(office.anna.operation("handed_case", handover, {"until": "2026-10-31"}))
    # Her cursor is where it was; the scope is another one.
    answer = office.deputy.send(cursor=office.deputy.cursor, scope="of yesterday")
    assert {row["id"] for row in answer["rows"]} == {case, handover}
    assert len(answer["envelopes"]) == 1


# Late work


@pytest.fixture
def late(office: Office, handed: tuple[str, str]) -> dict[str, Any]:
    """What the deputy wrote in time and sent too late: two deeds on a new visit, one on an old."""
    case, key_id = handed
    old = visit_of(office.deputy, case, key_id)
    new, created = office.deputy.visit(case, key_id)
    mended = office.deputy.operation("visit", new, {"next_step": seal(key_id)})
    changed = office.deputy.operation("visit", old, {"outcome": seal(key_id)})
    office.clock.advance(12 * DAY_MS)
    verdicts = office.deputy.send(created, mended, changed)["verdicts"]
    assert [(v["verdict"], v["code"]) for v in verdicts] == [("held", "late_work")] * 3
    assert office.deputy.send(created, mended, changed)["verdicts"] == verdicts
    sends = (created, mended, changed)
    return {"case": case, "old": old, "new": new, "stamp": created["stamp"], "sends": sends}


def test_late_work_is_held_and_shown_to_the_ab_pap_alone(
    office: Office, late: dict[str, Any]
) -> None:
    assert late["new"] not in office.anna.pull()["rows"]
    held = office.anna.send()["state"]["held"]
    assert [one["operation"]["row"] for one in held] == [late["new"], late["new"], late["old"]]
    assert {(one["case"], one["author"]) for one in held} == {(late["case"], office.deputy.user)}
    for phone in (office.deputy, office.pap, office.admin, office.newcomer, office.stranger):
        assert "held" not in phone.send()["state"]


def test_released_work_is_its_authors(office: Office, late: dict[str, Any], anna) -> None:
    ranked = office.anna.send()["state"]["held"][0]
    body = f'{{"row": "{late["new"]}", "decision": "released"}}'.encode()
    assert anna.post("/api/held", body).status_code == 200
    row = office.anna.pull()["rows"][late["new"]]
    assert row["created_by"] == office.deputy.user
    assert row["columns"].keys() == {"case", "outcome", "observation", "next_step"}
    assert row["stamp"][0] == late["stamp"]
    assert row["stamp"] == [late["stamp"], ranked["effective"], office.deputy.user]
    waiting = office.anna.send()["state"]["held"]
    assert [one["operation"]["row"] for one in waiting] == [late["old"]]
    assert anna.post("/api/held", body).json["code"] == "not_found"


def test_discarded_work_changes_no_row(office: Office, late: dict[str, Any], anna) -> None:
    before = office.anna.pull()["rows"]
    for row in (late["new"], late["old"]):
        body = f'{{"row": "{row}", "decision": "discarded"}}'.encode()
        assert anna.post("/api/held", body).status_code == 200
    assert "held" not in office.anna.send()["state"]
    office.anna.cursor = None
    assert office.anna.pull()["rows"] == before


def test_a_decision_that_is_none_changes_nothing(late: dict[str, Any], anna) -> None:
    before = dump()
    for body in (
        f'{{"row": "{late["new"]}", "decision": "maybe"}}',
        f'{{"row": "{new_id(0)}", "decision": "released"}}',
        '{"row": 1, "decision": "released"}',
    ):
        assert anna.post("/api/held", body.encode()).status_code in {400, 404}
    assert dump() == before


def test_an_erased_case_leaves_no_late_work(office: Office, late: dict[str, Any], anna) -> None:
    assert office.anna.send()["state"]["held"]
    erasure.erase(office.team, [late["case"]], "2026-11-26T10:00:00Z")
    assert dump()["held"] == []
    assert "held" not in office.anna.send()["state"]
    body = f'{{"row": "{late["new"]}", "decision": "released"}}'.encode()
    assert anna.post("/api/held", body).json["code"] == "not_found"


def test_late_work_comes_back_after_a_restore_and_is_decided_about_once(
    office: Office, late: dict[str, Any], anna
) -> None:
    """What the backup did not know is held again with its rank; what it knew stays as it was."""
    body = f'{{"row": "{late["new"]}", "decision": "discarded"}}'.encode()
    assert anna.post("/api/held", body).status_code == 200
    [known] = office.anna.send()["state"]["held"]
    with write_transaction():
        log.begin_anew(office.clock())
        run_many("DELETE FROM held WHERE row = ?", [(late["old"],)])
    office.clock.advance(HOUR_MS)
    back = another_phone(office.deputy)
    sends = [{**send, "n": n + 1} for n, send in enumerate(late["sends"])]
    earlier = known["effective"]
    again = [{"n": 3, "effective": earlier}]
    verdicts = back.send(*sends, again=again)["verdicts"]
    assert [one["verdict"] for one in verdicts] == ["held"] * 3
    assert [one.get("effective", sends[2]["stamp"]) for one in verdicts[2:]] == [earlier]
    [waiting] = office.anna.send()["state"]["held"]
    assert (waiting["operation"], waiting["effective"]) == (known["operation"], earlier)


def test_what_waits_is_not_merged_when_it_comes_again_in_a_longer_time(
    office: Office, late: dict[str, Any], anna
) -> None:
    """A copied phone sends it again, now in time: merged twice it would have two ranks."""
    office.anna.cursor = None
    rows = office.anna.pull()["rows"]
    [handover] = [row for row, one in rows.items() if one["table"] == "handed_case"]
    office.anna.send(office.anna.operation("handed_case", handover, {"until": "2026-10-31"}))
    twin = another_phone(office.deputy)
    sends = [{**send, "n": n + 1} for n, send in enumerate(late["sends"])]
    verdicts = twin.send(*sends)["verdicts"]
    assert [one["verdict"] for one in verdicts] == ["held"] * 3
    held = [one["operation"] for one in office.anna.send()["state"]["held"]]
    assert [one["row"] for one in held] == [late["new"], late["new"], late["old"]]
    for row in (late["new"], late["old"]):
        body = f'{{"row": "{row}", "decision": "released"}}'.encode()
        assert anna.post("/api/held", body).status_code == 200
        stored = dump()["history"]
        assert len(stored) == len({tuple(map(str, one)) for one in stored})
    # Released, it is accepted like anything that was sent before.
    again = twin.send(*({**send, "n": send["n"] + 3} for send in sends))["verdicts"]
    assert [one["verdict"] for one in again] == ["accepted"] * 3


def test_nobody_is_held_who_never_had_the_case(office: Office, handed: tuple[str, str]) -> None:
    case, key_id = handed
    _, foreign = office.pap.visit(case, key_id)
    verdict = office.pap.verdict(foreign)
    assert (verdict["verdict"], verdict["code"]) == ("refused", "row_unknown")
