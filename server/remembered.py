"""`POST /api/remembered`: what phones remember of a team that a restored server has forgotten.

Statements and epochs are signed by whoever made them, so any member's phone may bring them back,
also that of somebody who is admitted only by one of them; a recovery sheet is its statements. Team
keys come back from the phone of who closed them or of who reads them: a wrong box would shut nobody
out but herself. What does not hold, or contradicts what is there by now, is left out without a
word: other phones may know more.
"""

from typing import Any, TypeVar

import msgspec
from flask import Blueprint, Response, jsonify

from server import access, log, membership, recovery
from server.access import Caller
from server.accounts import Epoch, Statement, User, mark
from server.bodies import read_body
from server.db import write_transaction
from server.envelopes import remember
from server.errors import ApiError
from server.membership import EpochBody, StatementBody
from server.sealing import epoch_holds, statement_holds

Signed = TypeVar("Signed", bound=msgspec.Struct)

blueprint = Blueprint("remembered", __name__, url_prefix="/api")


class RememberedBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST /api/remembered`: statements, epochs and team keys as they were once served."""

    statements: list[dict[str, Any]] = []
    epochs: list[dict[str, Any]] = []
    envelopes: list[dict[str, Any]] = []


@blueprint.post("/remembered")
def remembered_view() -> Response:
    """Take back what is missing. Nothing, long after the log went back in time."""
    body = read_body(RememberedBody)
    who = access.caller()
    if log.position(who).waits(access.now()):
        with write_transaction():
            take_back(who, body)
    return jsonify({})


def take_back(who: Caller, body: RememberedBody) -> None:
    """Keeps of what a phone remembers whatever holds; inside a write transaction."""
    membership.lock_team(who.team)
    epochs = [read for parts in body.epochs if (read := _read(parts, EpochBody))]
    statements = [read for parts in body.statements if (read := _read(parts, StatementBody))]
    before = -1
    # As they were made: which sheet was the last decides whom one admits.
    statements.sort(key=lambda word: word.at)
    # Whoever is admitted by one of them may make the next: until none is left that counts.
    while before != (before := len(epochs) + len(statements)):
        epochs = [epoch for epoch in epochs if not _takes_epoch(who, epoch)]
        statements = [word for word in statements if not _takes_statement(who, word)]
    remember(who, body.envelopes)
    mark(who.team)


def _read(parts: dict[str, Any], shape: type[Signed]) -> Signed | None:
    """One of them by itself: an odd one, whoever served it once, must not spoil the others."""
    try:
        return msgspec.convert(parts, shape)
    except msgspec.ValidationError:
        return None


def _takes_epoch(who: Caller, epoch: EpochBody) -> bool:
    """Keeps an epoch that follows the last one; False for one that does not, or not yet."""
    author = _author(who, epoch.team, epoch.author)
    if author is None or author.role != "ab_pap":
        return False
    if epoch.epoch > 1 and not author.admitted:
        return False
    try:
        membership.check_successor(who.team, epoch)
    except ApiError:  # It is there, or another one is by now.
        return False
    if not membership.is_signed_by(author, epoch, epoch_holds):
        return False
    Epoch.insert(**msgspec.to_builtins(epoch)).execute()
    membership.admit(author)
    return True


def _takes_statement(who: Caller, word: StatementBody) -> bool:
    """Keeps one statement by somebody who may make it; False when she may not, or not yet."""
    author, subject = _author(who, word.team, word.author), _anybody(who, word.subject)
    if word.team == who.team and (taken := recovery.takes_back(who, word, author)) is not None:
        return taken
    if author is None or subject is None or membership.differing(word, subject):
        return False
    if not author.admitted and not subject.admitted and author.id != subject.id:
        return False
    if not membership.is_signed_by(author, word, statement_holds):
        return False
    if author.admitted or not _has_said(word):
        Statement.insert(**msgspec.to_builtins(word)).on_conflict_ignore().execute()
    if author.admitted and author.role == "ab_pap":
        membership.admit(subject)
    return True


def _has_said(word: StatementBody) -> bool:
    said = Statement.select().where(
        Statement.author == word.author, Statement.subject == word.subject
    )
    return said.exists()


def _author(who: Caller, team: str, user: str) -> User | None:
    """Who signed, when it is about the caller's team and she belongs to it."""
    return _member(who, user) if team == who.team else None


def _member(who: Caller, user: str) -> User | None:
    return membership.registered(who.team).where(User.id == user).first()


def _anybody(who: Caller, user: str) -> User | None:
    """Also somebody who has left: that this was signed counts again."""
    return membership.registered(who.team, with_former=True).where(User.id == user).first()
