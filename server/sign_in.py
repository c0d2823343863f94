"""Signing in and out, and the phones people do it on.

The password never comes here: a phone derives a login key from it (PROTOCOL.md, Derivations),
and of that key the server keeps Argon2id. Whether an account exists shows nowhere: unknown
names have login parameters too, and checking them takes as long.
"""

import base64
import hashlib
import hmac
import unicodedata
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Flask, Response, current_app, g, jsonify
from flask_wtf.csrf import generate_csrf
from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

from server import access, slow_down
from server.accounts import Device, LoginSession, Team, User
from server.bodies import read_body
from server.db import write_transaction
from server.errors import ApiError
from server.ids import ID_PATTERN, new_secret_name
from server.sealing import MEMLIMIT, OPSLIMIT
from server.sealing.derivations import MAX_MEMLIMIT, MAX_OPSLIMIT

blueprint = Blueprint("sign_in", __name__, url_prefix="/api")

# The login key already carries the phone's Argon2id; this only keeps a stolen database from
# being a stolen login, and must leave a small server answering.
HASH_OPSLIMIT = 2
HASH_MEMLIMIT = 8 * 1024 * 1024

Id = Annotated[str, msgspec.Meta(pattern=ID_PATTERN)]
# Databases differ in what they take of the characters nobody sees, so none is taken.
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
"""32 bytes as base64url without padding."""


class NewDevice(msgspec.Struct, forbid_unknown_fields=True):
    """A phone's number and what its owner calls it."""

    id: Id
    label: Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*\Z")]


