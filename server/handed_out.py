"""What was handed to whom: derived from what the server holds anyway, for the log of the office.

Cases are named by their pseudonyms, nothing else about them is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from server.db import rows_of
from server.instants import milliseconds
from sync.codes import ROLES


@dataclass(frozen=True)
class HandedOut:
    """Something that one person let another have. `at` in ms; `by` and `to` are ids of users."""

    at: int
    by: str
    to: str
    what: str
    detail: str


def read_all(team: str) -> list[HandedOut]:
    """Everything of a team, the newest first."""
    lines = [*_cases(team), *_admissions(team), *_late_work(team)]
    return sorted(lines, key=lambda line: (line.at, line.to, line.what), reverse=True)


def _cases(team: str) -> Iterator[HandedOut]:
    found = rows_of(
        "SELECT h.stamp_effective, h.created_by, h.deputy, c.pseudonym, h.starts, h.until, "
        'h.deleted_at FROM handed_case h JOIN client_case c ON c.team = h.team AND c.id = h."case" '
        "WHERE h.team = ?",
        (team,),
    )
    for stamp, author, deputy, pseudonym, starts, until, deleted_at in found:
        ended = ", zurückgenommen" if deleted_at is not None or until < starts else ""
        days = f"{_day(starts)} bis {_day(until)}{ended}"
        yield HandedOut(int(stamp[:12], 16), author, deputy, f"Fall {pseudonym}", days)


def _admissions(team: str) -> Iterator[HandedOut]:
    """By whom everybody was admitted; what newcomers sign about their colleagues is left out."""
    found = rows_of(
        "SELECT s.at, s.author, s.subject, s.role FROM statement s "
        'JOIN "user" a ON a.id = s.author JOIN "user" u ON u.id = s.subject '
        "WHERE s.team = ? AND s.author <> s.subject AND a.role = 'ab_pap' "
        "AND a.admitted_at <= u.admitted_at",
        (team,),
    )
    for at, author, subject, role in found:
        what = "Alle Fälle des Teams" if role == "ab_pap" else "Mitgliedschaft, keine Fälle"
        detail = f"Aufgenommen als {ROLES.get(role, role)}"
        yield HandedOut(milliseconds(at), author, subject, what, detail)


def _late_work(team: str) -> Iterator[HandedOut]:
    found = rows_of(
        "SELECT MAX(h.decided_at), h.decided_by, h.author, c.pseudonym, h.decision FROM held h "
        'LEFT JOIN client_case c ON c.team = h.team AND c.id = h."case" '
        "WHERE h.team = ? AND h.decision IS NOT NULL "
        "GROUP BY h.row, h.decided_by, h.author, c.pseudonym, h.decision",
        (team,),
    )
    for at, decider, author, pseudonym, decision in found:
        done = "übernommen" if decision == "released" else "verworfen"
        what = f"Später Eintrag zu {pseudonym or 'einem neuen Fall'}"
        yield HandedOut(at, decider, author, what, done)


def _day(text: str) -> str:
    return ".".join(reversed(text.split("-")))
