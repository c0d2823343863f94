"""Who belongs to a team, by the word of whom, and the team keys that were announced.

Trust is made on the phones: they believe signatures that chain to their own pins, never this
server. The server checks all the same, so that mistakes show early, and it decides one thing
by it: whoever is not admitted receives no rows and no envelopes.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, jsonify
from peewee import IntegrityError, ModelSelect

from server import access, envelopes
from server.access import Caller
from server.accounts import Epoch, Statement, Team, User, mark, new_mark
from server.bodies import read_body
from server.db import locked, write_transaction
from server.errors import ApiError
from server.ids import ID_PATTERN, new_id
from server.instants import INSTANT_PATTERN, milliseconds
from server.recovery_sheet import told
from server.sealing import LEFT, KeyProblem, epoch_holds, statement_holds

FUTURE_MOST_MS = 24 * 60 * 60 * 1000
"""How far ahead of the server a statement or an epoch may claim to be: a phone's wrong zone."""

blueprint = Blueprint("membership", __name__, url_prefix="/api")

Id = Annotated[str, msgspec.Meta(pattern=ID_PATTERN)]
KeyId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{48}\Z")]
PreviousKeyId = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{48})?\Z")]
Instant = Annotated[str, msgspec.Meta(pattern=INSTANT_PATTERN)]
PublicKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
Signature = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{86}\Z")]


class StatementBody(msgspec.Struct, forbid_unknown_fields=True):
    """A signed word about a member's role and public keys."""

    team: Id
    subject: Id
    role: str
    box_public: PublicKey
    sign_public: PublicKey
    author: Id
    at: Instant
    signature: Signature


class EpochBody(msgspec.Struct, forbid_unknown_fields=True):
    """The announcement of a team key."""

    team: Id
    epoch: Annotated[int, msgspec.Meta(ge=1)]
    key_id: KeyId
    public: PublicKey
    previous: PreviousKeyId
    author: Id
    at: Instant
    signature: Signature


class StatementsBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST /api/statements`."""

    statement: StatementBody
    envelopes: list[dict[str, Any]] = []


class EpochsBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST /api/epochs`."""

    epoch: EpochBody
    envelopes: list[dict[str, Any]]
    statement: StatementBody | None = None


@blueprint.post("/statements")
def statements_view() -> Response:
    """Vouch for a member, or sign that she has left. By an admitted aB-pAp a word about somebody
    who is here admits her; a newcomer's word is kept too."""
    body = read_body(StatementsBody)
    who = access.caller()
    with write_transaction():
        subject = _vouched_for(who, body.statement)
        _may_vouch(who, subject, bool(body.envelopes))
        _keep_statement(who, body.statement)
        if who.admitted and who.role == "ab_pap":
            admit(subject)
        if body.envelopes:
            envelopes.accept(who, body.envelopes, access.now())
        mark(who.team)
    return jsonify({})


@blueprint.post("/epochs")
def epochs_view() -> Response:
    """Announce a team key. The first one makes its author the team's first admitted member."""
    body = read_body(EpochsBody)
    who = access.caller()
    if who.role != "ab_pap":
        raise ApiError("not_allowed")
    with write_transaction():
        lock_team(who.team)
        _check_epoch(who, body.epoch)
        author = _author_of_epoch(who, body)
        _keep_epoch(body.epoch)
        if not any(_is_for_author(envelope, body.epoch) for envelope in body.envelopes):
            raise ApiError("invalid", "envelopes")
        envelopes.accept(replace(who, admitted=True), body.envelopes, access.now())
        admit(author)
        mark(who.team)
    return jsonify({})


def make_team(name: str, now: int) -> Team:
    """A new team without members; `now` in milliseconds."""
    return Team.create(id=new_id(now), name=name, state_mark=new_mark(), created_at=now)


