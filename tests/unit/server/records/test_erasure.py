"""What is erased for good: gone from the server, told to phones, and never taken again."""

import pytest

from server import erasure
from server.db import rows_of
from server.erasure import Erasure
from server.errors import ApiError
from server.ids import new_id
from tests.unit.server.office import Office, another_phone, dump, new_key_id, seal

AT = "2026-11-26T10:00:00Z"


def stored_visit(office: Office, case: str, key_id: str) -> str:
    row, operation = office.anna.visit(case, key_id)
    assert office.anna.verdict(operation)["verdict"] == "accepted"
    return row


def erase(office: Office, *ids: str) -> list[Erasure]:
    return erasure.erase(office.team, ids, AT)


def test_everything_about_it_is_gone_and_nothing_else(office: Office) -> None:
    case, key_id = office.anna.stored_case(situation=None)
    visit = stored_visit(office, case, key_id)
    other, other_key = office.anna.stored_case()
    kept = stored_visit(office, other, other_key)
    for row, key in ((case, key_id), (other, other_key)):
        change = office.anna.operation("client_case", row, {"phone": seal(key)})
        again = office.anna.operation("client_case", row, {"phone": seal(key)})
        office.anna.send(change, again)
    gone = erase(office, case)
    assert {one.id for one in gone} == {case, visit}
    tables = dump()
    texts = {name: repr(rows) for name, rows in tables.items() if name not in {"erased", "verdict"}}
    assert not [name for name, text in texts.items() if case in text or visit in text]
    assert other in texts["client_case"]
    assert kept in texts["visit"]
    assert other in texts["history"]
    assert other_key in texts["envelope"]
    assert {row[1] for row in tables["erased"]} == {case, visit}


def test_phones_hear_of_it_once_and_in_order(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    visit = stored_visit(office, case, key_id)
    phone = another_phone(office.berta)
    phone.cursor = phone.send()["cursor"]
    erase(office, case)
    assert {one["id"] for one in phone.send()["erased"]} == {case, visit}
    told = []
    for _ in range(3):
        answer = phone.send(limit=1)
        told += answer.get("erased", [])
        phone.cursor = answer["cursor"]
    assert sorted(one["id"] for one in told) == sorted([case, visit])
    assert {one["at"] for one in told} == {AT}
    assert "erased" not in phone.send()


def test_a_new_phone_hears_of_it_and_gets_no_row(office: Office) -> None:
    case, _ = office.anna.stored_case()
    erase(office, case)
    answer = another_phone(office.berta).send()
    assert ([one["id"] for one in answer["erased"]], answer["rows"]) == ([case], [])


def test_nobody_else_hears_of_it(office: Office) -> None:
    case, _ = office.anna.stored_case()
    erase(office, case)
    for phone in (*office.without_rights.values(), office.stranger):
        assert "erased" not in phone.send()


def test_what_is_written_to_it_is_refused_in_every_way(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    visit = stored_visit(office, case, key_id)
    erase(office, case)
    phone = office.berta
    new_row, below = phone.visit(case, key_id)
    sends = {
        "row": phone.operation("client_case", case, {"closed": "2026-10-01"}),
        "a row below": phone.operation("visit", visit, {"verbis_open": True}),
        "made again": phone.operation("client_case", case, {"kind": "handover"}),
        "new below": below,
        "changed below": phone.operation("visit", new_row, {"verbis_open": True}),
    }
    verdicts = phone.send(*sends.values())["verdicts"]
    assert [verdict["code"] for verdict in verdicts] == ["erased"] * 5
    assert {verdict["verdict"] for verdict in verdicts} == {"refused"}
    key = phone.envelope(new_key_id(case))
    assert phone.verdict(envelopes=[key])["code"] == "erased"
    later = phone.operation("visit", new_row, {"verbis_open": False})
    assert phone.verdict(later)["code"] == "erased", "also in another request"
    assert rows_of("SELECT * FROM client_case") == rows_of("SELECT * FROM visit") == []


def test_another_team_is_not_told_that_there_was_such_a_row(office: Office) -> None:
    case, _ = office.anna.stored_case()
    erase(office, case)
    change = office.stranger.operation("client_case", case, {"closed": "2026-10-01"})
    assert office.stranger.verdict(change)["code"] == "row_unknown"


def test_the_history_of_it_is_not_to_be_had(office: Office) -> None:
    case, _ = office.anna.stored_case()
    erase(office, case)
    with pytest.raises(ApiError) as refused:
        office.anna.history("client_case", case)
    assert refused.value.code == "row_unknown"


def test_what_was_accepted_before_keeps_its_verdict_and_brings_nothing_back(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    change = office.anna.operation("client_case", case, {"phone": seal(key_id)})
    assert office.anna.verdict(change)["verdict"] == "accepted"
    erase(office, case)
    assert office.anna.verdict(change)["verdict"] == "accepted"
    assert rows_of("SELECT * FROM client_case") == []


def test_twice_is_once(office: Office) -> None:
    case, _ = office.anna.stored_case()
    assert len(erase(office, case)) == 1
    before = dump()
    assert erase(office, case) == []
    assert dump() == before


def test_many_rows_at_once(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    count = erasure.AT_ONCE + 7
    visits = [office.anna.visit(case, key_id)[1] for _ in range(count)]
    office.anna.send(*visits[:500])
    office.anna.send(*visits[500:])
    assert len(erase(office, case)) == count + 1
    assert rows_of("SELECT * FROM visit") == []


def test_erased_again_after_a_restore_with_what_came_below_since(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    visit = stored_visit(office, case, key_id)
    unknown = new_id(0)
    listed = [
        Erasure(office.team, case, AT),
        Erasure(office.team, unknown, AT),
        Erasure("0" * 32, case, AT),
    ]
    assert erasure.erase_again(listed) == 3
    assert {one.id for one in erasure.all_erasures()} == {case, visit, unknown}
    assert erasure.erase_again(listed) == 0