class ClosedSeed(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A seed closed under a password, how that is stretched, and what proves it at the server."""

    salt: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}\Z")]
    # Beyond the most no phone could open its own keys again.
    opslimit: Annotated[int, msgspec.Meta(ge=1, le=MAX_OPSLIMIT)]
    memlimit: Annotated[int, msgspec.Meta(ge=1, le=MAX_MEMLIMIT)]
    login_key: Key
    wrapped_seed: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{96}\Z")]


class ParametersBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST /api/login/parameters`."""

    name: Name


class LoginBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST /api/login`."""

    name: Name
    login_key: Key
    device: NewDevice


@blueprint.get("/session")
@access.open_to_all
def session_view() -> Response:
    """Whether this cookie is signed in, and a CSRF token for whatever comes next."""
    who = access.caller_or_none()
    if who is None:
        locked = {"locked": True} if access.is_locked_out() else {}
        return jsonify({"csrf": generate_csrf(), "signed_in": False, **locked})
    return jsonify({"csrf": generate_csrf(), "signed_in": True, "profile": profile(who)})


@blueprint.post("/login/parameters")
@access.open_to_all
def parameters_view() -> Response:
    """Salt and cost of an account's password, or steady invented ones for an unknown name."""
    name = normal_name(read_body(ParametersBody).name)
    user = _signing_in(name)
    invented = {
        "salt": _invented_salt(name),
        "opslimit": OPSLIMIT,
        "memlimit": MEMLIMIT,
    }
    return jsonify(invented if user is None else parameters_of(user))


@blueprint.post("/login")
@access.open_to_all
def login_view() -> Response:
    """Sign in with the login key; the same phone again keeps its number."""
    body = read_body(LoginBody)
    name = normal_name(body.name)
    user = _signing_in(name)
    known = _known_device(user, body.device.id)
    with slow_down.attempt(name, access.remote_address(), known, access.now()):
        stored = user.password_hash if user else None
        nobody: str = current_app.extensions["zuzweit_nobody"]
        if not key_matches(stored or nobody, body.login_key) or user is None:
            raise ApiError("wrong_sign_in")
    with write_transaction():
        locked_out = _locked_out(user, body.device.id)
        if locked_out is None:
            return jsonify(signed_in(user, body.device))
        # Also one that has given up everything: it may have been killed before it heard so.
        access.begin_locked_out(locked_out, new_secret_name())
    raise ApiError("device_locked")


@blueprint.post("/logout")
@access.open_to_all
def logout_view() -> Response:
    """End this sign-in; what lies on the phone is the phone's affair."""
    access.end_session()
    return jsonify({})


@blueprint.post("/devices")
def devices_view() -> Response:
    """A new number for this phone (it was cloned): the sign-in moves to it."""
    body = read_body(NewDevice)
    who = access.caller()
    with write_transaction():
        return jsonify(signed_in(User.get_by_id(who.user), body))


def prepare(app: Flask) -> None:
    """Make what unknown names are checked against: as much work as a real account."""
    app.extensions["zuzweit_nobody"] = key_hash(new_secret_name())


def signed_in(user: User, wanted: NewDevice) -> dict[str, Any]:
    """Sign `user` in on the phone she names, inside the caller's write transaction.

    Answers `{csrf, profile}`. Raises `device_taken` for somebody else's number and
    `device_locked` for a revoked one.
    """
    device = _device_of(user, wanted)
    access.end_session()
    access.end_sessions(LoginSession.device == device.id, access.now())
    who = access.begin_session(user, device, new_secret_name())
    # The token of the session before was made for a cookie that is gone now.
    g.pop("csrf_token", None)
    return {"csrf": generate_csrf(), "profile": profile(who)}


def profile(who: access.Caller) -> dict[str, Any]:
    """What a phone is told about its own person (PROTOCOL.md)."""
    user = User.select(User, Team).join(Team).where(User.id == who.user).get()
    return {
        "user": user.id,
        "name": user.name,
        "display_name": user.display_name,
        "role": user.role,
        "team": user.team_id,
        "team_name": user.team.name,
        "device": who.device,
        "admitted": user.admitted,
        "wrapped_seed": user.wrapped_seed,
        "box_public": user.box_public,
        "sign_public": user.sign_public,
        **parameters_of(user),
    }


def parameters_of(user: User) -> dict[str, Any]:
    """`{salt, opslimit, memlimit}` of her password's derivation."""
    return {"salt": user.salt, "opslimit": user.opslimit, "memlimit": user.memlimit}


def normal_name(name: str) -> str:
    """A sign-in name as it is stored: phones like to begin it with a capital."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def check_strength(seed: ClosedSeed) -> None:
    """Raises `weak_parameters` for a password that would be stretched too little."""
    if seed.opslimit < OPSLIMIT or seed.memlimit < MEMLIMIT:
        raise ApiError("weak_parameters")


def key_hash(login_key: str) -> str:
    """Argon2id of a login key, as text with salt and cost inside."""
    return argon2id.str(login_key.encode(), HASH_OPSLIMIT, HASH_MEMLIMIT).decode()


def key_matches(stored: str, login_key: str) -> bool:
    """Whether `login_key` is the one `stored` was made from."""
    try:
        return argon2id.verify(stored.encode(), login_key.encode())
    except InvalidkeyError:
        return False


def _signing_in(name: str) -> User | None:
    return User.get_or_none(
        User.name == name, User.registered_at.is_null(False), User.disabled_at.is_null()
    )


def _known_device(user: User | None, device: str) -> str | None:
    """The phone's number when this account has been signed in on it and it is not locked."""
    if user is None:
        return None
    hers = Device.id == device, Device.user == user.id, Device.revoked_at.is_null()
    return device if Device.select().where(*hers).exists() else None


def _locked_out(user: User, device: str) -> Device | None:
    """The person's own phone when the office has locked it out."""
    hers = Device.id == device, Device.user == user.id, Device.revoked_at.is_null(False)
    return Device.get_or_none(*hers)


def _invented_salt(name: str) -> str:
    secret = str(current_app.secret_key).encode()
    digest = hmac.digest(secret, b"zuzweit login salt|" + name.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def _device_of(user: User, wanted: NewDevice) -> Device:
    device = Device.get_or_none(Device.id == wanted.id)
    if device is None:
        moment = access.now()
        return Device.create(
            id=wanted.id, user=user, label=wanted.label, created_at=moment, last_contact=moment
        )
    if device.user_id != user.id:
        raise ApiError("device_taken", "device.id")
    if device.revoked_at is not None:
        raise ApiError("device_locked")
    # Its label stays: the office may have given it a better one meanwhile.
    device.last_contact = access.now()
    device.save(only=[Device.last_contact])
    return device
