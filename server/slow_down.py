"""Slowing down those who guess passwords, per account and per network address.

A phone that the account was signed in on before counts for itself alone: somebody who guesses
elsewhere, however often, keeps nobody out of her own phone.

Counted in the database, so it holds for all processes together. Names and addresses are kept
as a keyed hash only: the table tells nobody who tried to sign in from where.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from peewee import Expression, fn

from server.accounts import FailedSignIn, RefusedSignIn
from server.db import locked, write_transaction
from server.errors import ApiError
from server.instants import instant

FREE_FAILURES = {"name": 5, "address": 30, "device": 5}
"""So many failures cost nothing: fingers slip, and an office shares one address."""

LONGEST_WAIT_MS = 60_000
"""Long enough for guessing to be hopeless."""

FORGOTTEN_AFTER_MS = 60 * 60 * 1000
DAY_MS = 24 * 60 * 60 * 1000
REFUSALS_KEPT_DAYS = 30


@contextmanager
def attempt(name: str, address: str, known_device: str | None, now: int) -> Iterator[None]:
    """One try to sign in; raises `too_many_attempts` when it comes too early.

    `known_device` is the phone's number when it is this account's, and None for any other.
    It is counted as a failure beforehand, so many tries at once gain nothing, and taken back
    when the body ends without an exception.
    """
    if known_device is None:
        subjects = {"name": _hidden(name), "address": _hidden(address)}
    else:
        subjects = {"device": _hidden(known_device)}
    try:
        with write_transaction():
            for kind, subject in subjects.items():
                _count(kind, subject, now)
    except ApiError:
        _note_refusal(now)
        raise
    yield
    with write_transaction():
        for kind, subject in subjects.items():
            _take_back(kind, subject)


def forget_old(now: int) -> int:
    """Remove what no longer slows anybody down; returns how many rows."""
    limit = now - FORGOTTEN_AFTER_MS
    removed = FailedSignIn.delete().where(FailedSignIn.last_failure < limit).execute()
    old = _day(now - REFUSALS_KEPT_DAYS * DAY_MS)
    return removed + RefusedSignIn.delete().where(RefusedSignIn.day < old).execute()


def refusals(now: int, days: int) -> int:
    """How many tries came too early on the last `days` days in UTC, today included."""
    first = _day(now - (days - 1) * DAY_MS)
    counted = RefusedSignIn.select(fn.COALESCE(fn.SUM(RefusedSignIn.refused), 0))
    return int(counted.where(RefusedSignIn.day >= first).scalar())


def wait_ms(kind: str, failures: int) -> int:
    """How long after its last failure the next try may come, in milliseconds."""
    over = failures - FREE_FAILURES[kind]
    return 0 if over < 0 else min(1000 * 2**over, LONGEST_WAIT_MS)


def _count(kind: str, subject: str, now: int) -> None:
    empty = {"kind": kind, "subject": subject, "failures": 0, "last_failure": 0}
    FailedSignIn.insert(empty).on_conflict_ignore().execute()
    row = locked(FailedSignIn.select().where(*_is(kind, subject))).get()
    quiet = now - row.last_failure
    # Also when the server's clock was set back: the last failure then lies ahead of now.
    if abs(quiet) < wait_ms(kind, row.failures):
        raise ApiError("too_many_attempts")
    failures = 1 if abs(quiet) > FORGOTTEN_AFTER_MS else row.failures + 1
    changed = FailedSignIn.update(failures=failures, last_failure=now)
    changed.where(*_is(kind, subject)).execute()


def _take_back(kind: str, subject: str) -> None:
    """The try was no failure. An address is shared: only this try of it is taken back."""
    if kind != "address":
        FailedSignIn.delete().where(*_is(kind, subject)).execute()
        return
    less = FailedSignIn.update(failures=FailedSignIn.failures - 1)
    less.where(*_is(kind, subject)).execute()


def _note_refusal(now: int) -> None:
    RefusedSignIn.insert(day=_day(now), refused=1).on_conflict(
        conflict_target=[RefusedSignIn.day],
        update={RefusedSignIn.refused: RefusedSignIn.refused + 1},
    ).execute()


def _day(ms: int) -> str:
    return instant(ms)[:10]


def _is(kind: str, subject: str) -> tuple[Expression, Expression]:
    return FailedSignIn.kind == kind, FailedSignIn.subject == subject


def _hidden(subject: str) -> str:
    secret = str(current_app.secret_key).encode()
    return hmac.digest(secret, b"zuzweit sign-in|" + subject.encode(), hashlib.sha256).hex()
