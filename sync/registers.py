"""How accepted writes become one row: the greatest effective stamp wins, words keep versions.

`apply_write` is a function of the *set* of writes: any order and any repetition give the same
RowState. See PROTOCOL.md, "Register" and "Versions".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from json import dumps
from typing import NamedTuple

Value = str | int | bool | None
Stamps = tuple[str, str, str]
"""(claimed stamp, effective stamp, author)."""
Version = tuple[Value, str, str, str]
"""(value, claimed stamp, effective stamp, author)."""


class Write(NamedTuple):
    """One accepted operation: `set` and `base` as the phone sent them, ranked by the server."""

    set: Mapping[str, Value]
    base: Mapping[str, Sequence[str]]
    claimed: str
    effective: str
    author: str


class RowState(NamedTuple):
    """A row: every column that was ever written, and what is needed to merge the next write.

    `stamp` belongs to all columns without an entry in `stamps`: it is the one most columns share,
    the older of two that share it equally. `named` holds per text column every claimed stamp that
    a base has named, sorted. `versions` holds, greatest first, the writes to a text column nobody
    has named, and only where they are not just the register itself.
    """

    stamp: Stamps
    columns: dict[str, Value]
    stamps: dict[str, Stamps]
    named: dict[str, list[str]]
    versions: dict[str, list[Version]]


class Overwritten(NamedTuple):
    """A value that is not (or never was) the register: it goes to the history."""

    column: str
    value: Value
    claimed: str
    effective: str
    author: str


def apply_write(
    state: RowState | None, write: Write, text_columns: Collection[str]
) -> tuple[RowState, list[Overwritten]]:
    """Merge one accepted write, never an empty one, into a row (None: the row is new).

    Returns the new state and what lost: values that were the register until now, and those of
    the write itself that a greater one beats on arrival. A repeated write changes nothing, but
    repeats what it lost: who stores a history must not apply it twice. Changes no argument.
    """
    ours = (write.claimed, write.effective, write.author)
    if state is None:
        named = _names(write, text_columns)
        return RowState(ours, dict(write.set), {}, named, {}), []
    columns, owner = dict(state.columns), _stamp_of_each(state)
    lost: list[Overwritten] = []
    for column, value in write.set.items():
        if column not in columns:
            columns[column], owner[column] = value, ours
            continue
        old, theirs = columns[column], owner[column]
        if _beats(value, ours, old, theirs):
            columns[column], owner[column] = value, ours
            lost.append(Overwritten(column, old, *theirs))
        elif ours != theirs or value != old:
            lost.append(Overwritten(column, value, *ours))
    named, versions = _merge_versions(state, write, text_columns, columns, owner)
    stamp = _shared(owner.values())
    stamps = {column: own for column, own in owner.items() if own != stamp}
    return RowState(stamp, columns, stamps, named, versions), lost


def _beats(value: Value, ours: Stamps, old: Value, theirs: Stamps) -> bool:
    if ours != theirs:
        return _rank(ours) > _rank(theirs)
    # The same stamps with another value: two copies of one phone. Any rule will do, if it is one.
    return value != old and dumps(value, ensure_ascii=False) > dumps(old, ensure_ascii=False)


def _rank(stamps: Stamps) -> tuple[str, str, str]:
    claimed, effective, author = stamps
    return effective, claimed, author


def _version_rank(version: Version) -> tuple[str, str, str, str]:
    value, claimed, effective, author = version
    return effective, claimed, author, dumps(value, ensure_ascii=False)


def _stamp_of_each(state: RowState) -> dict[str, Stamps]:
    return dict.fromkeys(state.columns, state.stamp) | state.stamps


def _shared(stamps: Iterable[Stamps]) -> Stamps:
    """The stamp most columns share; the older one of two. Canonical, and it keeps a row small."""
    counts: dict[Stamps, int] = {}
    for one in stamps:
        counts[one] = counts.get(one, 0) + 1
    return min(counts, key=lambda one: (-counts[one], _rank(one)))


def _names(write: Write, text_columns: Collection[str]) -> dict[str, list[str]]:
    """What this write's base names, per text column it sets; never the write itself."""
    if not write.base:
        return {}
    names = {
        column: sorted(set(stamps) - {write.claimed})
        for column, stamps in write.base.items()
        if column in write.set and column in text_columns
    }
    return {column: stamps for column, stamps in names.items() if stamps}


def _merge_versions(
    state: RowState,
    write: Write,
    text_columns: Collection[str],
    columns: Mapping[str, Value],
    owner: Mapping[str, Stamps],
) -> tuple[dict[str, list[str]], dict[str, list[Version]]]:
    named, versions = dict(state.named), dict(state.versions)
    names = _names(write, text_columns)
    for column, value in write.set.items():
        if column not in text_columns:
            continue
        if column in names:
            named[column] = sorted({*named.get(column, ()), *names[column]})
        known = named.get(column, ())
        shown = {
            *_versions_of(state, column),
            (value, write.claimed, write.effective, write.author),
        }
        left = [version for version in shown if version[1] not in known]
        if len(left) > 1:
            left.sort(key=_version_rank, reverse=True)
        versions.pop(column, None)
        if left != [(columns[column], *owner[column])]:
            versions[column] = left
    return named, versions


def _versions_of(state: RowState, column: str) -> Sequence[Version]:
    if column in state.versions:
        return state.versions[column]
    if column not in state.columns:
        return ()
    return ((state.columns[column], *state.stamps.get(column, state.stamp)),)
