"""Erasing for good: the one exception to "nothing is lost", because a person has a right to it.

What is erased goes with all that hangs below it: rows, history, envelopes. What stays is
`erased(team, id, at)`, numbered like everything else, so that phones hear of it and purge it too,
and so that nothing with that id is ever taken again.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from peewee import BigIntegerField, CompositeKey, Model, TextField

from server.accounts import mark
from server.db import (
    database,
    locked_rows_of,
    marks,
    rows_of,
    run_many,
    with_lists,
    write_transaction,
)
from server.synced import tables

AT_ONCE = 500
"""So many ids stand in one statement; databases know a limit."""


class Erased(Model):
    """The id of something that is gone for good."""

    team = TextField(help_text="Team, dem der Eintrag gehörte")
    id = TextField(help_text="Kennung des gelöschten Eintrags")
    at = TextField(help_text="Zeitpunkt der endgültigen Löschung")
    seq = BigIntegerField(help_text="Zählerstand bei der Löschung")

    class Meta:
        database = database
        table_name = "erased"
        primary_key = CompositeKey("team", "id")
        indexes = ((("team", "seq"), True),)


class Erasure(NamedTuple):
    """One id that is gone for good. `at` is an instant."""

    team: str
    id: str
    at: str


def erase(team: str, ids: Collection[str], at: str) -> list[Erasure]:
    """Erases what has these ids, and all that hangs below, in a transaction of its own.

    Answers what is erased by it, the ids given included, whether or not there was such a row;
    ids that were erased before are left out.
    """
    with write_transaction():
        seq = locked_rows_of("SELECT seq FROM team WHERE id = ?", (team,))[0][0]
        found = sorted({*ids, *_below(team, ids)})
        gone = erased_among(team, found)
        fresh = [one for one in found if one not in gone]
        erasures = [Erasure(team, one, at) for one in fresh]
        run_many(
            "INSERT INTO erased (team, id, at, seq) VALUES (?, ?, ?, ?)",
            [(*erasure, seq + 1 + i) for i, erasure in enumerate(erasures)],
        )
        for part in _parts(found):
            _delete(team, part)
        run_many("UPDATE team SET seq = ? WHERE id = ?", [(seq + len(erasures), team)])
        if fresh:  # What waited for a decision about it is part of the state.
            mark(team)
    return erasures


def erase_again(erasures: Iterable[Erasure]) -> int:
    """Erases what a database forgot was erased, as after a restore; returns how many ids.

    Teams it does not know are left out.
    """
    known = {row[0] for row in rows_of("SELECT id FROM team")}
    wanted: dict[tuple[str, str], set[str]] = {}
    for one in erasures:
        if one.team in known:
            wanted.setdefault((one.team, one.at), set()).add(one.id)
    count = 0
    for (team, at), ids in wanted.items():
        missing = ids - erased_among(team, ids)
        if missing:
            count += len(erase(team, missing, at))
    return count


def erased_among(team: str, ids: Collection[str]) -> set[str]:
    """Those of `ids` that were erased in this team."""
    found: set[str] = set()
    for part in _parts(ids):
        rows = rows_of(
            with_lists("SELECT id FROM erased WHERE team = ? AND id IN (*)", part),
            (team, *part),
        )
        found.update(row[0] for row in rows)
    return found


def all_erasures() -> list[Erasure]:
    """Everything this database knows to be erased, in the order it happened."""
    return [Erasure(*row) for row in rows_of("SELECT team, id, at FROM erased ORDER BY team, seq")]


def page(team: str, after: tuple[int, str], limit: int) -> list[tuple[Any, ...]]:
    """At most `limit` tuples (seq, id, at) of a team with `after` < (seq, id), in order."""
    return rows_of(
        "SELECT seq, id, at FROM erased WHERE team = ? AND (seq, id) > (?, ?) "
        "ORDER BY seq, id LIMIT ?",
        (team, *after, limit),
    )


def wire(rows: Iterable[tuple[Any, ...]]) -> list[dict[str, str]]:
    """Tuples of `page` as they travel."""
    return [{"id": id_, "at": at} for _, id_, at in rows]


def _below(team: str, ids: Collection[str]) -> set[str]:
    """The ids of all rows that hang below these, at whatever depth."""
    found: set[str] = set()
    level = set(ids)
    while level:
        level = {
            row[0]
            for name, declared in tables().items()
            if declared.table.parent is not None
            for part in _parts(level)
            for row in rows_of(
                f'SELECT id FROM "{name}" WHERE team = ? '  # noqa: S608 (the names come from declarations)
                f'AND "{declared.table.parent}" IN ({marks(part)})',
                (team, *part),
            )
        } - found
        found |= level
    return found


def _delete(team: str, ids: Collection[str]) -> None:
    """Removes rows, what they were before, what waits on them, and the keys of what is erased."""
    places = [(f'"{name}"', "id") for name in tables()]
    places += [("history", "row"), ("envelope", "owner"), ("held", "row"), ("held", '"case"')]
    for table, column in places:
        run_many(
            f"DELETE FROM {table} WHERE team = ? AND {column} IN ({marks(ids)})",  # noqa: S608 (the names come from declarations)
            [(team, *ids)],
        )


def _parts(ids: Collection[str]) -> list[list[str]]:
    listed = sorted(ids)
    return [listed[i : i + AT_ONCE] for i in range(0, len(listed), AT_ONCE)]
