"""Late work: what somebody sent about a case that is not handed to her any more, and everything a
phone gave up that the office had locked out.

It is kept aside with its rank, not merged. An aB-pAp releases it under its original author and
stamp, or discards it. Nobody else sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, jsonify
from peewee import BigIntegerField, CompositeKey, Model, TextField

from server import access, membership
from server.access import Caller
from server.accounts import mark
from server.bodies import read_body
from server.db import database, rows_of, run_many, write_transaction
from server.errors import ApiError
from server.ids import ID_PATTERN

blueprint = Blueprint("held", __name__, url_prefix="/api")


class Held(Model):
    """One operation that waits for somebody's decision, as it was sent."""

    team = TextField(help_text="Team, das entscheidet")
    device = TextField(help_text="Gerät, das gesendet hat")
    n = BigIntegerField(help_text="Laufende Nummer der Sendung dieses Geräts")
    author = TextField(help_text="Person, die es geschrieben hat")
    case = TextField(help_text="Fall, um den es geht")
    row = TextField(help_text="Eintrag, um den es geht")
    operation = TextField(help_text="Was gesendet wurde, versiegelt wie gesendet")
    effective = TextField(help_text="Wirksamer Zeitstempel vom Eingang")
    received_at = BigIntegerField(help_text="Zeitpunkt des Eingangs")
    decision = TextField(null=True, help_text="Entscheidung: freigegeben oder verworfen")
    decided_by = TextField(null=True, help_text="Wer entschieden hat")
    decided_at = BigIntegerField(null=True, help_text="Wann entschieden wurde")

    class Meta:
        database = database
        table_name = "held"
        primary_key = CompositeKey("device", "n")
        indexes = ((("team", "row"), False),)


@dataclass(frozen=True)
class HeldOperation:
    """What is to be merged when it is released."""

    author: str
    effective: str
    parts: dict[str, Any]


def waiting_row(team: str, author: str, row: str) -> dict[str, str]:
    """By table the case of a row this person made too late and nobody has decided about."""
    found = rows_of(
        'SELECT "case", operation FROM held '
        "WHERE team = ? AND row = ? AND author = ? AND decision IS NULL",
        (team, row, author),
    )
    return {table_of(operation): case for case, operation in found}


def table_of(operation: str) -> str:
    """The table of an operation as it is kept."""
    return msgspec.json.decode(operation)["table"]


def held_before(team: str, author: str, row: str, operation: str) -> tuple[str, str] | None:
    """(case, effective) of this very operation, decided about or not; None for a new one.

    A copied phone sends it again, and so does one that brings back what a restored server forgot.
    """
    found = rows_of(
        'SELECT "case", effective FROM held '
        "WHERE team = ? AND row = ? AND author = ? AND operation = ?",
        (team, row, author, operation),
    )
    return found[0] if found else None


def keep(rows: Sequence[tuple[Any, ...]], team: str) -> None:
    """Stores what a batch holds; belongs into its transaction."""
    if not rows:
        return
    run_many(
        'INSERT INTO held (team, device, n, author, "case", row, operation, effective, '
        "received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    mark(team)


def undecided(team: str) -> list[dict[str, Any]]:
    """What waits for a decision, oldest first, as `state.held` writes it."""
    found = rows_of(
        'SELECT author, "case", effective, received_at, operation FROM held '
        "WHERE team = ? AND decision IS NULL ORDER BY received_at, device, n",
        (team,),
    )
    return [
        {
            "author": author,
            "case": case,
            "effective": effective,
            "received_at": received_at,
            "operation": msgspec.Raw(operation.encode()),
        }
        for author, case, effective, received_at, operation in found
    ]


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """`POST /api/held`: about everything that waits on one row."""

    row: Annotated[str, msgspec.Meta(pattern=ID_PATTERN)]
    decision: str


@blueprint.post("/held")
def held_view() -> Response:
    """Release or discard what waits on a row."""
    # It stands above this module's other users: the engine keeps here what it holds.
    from server.acceptance import release

    body = read_body(Decision)
    who = access.admitted_caller()
    if who.role != "ab_pap":
        raise ApiError("not_allowed")
    if body.decision not in DECISIONS:
        raise ApiError("invalid", "decision")
    with write_transaction():
        held = _take(who, body)
        if body.decision == "released":
            release(who, held, access.now())
        mark(who.team)
    return jsonify({})


DECISIONS = ("released", "discarded")


def _take(who: Caller, body: Decision) -> list[HeldOperation]:
    """The undecided operations on a row, now decided. Raises `not_found` when there is none.

    A case that itself still waits goes with what hangs below it: nothing is merged without its
    case, and nothing waits for one that was discarded.
    """
    membership.lock_team(who.team)
    case = _case_waiting_for(who.team, body.row)
    rows = [body.row]
    if case not in {None, body.row} and body.decision == "released":
        rows = [str(case), body.row]
    elif case == body.row and body.decision == "discarded":
        below = 'SELECT DISTINCT row FROM held WHERE team = ? AND "case" = ? AND decision IS NULL'
        rows = [row for (row,) in rows_of(below, (who.team, body.row))]
    taken = [_decide(who, row, body.decision) for row in rows]
    # What came after its case was discarded can only be discarded as well.
    if (not all(taken) and body.decision == "released") or not any(taken):
        raise ApiError("not_found", "row")
    return [operation for one in taken for operation in one]


def _case_waiting_for(team: str, row: str) -> str | None:
    """The case of what waits on a row, when that case is not stored."""
    found = rows_of(
        'SELECT "case" FROM held WHERE team = ? AND row = ? AND decision IS NULL '
        'AND "case" NOT IN (SELECT id FROM client_case WHERE team = ?)',
        (team, row, team),
    )
    return found[0][0] if found else None


def _decide(who: Caller, row: str, decision: str) -> list[HeldOperation]:
    found = rows_of(
        "SELECT author, effective, operation FROM held "
        "WHERE team = ? AND row = ? AND decision IS NULL ORDER BY effective, n",
        (who.team, row),
    )
    decided = (decision, who.user, access.now(), who.team, row)
    run_many(
        "UPDATE held SET decision = ?, decided_by = ?, decided_at = ? "
        "WHERE team = ? AND row = ? AND decision IS NULL",
        [decided],
    )
    return [
        HeldOperation(author, effective, msgspec.json.decode(operation))
        for author, effective, operation in found
    ]
