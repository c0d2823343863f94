"""What the rows must be, worked out from the accepted operations alone, in any order."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from server.synced import tables
from sync.registers import RowState, Write, apply_write
from tests.simulation.ledger import Accepted
from tests.simulation.standing_in import Wrong

RowId = tuple[str, str]
"""(table, id)."""

Rows = dict[RowId, dict[str, Any]]
"""Rows in their one spelling: what stands in them, and nothing that says nothing."""


def described(
    accepted: Iterable[Accepted], given: Mapping[RowId, dict[str, Any]], chance: Random
) -> Rows:
    """All rows, merged in an order drawn by `chance`; `given` are the columns the server fills."""
    writes: dict[RowId, list[Write]] = defaultdict(list)
    makers: dict[RowId, str] = {}
    for one in accepted:
        place = one.op["table"], one.op["row"]
        values = one.op["set"]
        if tables()[place[0]].create_columns & values.keys():
            values, makers[place] = values | given.get(place, {}), one.author
        base = one.op.get("base", {})
        writes[place].append(Write(values, base, one.claimed, one.effective, one.author))
    rows: Rows = {}
    for place, row_writes in writes.items():
        chance.shuffle(row_writes)
        state = None
        for write in row_writes:
            state, _ = apply_write(state, write, tables()[place[0]].table.text_columns)
        if state is None or place not in makers:
            raise Wrong(f"{place} has writes and nobody made it")
        rows[place] = spelled(_wire(place, makers[place], state))
    return rows


def spelled(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as on the wire, in one spelling; what a phone adds for itself is left out."""
    named = {name: part for name, part in row.items() if name != "named"}
    text = json.dumps(named)
    return {name: part for name, part in json.loads(text).items() if part not in ({}, None)}


def missing(
    accepted: Iterable[Accepted], rows: Rows, history: Mapping[RowId, list[dict[str, Any]]]
) -> None:
    """Every accepted value is its column's, or in the history, and stands there once."""
    written: dict[RowId, set[str]] = defaultdict(set)
    for one in accepted:
        place = one.op["table"], one.op["row"]
        for column, value in one.op["set"].items():
            written[place].add(json.dumps([column, value, one.claimed, one.effective, one.author]))
    for place, values in written.items():
        items = history[place]
        keys = ("column", "value", "claimed", "effective", "author")
        kept = Counter(json.dumps([item[key] for key in keys]) for item in items)
        if twice := [item for item, count in kept.items() if count > 1]:
            raise Wrong(f"{place}: more than once in the history: {twice}")
        if lost := values - kept.keys() - set(registers(rows[place])):
            raise Wrong(f"{place}: accepted and gone: {lost}")
        if invented := kept.keys() - values:
            raise Wrong(f"{place}: in the history, and nobody wrote it: {invented}")


def registers(row: Mapping[str, Any]) -> list[str]:
    """Each register of a row as JSON [column, value, claimed, effective, author]."""
    stamps = row.get("stamps", {})
    return [
        json.dumps([column, value, *stamps.get(column, row["stamp"])])
        for column, value in row["columns"].items()
    ]


def given_by(served: Rows) -> dict[RowId, dict[str, Any]]:
    """The pseudonyms the server gave, which no operation says; each is there once."""
    given = {
        place: {"pseudonym": row["columns"].get("pseudonym")}
        for place, row in served.items()
        if place[0] == "client_case"
    }
    names = [columns["pseudonym"] for columns in given.values()]
    if None in names or len(set(names)) != len(names):
        raise Wrong(f"pseudonyms: {names}")
    return given


def difference(ours: Mapping[Any, Any], theirs: Mapping[Any, Any]) -> str | None:
    """In words what differs between two sets of rows, the first thing found; None if nothing."""
    for place in sorted({*ours, *theirs}):
        one, other = ours.get(place), theirs.get(place)
        if one != other:
            return f"{place}:\n  {json.dumps(one)}\n  {json.dumps(other)}"
    return None


def _wire(place: RowId, created_by: str, state: RowState) -> dict[str, Any]:
    return {
        "table": place[0],
        "id": place[1],
        "created_by": created_by,
        "stamp": state.stamp,
        "columns": state.columns,
        "stamps": state.stamps,
        "versions": state.versions,
    }
