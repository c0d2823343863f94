"""The vectors of sync/vectors/clock.json, in Python."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sync import clock

ROOT = Path(__file__).parents[3]
VECTORS = json.loads((ROOT / "sync/vectors/clock.json").read_text("utf-8"))["vectors"]
CALLS = {
    call.__name__: call
    for call in (
        clock.make_stamp,
        clock.read_stamp,
        clock.next_stamp,
        clock.effective_stamp,
        clock.is_clamped,
    )
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector: dict[str, Any]) -> None:
    call = CALLS[vector["call"]]
    if "fails" in vector:
        with pytest.raises(ValueError, match=f"^{re.escape(vector['fails'])}$"):
            call(*vector["args"])
    else:
        gives = call(*vector["args"])
        assert (list(gives) if isinstance(gives, tuple) else gives) == vector["gives"]


def test_every_call_has_vectors() -> None:
    assert {vector["call"] for vector in VECTORS} == set(CALLS)


@pytest.mark.parametrize("value", [None, 5, b"0" * 32, ["0" * 32], "0" * 31, "0" * 32 + "\n"])
def test_what_is_no_stamp(value: object) -> None:
    assert not clock.is_stamp(value)
    assert clock.is_stamp("0" * 32)
