"""`POST /api/cases`: closed cases that have left the phones, fetched again when somebody asks.

A phone forgets what was closed long ago (setting `closed_days`); the server keeps it. Whoever
stands in has no use for this: her few cases come again by themselves.
"""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response

from server import access, envelopes
from server.access import Caller
from server.bodies import read_body
from server.db import read_snapshot
from server.errors import ApiError
from server.ids import ID_PATTERN
from server.reading import visible_tables
from server.rows import rows_in

MOST_CASES = 20
"""In one request: some hundred rows each."""
MOST_ROWS = 100_000

blueprint = Blueprint("fetching", __name__, url_prefix="/api")


class CasesBody(msgspec.Struct, forbid_unknown_fields=True):
    """The cases somebody wants to have again."""

    cases: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=ID_PATTERN)]],
        msgspec.Meta(min_length=1, max_length=MOST_CASES),
    ]


@blueprint.post("/cases")
def cases_view() -> Response:
    """Everything of these cases: `{rows, envelopes}`. What is unknown or erased is left out."""
    body = read_body(CasesBody)
    who = access.admitted_caller()
    if who.role != "ab_pap":
        raise ApiError("not_allowed")
    return Response(msgspec.json.encode(fetch(who, body.cases)), mimetype="application/json")


def fetch(who: Caller, cases: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """`{rows, envelopes}` of these cases, as a member gets them; all of one moment."""
    visible = visible_tables(who)
    if not visible:
        return {"rows": [], "envelopes": []}
    wanted = sorted(set(cases))
    rows: list[dict[str, Any]] = []
    with read_snapshot():
        for declared in visible.values():
            if declared.table.key == "case":
                found = rows_in(declared).page_of_cases(who.team, wanted, (0, ""), MOST_ROWS)
                rows += map(rows_in(declared).wire, found)
        return {"rows": rows, "envelopes": envelopes.wire(envelopes.of_cases(who, wanted))}
