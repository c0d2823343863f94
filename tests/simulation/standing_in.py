"""What somebody who stands in may be shown, worked out without the server's own rules."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.db import rows_of

BERLIN = ZoneInfo("Europe/Berlin")
SHARED = {
    "client_case": {
        "pseudonym", "kind", "counsellor", "name", "phone", "address", "reach_via", "hazard",
    },
    "handed_case": {"case", "deputy", "starts", "until", "note"},
    "visit": {
        "case", "counsellor", "companion", "planned_start", "planned_end", "contact_made",
        "happened_at", "place_kind", "place", "outcome", "appointment", "next_step",
    },
}  # fmt: skip
"""The columns of other people's rows that travel with a handed case; of her own all do."""


class Wrong(AssertionError):
    """The protocol's promise is broken."""


def day_of(now: int) -> str:
    """The office's day at an instant in ms."""
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(BERLIN).date().isoformat()


def handed_to(user: str, team: str, now: int) -> set[str]:
    """The cases somebody stands in for now, as the database says who hands what to whom."""
    handed = rows_of(
        'SELECT "case" FROM handed_case WHERE team = ? AND deputy = ? '
        "AND starts <= ? AND until >= ? AND deleted_at IS NULL",
        (team, user, day_of(now), day_of(now)),
    )
    return {case for (case,) in handed}


def case_of(row: Mapping[str, Any]) -> str:
    """The case a row on the wire belongs to."""
    return row["id"] if row["table"] == "client_case" else row["columns"]["case"]


def as_shown(row: Mapping[str, Any], user: str) -> dict[str, Any]:
    """A whole row as it travels to her: other people's without what is not shared."""
    if row["created_by"] == user:
        return dict(row)
    columns = SHARED[row["table"]] | {"deleted_at"}
    parts = {
        part: {name: value for name, value in row[part].items() if name in columns}
        for part in ("columns", "stamps", "versions")
        if part in row
    }
    return {**row, **parts}


def check_shown(
    user: str,
    team: str,
    now: int,
    rows: Iterable[Mapping[str, Any]],
    envelopes: Iterable[Mapping[str, Any]],
) -> None:
    """An answer to her has nothing but the shared columns of the cases that are hers now."""
    rows, envelopes = list(rows), list(envelopes)
    if not rows and not envelopes:
        return
    handed = handed_to(user, team, now)
    for row in rows:
        if case_of(row) not in handed:
            raise Wrong(f"{user} was shown {row}, handed to her is {handed}")
        told = row["columns"].keys() | row.get("stamps", {}).keys() | row.get("versions", {}).keys()
        more = told - SHARED[row["table"]] - {"deleted_at"}
        if more and row["created_by"] != user:
            raise Wrong(f"{user} was shown {more} of {row}")
    for one in envelopes:
        if one["owner"] not in handed or one["reader"] != user:
            raise Wrong(f"{user} was given {one}, handed to her is {handed}")


def check_in_time(user: str, team: str, now: int, row: str) -> None:
    """What was merged at once is about a case that is hers now."""
    found = rows_of('SELECT "case" FROM visit WHERE team = ? AND id = ?', (team, row))
    if not {case for (case,) in found} & handed_to(user, team, now):
        raise Wrong(f"{user} was late, or never stood in, and {row} is merged")