def state(team: str) -> dict[str, Any]:
    """`{members, epochs, recovery?}` of a team as PROTOCOL.md writes them: registered people only.

    Whoever has left stays among them, marked: what she signed while she was here must still be
    believed by a phone that is new, or it could open nothing she once closed.
    """
    words: dict[str, list[dict[str, Any]]] = {}
    for word in Statement.select().where(Statement.team == team).order_by(Statement.at):
        words.setdefault(word.subject_id, []).append(_wire_statement(word))
    epochs = list(Epoch.select().where(Epoch.team == team).order_by(Epoch.epoch))
    closed = envelopes.readers_of(team, [epoch.key_id for epoch in epochs])
    return {
        "members": [
            _wire_member(user, words.get(user.id, []), closed)
            for user in registered(team, with_former=True)
        ],
        "epochs": [_wire_epoch(epoch) for epoch in epochs],
        **({"recovery": sheets} if (sheets := told(team, closed)) else {}),
    }


def registered(team: str, with_former: bool = False) -> "ModelSelect[User]":
    """The people of a team who have keys; those whose account rests only `with_former`."""
    found = User.select().where(User.team == team, User.registered_at.is_null(False))
    if not with_former:
        found = found.where(User.disabled_at.is_null())
    return found.order_by(User.id)


def admit(subject: User) -> None:
    """Makes somebody a member who receives rows, from now on; belongs into a transaction."""
    User.update(admitted_at=access.now()).where(
        User.id == subject.id, User.admitted_at.is_null(), User.disabled_at.is_null()
    ).execute()


def lock_team(team: str) -> None:
    """Whoever else changes the team's keys or members waits until this transaction ends."""
    locked(Team.select().where(Team.id == team)).get()


def differing(statement: StatementBody, subject: User) -> str | None:
    """What a statement says otherwise than it is: the field's name, or None when all is so.

    Of somebody whose account rests it can be said that she has left, and nothing else.
    """
    role = subject.role if subject.disabled_at is None else LEFT
    said = {"role": role, "box_public": subject.box_public, "sign_public": subject.sign_public}
    return next((name for name, true in said.items() if getattr(statement, name) != true), None)


def is_signed_by(author: User, signed: msgspec.Struct, holds: Callable[[Any, str], bool]) -> bool:
    """Whether somebody's own key has signed this; `holds` knows what was signed."""
    try:
        return holds(msgspec.to_builtins(signed), author.sign_public or "")
    except KeyProblem:  # Its form is odd, so it is no signature either.
        return False


def _vouched_for(who: Caller, statement: StatementBody) -> User:
    """The member a statement of the caller's speaks of; raises when it does not fit."""
    if statement.author != who.user or statement.team != who.team:
        raise ApiError("not_allowed", "statement.author")
    signs_off = statement.role == LEFT
    people = registered(who.team, with_former=signs_off)
    subject = people.where(User.id == statement.subject).first()
    if subject is None:
        raise ApiError("not_found", "statement.subject")
    if (wrong := differing(statement, subject)) is not None:
        raise ApiError("statement_mismatch", f"statement.{wrong}")
    check_time(statement.at, "statement.at")
    _check_signature(statement_holds, statement, who, "statement.signature")
    return subject


def _may_vouch(who: Caller, subject: User, with_keys: bool) -> None:
    is_member = who.admitted and who.role == "ab_pap"
    if not who.admitted and not subject.admitted and subject.id != who.user:
        raise ApiError("not_admitted")
    if subject.disabled_at is not None and not is_member:
        raise ApiError("not_allowed", "statement.role")
    if with_keys and not is_member:
        raise ApiError("not_allowed", "envelopes")


def _check_epoch(who: Caller, epoch: EpochBody) -> None:
    if epoch.author != who.user or epoch.team != who.team:
        raise ApiError("not_allowed", "epoch.author")
    check_successor(who.team, epoch)
    _check_signature(epoch_holds, epoch, who, "epoch.signature")


