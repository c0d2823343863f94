"""The vectors of sync/vectors/registers.json, in Python."""

import json
from copy import deepcopy
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from sync.registers import Overwritten, RowState, Write, apply_write

ROOT = Path(__file__).parents[3]
VECTORS = json.loads((ROOT / "sync/vectors/registers.json").read_text("utf-8"))
TEXT_COLUMNS = frozenset(VECTORS["text_columns"])

by_name = pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])


def state_of(data: dict[str, Any]) -> RowState:
    return RowState(
        stamp=tuple(data["stamp"]),
        columns=data["columns"],
        stamps={column: tuple(stamps) for column, stamps in data["stamps"].items()},
        named=data["named"],
        versions={
            name: [tuple(v) for v in versions] for name, versions in data["versions"].items()
        },
    )


def merged(writes: list[Write]) -> tuple[RowState | None, list[list[Overwritten]]]:
    state, lost = None, []
    for write in writes:
        state, overwritten = apply_write(state, write, TEXT_COLUMNS)
        lost.append(overwritten)
    return state, lost


@by_name
def test_state_and_overwritten(vector: dict[str, Any]) -> None:
    state, lost = merged([Write(**write) for write in vector["writes"]])
    assert state == state_of(vector["state"])
    assert lost == [
        [Overwritten(**one) for one in per_write] for per_write in vector["overwritten"]
    ]


@by_name
def test_any_order_with_everything_twice(vector: dict[str, Any]) -> None:
    writes = [Write(**write) for write in vector["writes"]]
    for order in permutations(writes):
        assert merged([*order, *order])[0] == state_of(vector["state"])


@by_name
def test_arguments_stay_as_they_are(vector: dict[str, Any]) -> None:
    state = None
    for write in (Write(**write) for write in vector["writes"]):
        before = deepcopy((state, write))
        after, _ = apply_write(state, write, TEXT_COLUMNS)
        assert (state, write) == before
        state = after
