"""A Python phone whose person stands in lets go of a case by itself when its time is over."""

from dataclasses import replace

import pytest

from server.demo.phone import Phone
from server.demo.store import Store, new_store
from server.sealing import CaseKey, Seed

HOUR = 60 * 60 * 1000
ONE, OTHER = "1" * 32, "2" * 32
ROW = {"table": "client_case", "created_by": "c" * 32, "stamp": ["a" * 32, "a" * 32, "c" * 32]}


def handed(key: CaseKey, until: int) -> Store:
    """A store with two cases, one of them until an instant."""
    rows = {("client_case", case): ROW | {"id": case, "columns": {}} for case in (ONE, OTHER)}
    envelopes = {(key.id, "c" * 32): {"owner": ONE, "key_id": key.id, "reader": "c" * 32}}
    scope = {"hash": "h", "team": None, "cases": {ONE: until, OTHER: 99 * HOUR}}
    return replace(new_store("d" * 32), scope=scope, rows=rows, envelopes=envelopes)


@pytest.fixture
def phone() -> Phone:
    """With a case until five o'clock, and its key; its clock stands at four."""
    key = CaseKey.new(ONE)
    made = Phone(lambda *_: {}, "paul", lambda: 4 * HOUR, store=handed(key, 5 * HOUR))
    made.keys[key.id] = key
    made.resume({"user": "c" * 32, "team": "e" * 32}, Seed.new())
    return made


def test_it_stays_until_its_last_moment_and_goes_with_its_key(phone: Phone) -> None:
    assert set(phone.store.rows) == {("client_case", ONE), ("client_case", OTHER)}
    assert [key.owner for key in phone.keys.values()] == [ONE]
    phone.clock = lambda: 5 * HOUR
    phone.forget_ended()
    assert set(phone.store.rows) == {("client_case", OTHER)}
    assert (phone.store.envelopes, phone.keys) == ({}, {})


def test_what_went_by_a_wrong_clock_comes_again(phone: Phone) -> None:
    """The server would send nothing to a phone that knows the scope of now."""
    assert '"scope":"h"' in phone.store.request((), 1, 0)
    phone.clock = lambda: 5 * HOUR
    phone.forget_ended()
    assert '"scope":null' in phone.store.request((), 1, 0)