def check_successor(team: str, epoch: EpochBody) -> None:
    """Raises ApiError for an announcement that does not follow the team's last one."""
    if not epoch.key_id.startswith(team):
        raise ApiError("invalid", "epoch.key_id")
    last = Epoch.select().where(Epoch.team == team).order_by(Epoch.epoch.desc()).first()
    number, key_id = (last.epoch, last.key_id) if last else (0, "")
    if epoch.epoch <= number:
        raise ApiError("epoch_exists")
    if epoch.epoch != number + 1:
        raise ApiError("invalid", "epoch.epoch")
    if epoch.previous != key_id:
        raise ApiError("invalid", "epoch.previous")
    if last and epoch.at < last.at:
        raise ApiError("invalid", "epoch.at")
    check_time(epoch.at, "epoch.at")


def check_time(at: str, field: str) -> None:
    """A word from the far future could never be followed by a newer one."""
    try:
        told = milliseconds(at)
    except ValueError:
        raise ApiError("invalid", field) from None
    if told > access.now() + FUTURE_MOST_MS:
        raise ApiError("invalid", field)


def _author_of_epoch(who: Caller, body: EpochsBody) -> User:
    """Epoch 1 comes with its author's word about herself; later ones from admitted people."""
    if body.epoch.epoch > 1 and not who.admitted:
        raise ApiError("not_admitted")
    if body.statement is not None:
        author = _vouched_for(who, body.statement)
        if author.id != who.user:
            raise ApiError("invalid", "statement.subject")
        _keep_statement(who, body.statement)
        return author
    if body.epoch.epoch == 1:
        raise ApiError("invalid", "statement")
    return User.get_by_id(who.user)


def _is_for_author(envelope: dict[str, Any], epoch: EpochBody) -> bool:
    """A team key that not even its maker could open again would be lost for ever."""
    return envelope.get("key_id") == epoch.key_id and envelope.get("reader") == epoch.author


def _check_signature(
    holds: Callable[[Any, str], bool], signed: msgspec.Struct, who: Caller, field: str
) -> None:
    if not is_signed_by(User.get_by_id(who.user), signed, holds):
        raise ApiError("bad_signature", field)


def _keep_statement(who: Caller, statement: StatementBody) -> None:
    """The same word twice (an answer was lost) is kept once; a newer word beside the older.

    Somebody not admitted has one word about each colleague: all of the team keeps it for good.
    """
    said = Statement.select().where(
        Statement.author == who.user, Statement.subject == statement.subject
    )
    if not who.admitted and said.exists():
        return
    Statement.insert(**msgspec.to_builtins(statement)).on_conflict_ignore().execute()


def _keep_epoch(epoch: EpochBody) -> None:
    try:
        Epoch.insert(**msgspec.to_builtins(epoch)).execute()
    except IntegrityError:
        raise ApiError("epoch_exists") from None


def _wire_member(
    user: User, statements: list[dict[str, Any]], closed: dict[str, set[str]]
) -> dict[str, Any]:
    """`closed` has for each team key the people it is closed for."""
    reads = user.admitted and user.role == "ab_pap"
    lacks = [key_id for key_id, readers in closed.items() if user.id not in readers]
    return {
        "user": user.id,
        "display_name": user.display_name,
        "role": user.role,
        "admitted": user.admitted,
        "box_public": user.box_public,
        "sign_public": user.sign_public,
        "statements": statements,
        **({} if user.disabled_at is None else {"left": True}),
        **({"lacks": lacks} if reads and lacks else {}),
    }


def _wire_statement(word: Statement) -> dict[str, Any]:
    return {
        "team": word.team_id,
        "subject": word.subject_id,
        "role": word.role,
        "box_public": word.box_public,
        "sign_public": word.sign_public,
        "author": word.author_id,
        "at": word.at,
        "signature": word.signature,
    }


def _wire_epoch(epoch: Epoch) -> dict[str, Any]:
    return {
        "team": epoch.team_id,
        "epoch": epoch.epoch,
        "key_id": epoch.key_id,
        "public": epoch.public,
        "previous": epoch.previous,
        "author": epoch.author_id,
        "at": epoch.at,
        "signature": epoch.signature,
    }
