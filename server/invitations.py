"""Invitations: how an account gets its person. One use, expiring; the link is a secret.

Nobody ever gives anybody a password. Whoever may invite makes an account without keys and
hands over a link; the invited person sets her password on her own phone, which makes her keys
there. The link's token travels behind a `#`, so no server, proxy or log on the way sees it.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, jsonify
from peewee import IntegrityError

from server import access, audit
from server.accounts import Invitation, LoginSession, Team, User, mark
from server.bodies import read_body
from server.db import write_transaction
from server.envelopes import Envelope
from server.errors import ApiError
from server.ids import new_id, new_secret_name
from server.instants import instant
from server.people import PersonProblem, checked_display_name
from server.sign_in import (
    ClosedSeed,
    Key,
    NewDevice,
    check_strength,
    key_hash,
    normal_name,
    signed_in,
)
from sync.codes import ROLES

blueprint = Blueprint("invitations", __name__, url_prefix="/api/invitation")

NAME_PATTERN = re.compile(r"[\w][\w.@-]{0,63}")

Token = Annotated[str, msgspec.Meta(max_length=200)]


@dataclass(frozen=True)
class NewInvitation:
    """What whoever invites gets to hand over; `token` is known to nobody else."""

    user: str
    token: str
    expires: str
    replaces: bool
    """An earlier invitation, still open, has ended with this one."""

    def link(self, address: str) -> str:
        """The link to hand over, for the server's public `address`."""
        return f"{address}/einladung#{self.token}"


class OpenBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST /api/invitation/open`."""

    token: Token


class AcceptBody(ClosedSeed):
    """`POST /api/invitation/accept`."""

    token: Token
    box_public: Key
    sign_public: Key
    device: NewDevice


def invite(
    team: str,
    name: str,
    display_name: str,
    role: str,
    *,
    now: int,
    valid_ms: int,
    actor: str | None = None,
    renews: bool = False,
) -> NewInvitation:
    """Make an account and its invitation, or a new one for an account without keys or at rest.

    An account at rest begins anew: its person sets a new password, which makes new keys, and has
    to be taken in again. `now` and `valid_ms` in milliseconds, `actor` as in `audit.record`.
    Earlier invitations of the account end. Raises PersonProblem for an odd name, an unknown role,
    an account that is in use, or one that is another person's by its name or role; `renews` says
    that this very account is meant, under whatever name and role it was invited.
    """
    name, display_name = checked_name(name), checked_display_name(display_name)
    if role not in ROLES:
        raise PersonProblem(f"Die Rolle „{role}“ gibt es nicht: {', '.join(ROLES)}.", "role")
    token = new_secret_name()
    with write_transaction():
        user = _invited_user(team, name, display_name, role, now, renews)
        earlier = Invitation.user == user.id, Invitation.used_at.is_null()
        replaces = Invitation.select().where(*earlier, Invitation.expires_at > now).exists()
        Invitation.delete().where(Invitation.user == user.id).execute()
        Invitation.create(
            token_hash=_hash(token), user=user, created_at=now, expires_at=now + valid_ms
        )
        audit.record(team, actor, "person_invited", user.id, f"Als {ROLES[role]}", now=now)
    return NewInvitation(user.id, token, instant(now + valid_ms), replaces)


def checked_name(typed: str) -> str:
    """A sign-in name as it is stored; raises PersonProblem."""
    name = normal_name(typed)
    if not NAME_PATTERN.fullmatch(name):
        raise PersonProblem(
            "Der Anmeldename darf nur Buchstaben, Ziffern, Punkt, @, Binde- und Unterstrich "
            "enthalten, höchstens 64 Zeichen."
        )
    return name


def remove_dead(now: int) -> int:
    """Remove invitations nobody can use any more; returns how many."""
    dead = (Invitation.expires_at <= now) | Invitation.used_at.is_null(False)
    return Invitation.delete().where(dead).execute()


@blueprint.post("/open")
@access.open_to_all
def open_view() -> Response:
    """Who is invited: shown to the person before she sets her password."""
    token = read_body(OpenBody).token
    found = (
        Invitation.select(Invitation, User, Team)
        .join(User)
        .join(Team)
        .where(
            Invitation.token_hash == _hash(token),
            Invitation.used_at.is_null(),
            Invitation.expires_at > access.now(),
        )
        .first()
    )
    if found is None:
        raise ApiError("invitation_invalid")
    return jsonify(_shown(found))


@blueprint.post("/accept")
@access.open_to_all
def accept_view() -> Response:
    """Set the password, store the closed keys, sign in: all of it or nothing."""
    body = read_body(AcceptBody)
    check_strength(body)
    password_hash = key_hash(body.login_key)
    with write_transaction():
        user = _use(body.token)
        _register(user, body, password_hash)
        return jsonify(signed_in(User.get_by_id(user.id), body.device))


def _invited_user(
    team: str, name: str, display_name: str, role: str, now: int, renews: bool
) -> User:
    user = User.get_or_none(User.name == name)
    if user is None:
        try:
            return User.create(
                id=new_id(now),
                team=team,
                name=name,
                display_name=display_name,
                role=role,
                created_at=now,
            )
        except IntegrityError:
            raise PersonProblem("Dieser Anmeldename ist gerade vergeben worden.") from None
    if user.team_id != team:
        raise PersonProblem(f"Das Konto „{name}“ ist schon in Gebrauch.")
    if user.disabled_at is not None:
        return _begun_anew(user, display_name, role)
    if user.registered:
        raise PersonProblem(
            f"Das Konto „{name}“ ist schon in Gebrauch. Hat die Person ihr Passwort vergessen: "
            f"zuerst ruhen lassen („zuzweit disable --name {name}“), dann neu einladen."
        )
    if renews:
        user.display_name, user.role = display_name, role
        user.save(only=[User.display_name, User.role])
    if (user.display_name, user.role) != (display_name, role):
        raise PersonProblem(
            f"„{name}“ ist schon für {user.display_name} ({ROLES[user.role]}) eingeladen. "
            "Bitte wählen Sie einen anderen Anmeldenamen."
        )
    return user


def _begun_anew(user: User, display_name: str, role: str) -> User:
    """An account at rest without its keys: what was closed for the old ones nobody can open."""
    LoginSession.delete().where(LoginSession.user == user.id).execute()
    Envelope.delete().where(Envelope.team == user.team_id, Envelope.reader == user.id).execute()
    keys = dict.fromkeys(
        ("salt", "opslimit", "memlimit", "password_hash", "wrapped_seed", "box_public",
         "sign_public", "registered_at", "admitted_at", "disabled_at"),
    )  # fmt: skip
    User.update(display_name=display_name, role=role, **keys).where(User.id == user.id).execute()
    mark(user.team_id)
    return User.get_by_id(user.id)


def _use(token: str) -> User:
    """The invited user; of many at once exactly one gets here."""
    used = (
        Invitation.update(used_at=access.now())
        .where(
            Invitation.token_hash == _hash(token),
            Invitation.used_at.is_null(),
            Invitation.expires_at > access.now(),
        )
        .execute()
    )
    if used != 1:
        raise ApiError("invitation_invalid")
    return Invitation.get(Invitation.token_hash == _hash(token)).user


def _register(user: User, body: AcceptBody, password_hash: str) -> None:
    registered = (
        User.update(
            registered_at=access.now(),
            salt=body.salt,
            opslimit=body.opslimit,
            memlimit=body.memlimit,
            password_hash=password_hash,
            wrapped_seed=body.wrapped_seed,
            box_public=body.box_public,
            sign_public=body.sign_public,
        )
        .where(User.id == user.id, User.registered_at.is_null(), User.disabled_at.is_null())
        .execute()
    )
    if registered != 1:
        raise ApiError("invitation_invalid")
    mark(user.team_id)


def _shown(invitation: Invitation) -> dict[str, Any]:
    user = invitation.user
    return {
        "user": user.id,
        "name": user.name,
        "display_name": user.display_name,
        "role": user.role,
        "team": user.team_id,
        "team_name": user.team.name,
        "expires": instant(invitation.expires_at),
    }


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
