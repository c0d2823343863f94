"""What holds for whatever a phone, or somebody else, sends: a verdict, never an exception."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from sync.codes import ERRORS
from sync.operation import (
    MAX_PADDED,
    PADDED_LENGTHS,
    REQUEST_HEAD_BYTES,
    SEALED_OVERHEAD,
    Column,
    Table,
    check_operation,
    key_mark,
    key_owner,
    padded_length,
    sealed_key_id,
    split_batches,
)

CASE = "0190a0000000700080000000000000c1"
VISIT = Table(
    "visit",
    "case",
    "case",
    {
        "case": Column("id", create=True, required=True, link="client_case"),
        "reference": Column("label"),
        "means": Column("code", codes=("foot", "car")),
        "contact_made": Column("day"),
        "verbis_open": Column("bool"),
        "minutes": Column("int", required=True),
        "deleted_at": Column("instant"),
        "happened_at": Column("sealed"),
        "observation": Column("text"),
    },
)
OWNER_IDS = st.binary(min_size=16, max_size=16).map(bytes.hex)
STAMPS = st.text("0123456789abcdef", min_size=32, max_size=32)
TEXTS = st.text(st.characters(exclude_categories=()))
# Python's JSON reader knows NaN, endless integers and lone surrogates: so must the check.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def sealed_for(owner: str) -> st.SearchStrategy[str]:
    lengths = st.sampled_from(PADDED_LENGTHS[:3])
    bodies = lengths.flatmap(
        lambda padded: st.binary(
            min_size=SEALED_OVERHEAD - 17 + padded, max_size=SEALED_OVERHEAD - 17 + padded
        )
    )
    return bodies.map(lambda body: urlsafe_b64encode(b"\1" + bytes.fromhex(owner) + body).decode())


GOOD: dict[str, st.SearchStrategy[Any]] = {
    "means": st.sampled_from(["foot", "car"]),
    "contact_made": st.dates().map(str),
    "verbis_open": st.booleans(),
    "deleted_at": st.datetimes().map(lambda at: f"{at.date()}T{at.time():%H:%M:%S}Z"),
    "happened_at": sealed_for(CASE),
    "observation": sealed_for(CASE),
}
REQUIRED = {"case": st.just(CASE), "minutes": st.integers(-(2**53) + 1, 2**53 - 1)}


@st.composite
def operations(draw: st.DrawFn) -> dict[str, Any]:
    values = draw(st.fixed_dictionaries(REQUIRED, optional=GOOD))
    op = {
        "n": draw(st.integers(1, 2**53 - 1)),
        "table": "visit",
        "row": draw(OWNER_IDS),
        "stamp": "0" + draw(STAMPS)[1:],
        "set": values,
    }
    if draw(st.booleans()):
        stamps = st.lists(STAMPS.map(lambda stamp: "f" + stamp[1:]), max_size=2)
        op["base"] = {"observation": draw(stamps)} if "observation" in values else {}
    return op


def assert_a_verdict(op: object, creating: bool, owner: str | None) -> str | None:
    problem = check_operation(VISIT, op, creating, owner)
    if problem is None:
        return None
    assert ERRORS[problem.code][0] == "refused"
    # A verdict is kept for ever and sent as UTF-8: no foreign text may get into it.
    assert problem.field in {"operation", "n", "row", "stamp", "set", "base", "table"} | set(
        VISIT.columns
    ) or (problem.code == "unknown_column" and problem.field.isascii())
    return problem.code


@given(operations())
def test_a_good_creation_passes(op: dict[str, Any]) -> None:
    assert check_operation(VISIT, op, creating=True) is None


@given(JSON, st.booleans(), st.none() | st.text() | st.just(CASE))
def test_any_json_gets_a_verdict(op: Any, creating: bool, owner: str | None) -> None:
    assert assert_a_verdict(op, creating, owner) is not None


@given(operations(), st.data(), st.booleans())
def test_any_part_may_be_anything(op: dict[str, Any], data: st.DataObject, creating: bool) -> None:
    """One part of a good operation replaced, removed or added, at any depth."""
    if not creating:
        del op["set"]["case"]
    target: dict[str, Any] = data.draw(
        st.sampled_from([op, op["set"], op["set"], op["set"], op.setdefault("base", {})])
    )
    keys = [*target, *VISIT.columns, "base", "constructor", "__proto__", "Ä", "\ud800"]
    key = data.draw(st.sampled_from(keys))
    if data.draw(st.booleans()):
        target[key] = data.draw(
            JSON | st.sampled_from(["0" * 32, "01", "2024-02-30", ["0" * 32], [], {}])
        )
    else:
        target.pop(key, None)
    event(str(assert_a_verdict(op, creating, CASE)))


@given(operations(), st.sampled_from(["happened_at", "observation"]), OWNER_IDS, st.data())
def test_a_value_opens_for_its_row_alone(
    op: dict[str, Any], column: str, owner: str, data: st.DataObject
) -> None:
    value = data.draw(sealed_for(owner))
    op["set"][column] = value
    problem = check_operation(VISIT, op, creating=True)
    assert key_owner(sealed_key_id(value)) == owner
    assert (problem is None) == (owner == CASE)


@given(st.lists(OWNER_IDS, min_size=2, max_size=2), st.data())
def test_two_values_share_their_mark_when_they_share_their_key(
    owners: list[str], data: st.DataObject
) -> None:
    one, other = (data.draw(sealed_for(owner)) for owner in owners)
    # Another text under the key of the first.
    again = one[:34] + other[34:]
    for value in (other, again, key_changed(again, data)):
        same = sealed_key_id(value) == sealed_key_id(one)
        assert (key_mark(value) == key_mark(one)) == same


def key_changed(value: str, data: st.DataObject) -> str:
    """The value with one bit of key id or nonce turned."""
    raw = bytearray(urlsafe_b64decode(value))
    raw[data.draw(st.integers(1, 26))] ^= 1 << data.draw(st.integers(0, 7))
    return urlsafe_b64encode(bytes(raw)).decode()


@given(st.sampled_from(["happened_at", "observation"]), st.data())
def test_a_broken_seal_is_seen(column: str, data: st.DataObject) -> None:
    value = data.draw(sealed_for(CASE))
    place = data.draw(st.integers(0, len(value) - 1))
    strange = data.draw(st.characters().filter(lambda c: not (c.isascii() and c.isalnum())))
    broken = value[:place] + strange.replace("-", "+").replace("_", "/") + value[place + 1 :]
    op = {"n": 1, "table": "visit", "row": CASE, "stamp": "0" * 32, "set": {column: broken}}
    assert check_operation(VISIT, op, False, CASE) == ("sealed_malformed", column)
    with pytest.raises(ValueError, match="sealed"):
        sealed_key_id(broken)


@given(st.integers(0, MAX_PADDED - 1))
def test_padding_leaves_room_for_its_first_byte_and_no_step_more(n: int) -> None:
    length = padded_length(n)
    assert n < length
    assert length in PADDED_LENGTHS
    assert length == 64 or n >= length // 4


@given(
    st.lists(st.text(max_size=40), max_size=40),
    st.integers(1, 10),
    st.integers(0, REQUEST_HEAD_BYTES + 200),
)
def test_batches_keep_limits_order_and_everything(
    items: list[str], max_count: int, max_bytes: int
) -> None:
    batches = split_batches(items, max_count, max_bytes)
    assert [item for batch in batches for item in batch] == items
    assert all(0 < len(batch) <= max_count for batch in batches)
    assert all(len(batch) == 1 or size(batch) <= max_bytes for batch in batches)


@given(st.lists(st.text(max_size=40), max_size=40), st.integers(1, 10), st.integers(2048, 2200))
def test_batches_are_as_few_as_the_order_allows(
    items: list[str], max_count: int, max_bytes: int
) -> None:
    batches = split_batches(items, max_count, max_bytes)
    for batch, following in pairwise(batches):
        assert len(batch) == max_count or size([*batch, following[0]]) > max_bytes


def size(batch: list[str]) -> int:
    return REQUEST_HEAD_BYTES + sum(len(item.encode()) + 1 for item in batch)


@given(st.sampled_from([sealed_key_id, key_owner]), JSON)
def test_reading_a_key_id_from_anything(call: Callable[[Any], str], value: Any) -> None:
    with pytest.raises(ValueError, match=r"sealed value|key id"):
        call(value)
