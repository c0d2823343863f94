"""The pulling half of a sync: what lies after a cursor, and the history of one row.

Everything here runs inside one read snapshot and writes nothing. A person who may see nothing
gets nothing, and keeps an empty cursor: once she is admitted, all of it is new to her.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from server import envelopes, erasure
from server.access import Caller
from server.cursors import ENVELOPES, Cursor, Page, cut
from server.db import rows_of
from server.errors import ApiError
from server.ids import is_id
from server.rows import rows_in
from server.sends import Send
from server.synced import SyncedTable, tables

ERASED = "erased"
"""What was erased is paged like a table, too."""

_GREATEST = 2**63 - 1


def scope_of(caller: Caller) -> str | None:
    """The team whose rows this person may see, or None."""
    return caller.team if visible_tables(caller) else None


def visible_tables(caller: Caller) -> dict[str, SyncedTable]:
    """The tables of which this person may see rows."""
    if not caller.admitted:
        return {}
    return {name: table for name, table in tables().items() if caller.role in table.readers}


def pull(caller: Caller, start: Cursor, limit: int) -> Page:
    """At most `limit` envelopes, erasures and rows after the cursor."""
    visible = visible_tables(caller)
    if not visible:
        return Page(None, False, [], [], [])
    order = [ENVELOPES, ERASED, *visible]
    found: dict[str, list[Any]] = {}
    upto = _GREATEST
    for name in order:
        after = start.place_in(name, order)
        if name == ENVELOPES:
            found[name] = envelopes.page(caller, after, limit + 1)
        elif name == ERASED:
            found[name] = erasure.page(caller.team, after, limit + 1)
        else:
            found[name] = rows_in(visible[name]).page(caller.team, after, upto, limit + 1)
        if len(found[name]) > limit:
            # One count numbers everything: what is full here bounds how far others are needed.
            upto = min(upto, found[name][limit][0])
    last, more = cut(found, order, limit)
    rows = [
        message for name in visible for message in map(rows_in(visible[name]).wire, found[name])
    ]
    sent = envelopes.wire(found[ENVELOPES])
    return Page((last or start).text(), more, sent, rows, erasure.wire(found[ERASED]))


def made_by(caller: Caller, accepted: Iterable[Send]) -> list[dict[str, Any]]:
    """The rows that accepted sends made and the server gave a name to.

    Their phone must hear the name with the verdict, wherever its page ends: only it can bring the
    row back to a restored server, under the name that others may know already.
    """
    visible = visible_tables(caller)
    ids: dict[str, set[str]] = {
        name: set() for name, one in visible.items() if one.numbered_columns
    }
    for send in accepted:
        table = send.parts.get("table")
        if table in ids and not visible[table].create_columns.isdisjoint(send.parts["set"]):
            ids[table].add(send.parts["row"])
    return [
        rows_in(visible[name]).wire(row)
        for name, wanted in ids.items()
        for row in rows_in(visible[name]).some(caller.team, sorted(wanted))
    ]


def history(caller: Caller, table: str, row: str) -> list[dict[str, Any]]:
    """What was overwritten in a row, newest first, as PROTOCOL.md writes it.

    Raises `row_unknown` for a row this person may not see, as for one that does not exist: whoever
    stands in sees a case as it is, not what was.
    """
    declared = visible_tables(caller).get(table)
    if declared is None or not is_id(row) or not rows_in(declared).known(caller.team, [row]):
        raise ApiError("row_unknown", "row", 404)
    kept = rows_of(
        'SELECT "column", value, claimed, effective, author, seq FROM history '
        'WHERE team = ? AND row = ? AND "table" = ? ORDER BY seq DESC, "column"',
        (caller.team, row, table),
    )
    names = ("column", "value", "claimed", "effective", "author", "seq")
    return [
        {**dict(zip(names, item, strict=True)), "value": msgspec.Raw(item[1].encode())}
        for item in kept
    ]
