"""The pulling half of a sync for somebody who stands in: the cases handed to her, and no more.

She gets the columns a table shares, and all of what she wrote herself; of the envelopes only those
closed for her.
"""

from typing import Any

from server import envelopes
from server.access import Caller
from server.cursors import ENVELOPES, Cursor, Page, cut
from server.grants import Mandate
from server.rows import rows_in
from server.synced import SyncedTable, tables


def pull_shared(caller: Caller, mandate: Mandate, start: Cursor, limit: int) -> Page:
    """At most `limit` envelopes and rows of the cases in force that lie after the cursor."""
    shared = shared_tables()
    cases = sorted(mandate.in_force)
    if not cases:
        return Page(None, False, [], [], [])
    order = [ENVELOPES, *shared]
    found: dict[str, list[Any]] = {
        ENVELOPES: envelopes.page_for_cases(
            caller, cases, start.place_in(ENVELOPES, order), limit + 1
        )
    }
    for name, declared in shared.items():
        after = start.place_in(name, order)
        found[name] = rows_in(declared).page_of_cases(caller.team, cases, after, limit + 1)
    last, more = cut(found, order, limit)
    rows = [
        message
        for name, declared in shared.items()
        for message in (shared_row(declared, caller, row) for row in found[name])
    ]
    sent = envelopes.wire(found[ENVELOPES])
    return Page((last or start).text(), more, sent, rows, [])


def shared_tables() -> dict[str, SyncedTable]:
    """The tables of which rows go to somebody who stands in."""
    return {name: declared for name, declared in tables().items() if declared.shared}


def shared_row(declared: SyncedTable, caller: Caller, row: Any) -> dict[str, Any]:
    """A database tuple as it travels to her."""
    mine = row[2] == caller.user
    only = None if mine else declared.shared | {"deleted_at"}
    return rows_in(declared).wire(row, only)
