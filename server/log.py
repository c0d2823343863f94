"""The log has a name, and it can go back in time: a backup is restored, a standby promoted.

Phones notice by another name, by what they know to be accepted and the server does not, or by a
cursor beyond its count. Then the log gets a new name, so that all of them notice, and for some
weeks what is missing may still be on its way: it is not refused, it waits.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from server.access import Caller
from server.db import database, rows_of, run_many, write_transaction

RETURN_MS = 30 * 24 * 60 * 60 * 1000
"""So long after a restore phones bring back what is missing: they keep it as long."""

RENAME_MS = 60 * 60 * 1000
"""A log that phones find behind is renamed at most this often: none of them can keep all of them
busy by claiming it."""

NUMBERS_KEPT_FREE = 100
"""So many numbers for pseudonyms a restored log leaves out: they may be on phones already."""


@dataclass(frozen=True)
class Position:
    """Where the log stands, and what it knows of one device and its person. Times in ms."""

    log_id: str
    restored_at: int | None
    state_mark: str
    seq: int
    highest_n: int
    role: str
    admitted_at: int | None

    def waits(self, now_ms: int) -> bool:
        """Whether phones may still bring back what a restored log does not know."""
        return self.restored_at is not None and now_ms < self.restored_at + RETURN_MS

    def is_behind(
        self, caller: Caller, log_id: str | None, acknowledged: int, cursor_seq: int
    ) -> bool:
        """Whether a phone knows more of this log than the log itself."""
        if log_id is None:
            return False
        if log_id != self.log_id or cursor_seq > self.seq:
            return True
        return acknowledged > self.highest_n and not _judged(caller.device, acknowledged)


def position(caller: Caller) -> Position:
    """Where the log stands for this person's team and device."""
    return Position(
        *rows_of(
            "SELECT log.log_id, log.restored_at, team.state_mark, team.seq, device.highest_n, "
            'u.role, u.admitted_at FROM log, team, device, "user" u '
            "WHERE team.id = ? AND device.id = ? AND u.id = ?",
            (caller.team, caller.device, caller.user),
        )[0]
    )


def renamed(known: Position, log_id: str | None, now_ms: int) -> str:
    """The name under which a log goes on that a phone found behind.

    A new one when the phone knows the log by its present name: then nobody has renamed it yet.
    """
    if log_id != known.log_id:
        return known.log_id
    with write_transaction():
        name, restored_at = rows_of("SELECT log_id, restored_at FROM log")[0]
        recently = restored_at is not None and abs(now_ms - restored_at) < RENAME_MS
        if name == known.log_id and not recently:
            name = begin_anew(now_ms)
    return name


def begin_anew(now_ms: int, given_out: Mapping[str, int] | None = None) -> str:
    """A new name for a log that went back in time; inside a write transaction. Answers it.

    `given_out` are the `next_numbers` of the database that is replaced, when there is one.
    """
    name = secrets.token_hex(16)
    run_many("UPDATE log SET log_id = ?, restored_at = ?", [(name, now_ms)])
    for team, number in next_numbers().items():
        following = max(number, (given_out or {}).get(team, 0)) + NUMBERS_KEPT_FREE
        run_many("UPDATE team SET pseudonym_next = ? WHERE id = ?", [(following, team)])
    return name


def next_numbers() -> dict[str, int]:
    """By team the number its next pseudonym gets."""
    return dict(rows_of("SELECT id, pseudonym_next FROM team"))


def end_all_sessions() -> None:
    """Ends every sign-in and invitation there is: what was revoked since must not live again."""
    database.execute_sql("DELETE FROM session")
    database.execute_sql("DELETE FROM invitation")
    database.execute_sql("DELETE FROM failed_sign_in")


def _judged(device: str, n: int) -> bool:
    return bool(rows_of("SELECT 1 FROM verdict WHERE device = ? AND n = ?", (device, n)))
