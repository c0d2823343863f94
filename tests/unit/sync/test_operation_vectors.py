"""The vectors of sync/vectors/operation.json, in Python, and what vectors are too small for."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sync.codes import ERRORS
from sync.operation import (
    MAX_BATCH_BYTES,
    PADDED_LENGTHS,
    REQUEST_HEAD_BYTES,
    SEALED_OVERHEAD,
    Column,
    Problem,
    Table,
    check_operation,
    key_owner,
    padded_length,
    sealed_key_id,
    split_batches,
)

ROOT = Path(__file__).parents[3]
VECTORS = json.loads((ROOT / "sync/vectors/operation.json").read_text("utf-8"))
CASE = "0190a0000000700080000000000000c1"


def table_of(name: str) -> Table:
    data = VECTORS["tables"][name]
    columns = {column: Column(**traits) for column, traits in data["columns"].items()}
    return Table(name, data["key"], data["parent"], columns)


def vectors(group: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", VECTORS[group], ids=lambda vector: vector["name"])


def sealed(padded: int) -> str:
    body = bytes.fromhex("01" + CASE) + bytes(SEALED_OVERHEAD - 17 + padded)
    return urlsafe_b64encode(body).decode()


@vectors("checks")
def test_check_operation(vector: dict[str, Any]) -> None:
    table = table_of(vector["table"])
    problem = check_operation(table, vector["op"], vector["creating"], vector["owner"])
    assert problem == (Problem(**vector["gives"]) if vector["gives"] else None)


@vectors("checks")
def test_a_failure_is_named_by_its_code(vector: dict[str, Any]) -> None:
    kind = vector["name"].partition(":")[0]
    code = vector["gives"]["code"] if vector["gives"] else "good"
    assert kind == code or kind.startswith("first ")


def test_every_code_is_in_the_catalogue() -> None:
    codes = {vector["gives"]["code"] for vector in VECTORS["checks"] if vector["gives"]}
    assert {ERRORS[code][0] for code in codes} == {"refused"}


def assert_gives(call: Callable[[Any], Any], vector: dict[str, Any]) -> None:
    if "fails" in vector:
        with pytest.raises(ValueError, match=f"^{re.escape(vector['fails'])}$"):
            call(vector["value"])
    else:
        assert call(vector["value"]) == vector["gives"]


@vectors("sealed_key_ids")
def test_sealed_key_id(vector: dict[str, Any]) -> None:
    assert_gives(sealed_key_id, vector)


@vectors("key_owners")
def test_key_owner(vector: dict[str, Any]) -> None:
    assert_gives(key_owner, vector)


@vectors("padded_lengths")
def test_padded_length(vector: dict[str, Any]) -> None:
    assert_gives(padded_length, vector)


@vectors("batches")
def test_split_batches(vector: dict[str, Any]) -> None:
    batches = split_batches(vector["items"], vector["max_count"], vector["max_bytes"])
    assert batches == vector["gives"]


def test_batches_of_anything_that_has_a_text() -> None:
    entries = [(17, "aaaa"), (18, "bbbb")]
    batches = split_batches(entries, max_bytes=REQUEST_HEAD_BYTES + 5, text=lambda entry: entry[1])
    assert batches == [[(17, "aaaa")], [(18, "bbbb")]]


@pytest.mark.parametrize("padded", PADDED_LENGTHS)
def test_every_padded_length_is_accepted(padded: int) -> None:
    assert check_happened_at(sealed(padded)) is None
    assert sealed_key_id(sealed(padded)) == CASE + "0" * 16


def test_a_value_no_batch_could_carry_is_refused() -> None:
    too_long = sealed(4 * PADDED_LENGTHS[-1])
    assert len(too_long) > MAX_BATCH_BYTES
    assert check_happened_at(too_long) == Problem("sealed_malformed", "happened_at")


def check_happened_at(value: str) -> Problem | None:
    op = {"n": 1, "table": "visit", "row": CASE, "stamp": "0" * 32, "set": {"happened_at": value}}
    return check_operation(table_of("visit"), op, creating=False, owner=CASE)


def test_the_text_columns_of_a_table() -> None:
    assert table_of("visit").text_columns == {"observation"}


@pytest.mark.parametrize(
    ("key", "parent", "columns"),
    [
        pytest.param("none", None, {"name": Column("sealed")}, id="sealed without a key"),
        pytest.param("none", None, {"note": Column("text")}, id="text without a key"),
        pytest.param("case", None, {"kind": Column("code")}, id="code without codes"),
        pytest.param("case", "case", {}, id="parent that is no column"),
        pytest.param("case", "case", {"case": Column("id")}, id="parent that may change"),
        pytest.param(
            "case", "case", {"case": Column("int", True, True)}, id="parent that is no id"
        ),
    ],
)
def test_a_declaration_that_contradicts_itself(
    key: Any, parent: str | None, columns: dict[str, Column]
) -> None:
    with pytest.raises(ValueError, match=r"^visit: "):
        Table("visit", key, parent, columns)
