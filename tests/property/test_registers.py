"""Any order, any repetition of accepted writes: the same row, and no words lost.

`described` says what a row is straight from PROTOCOL.md, looking at all writes at once;
`apply_write` must arrive there one write at a time.
"""

import json
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from sync.registers import Overwritten, RowState, Write, apply_write

TEXT_COLUMNS = frozenset({"note", "wish"})
COLUMNS: tuple[str, ...] = ("kind", "closed", "name", "note", "wish")
# Few stamps, so that writes meet, tie and name each other.
STAMPS = [f"{number:02}" for number in range(12)]
AUTHORS = ["anna", "ben", "cem"]


@st.composite
def writes(draw: st.DrawFn) -> Write:
    values = st.sampled_from([None, "Tür zu", "gern", "später"])
    columns = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True))
    named = st.lists(st.sampled_from(STAMPS), max_size=3)
    claimed = draw(st.sampled_from(STAMPS))
    return Write(
        set={column: draw(values) for column in columns},
        base=draw(st.dictionaries(st.sampled_from(COLUMNS), named, max_size=3)),
        claimed=claimed,
        effective=draw(st.just(claimed) | st.sampled_from(STAMPS)),
        author=draw(st.sampled_from(AUTHORS)),
    )


MANY = st.lists(writes(), min_size=1, max_size=8)


def merged(many: list[Write]) -> tuple[RowState, list[Overwritten]]:
    state, lost = apply_write(None, many[0], TEXT_COLUMNS)
    for write in many[1:]:
        state, overwritten = apply_write(state, write, TEXT_COLUMNS)
        lost += overwritten
    return state, lost


def described(many: list[Write]) -> dict[str, Any]:
    """Registers, names and versions of a set of writes, in the words of the protocol."""
    columns = {column for write in many for column in write.set}
    named = {
        column: {
            stamp
            for write in many
            if column in write.set
            for stamp in write.base.get(column, ())
            if stamp != write.claimed
        }
        for column in columns & TEXT_COLUMNS
    }
    all_versions = {
        column: {
            (write.set[column], write.claimed, write.effective, write.author)
            for write in many
            if column in write.set
        }
        for column in columns
    }
    return {
        "registers": {column: max(all_versions[column], key=rank) for column in columns},
        "named": {column: stamps for column, stamps in named.items() if stamps},
        "versions": {
            column: {version for version in all_versions[column] if version[1] not in stamps}
            for column, stamps in named.items()
        },
    }


def rank(version: tuple[Any, str, str, str]) -> tuple[str, str, str, str]:
    value, claimed, effective, author = version
    return effective, claimed, author, json.dumps(value, ensure_ascii=False)


def registers(state: RowState) -> dict[str, Any]:
    return {
        column: (value, *state.stamps.get(column, state.stamp))
        for column, value in state.columns.items()
    }


def versions(state: RowState) -> dict[str, Any]:
    return {
        column: set(state.versions.get(column, [register]))
        for column, register in registers(state).items()
        if column in TEXT_COLUMNS
    }


@given(MANY)
def test_the_row_is_what_the_protocol_says(many: list[Write]) -> None:
    state, _ = merged(many)
    expected = described(many)
    event(f"columns with versions: {len(state.versions)}")
    assert registers(state) == expected["registers"]
    assert {column: set(stamps) for column, stamps in state.named.items()} == expected["named"]
    assert versions(state) == expected["versions"]


@given(MANY, st.data())
def test_any_order_and_any_repetition_give_the_same_row(
    many: list[Write], data: st.DataObject
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(many), max_size=6))
    shuffled = data.draw(st.permutations([*many, *repeated]))
    assert merged(shuffled)[0] == merged(many)[0]


@given(MANY)
def test_words_that_nobody_named_never_disappear(many: list[Write]) -> None:
    """Neither from the versions nor, while they are versions, from what a phone is shown."""
    shown = versions(merged(many)[0])
    for write in many:
        for column in TEXT_COLUMNS & write.set.keys():
            others = (
                other for other in many if column in other.set and other.claimed != write.claimed
            )
            if any(write.claimed in other.base.get(column, ()) for other in others):
                continue
            words = (write.set[column], write.claimed, write.effective, write.author)
            assert words in shown[column]


@given(MANY)
def test_every_value_is_the_register_or_in_the_history(many: list[Write]) -> None:
    state, lost = merged(many)
    kept = {(column, *register) for column, register in registers(state).items()}
    written = {
        (column, value, write.claimed, write.effective, write.author)
        for write in many
        for column, value in write.set.items()
    }
    assert kept | {tuple(one) for one in lost} == written


@given(MANY)
def test_the_row_is_written_in_one_way_and_small(many: list[Write]) -> None:
    state, _ = merged(many)
    own = [stamps[1:] for stamps in registers(state).values()]
    count = own.count(state.stamp)
    assert state.stamp not in state.stamps.values()
    assert all(own.count(other) <= count for other in own)
    assert all(_rank(state.stamp) <= _rank(other) for other in own if own.count(other) == count)
    assert all(stamps == sorted(set(stamps)) != [] for stamps in state.named.values())
    for column, left in state.versions.items():
        assert left == sorted(set(left), key=rank, reverse=True)
        assert left != [registers(state)[column]]


def _rank(stamps: tuple[str, str, str]) -> tuple[str, str, str]:
    claimed, effective, author = stamps
    return effective, claimed, author
