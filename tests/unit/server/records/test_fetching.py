"""Cases that left the phones come again as a whole, and only to those who may see them."""

import json
from typing import Any

import msgspec

from server.erasure import erase
from server.fetching import fetch
from server.ids import new_id
from tests.unit.server.office import START_MS, Office, Phone


def fetched(phone: Phone, *cases: str) -> tuple[set[str], set[str]]:
    """Ids of the rows, and whose keys came with them."""
    answer: dict[str, Any] = json.loads(msgspec.json.encode(fetch(phone.caller, cases)))
    return (
        {row["id"] for row in answer["rows"]},
        {envelope["owner"] for envelope in answer["envelopes"]},
    )


def test_a_case_comes_with_its_visits_and_its_key(office: Office) -> None:
    case, key = office.anna.stored_case()
    other, _ = office.anna.stored_case()
    visit, operation = office.anna.visit(case, key)
    office.anna.send(operation)
    assert fetched(office.berta, case) == ({case, visit}, {case})
    assert fetched(office.berta, case, other, case) == ({case, visit, other}, {case, other})


def test_a_row_comes_as_the_sync_sends_it(office: Office) -> None:
    case, _ = office.anna.stored_case(closed="2026-05-01")
    [pulled] = office.berta.pull()["rows"].values()
    [again] = json.loads(msgspec.json.encode(fetch(office.berta.caller, [case])))["rows"]
    assert again == pulled


def test_what_is_unknown_or_erased_is_left_out(office: Office) -> None:
    gone, _ = office.anna.stored_case()
    case, _ = office.anna.stored_case()
    erase(office.team, [gone], "2026-11-26T10:00:00Z")
    assert fetched(office.berta, gone, case, new_id(START_MS)) == ({case}, {case})


def test_nobody_else_gets_anything(office: Office) -> None:
    case, _ = office.anna.stored_case()
    for name, phone in {**office.without_rights, "stranger": office.stranger}.items():
        assert fetched(phone, case) == (set(), set()), name
