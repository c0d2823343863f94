"""Changing a password: the same seed, closed anew on the phone, under another login key.

Nothing here knows a password or a seed. Whoever proves the old login key from a living sign-in
swaps login key and closed seed in one transaction; all her other sign-ins end with it.
"""

from flask import Blueprint, Response, jsonify

from server import access, slow_down
from server.accounts import User
from server.bodies import read_body
from server.db import write_transaction
from server.errors import ApiError
from server.sign_in import ClosedSeed, Key, check_strength, key_hash, key_matches, profile

blueprint = Blueprint("password_change", __name__, url_prefix="/api")


class PasswordBody(ClosedSeed):
    """`POST /api/password`. `old_login_key` proves the password until now."""

    old_login_key: Key


@blueprint.post("/password")
def password_view() -> Response:
    """Put another login key and closed seed in place of the old ones: both or neither."""
    body = read_body(PasswordBody)
    check_strength(body)
    who = access.caller()
    user = User.get_by_id(who.user)
    with slow_down.attempt(user.name, access.remote_address(), who.device, access.now()):
        proven = _knows(user, body.old_login_key)
        if not proven and not _is_done(user, body):
            raise ApiError("wrong_sign_in", "old_login_key")
    if proven:
        _swap(user, body, key_hash(body.login_key))
    return jsonify({"profile": profile(who)})


def _is_done(user: User, body: PasswordBody) -> bool:
    """The same request again: its first answer got lost."""
    return user.wrapped_seed == body.wrapped_seed and _knows(user, body.login_key)


def _knows(user: User, login_key: str) -> bool:
    return user.password_hash is not None and key_matches(user.password_hash, login_key)


def _swap(user: User, body: PasswordBody, password_hash: str) -> None:
    with write_transaction():
        swapped = (
            User.update(
                password_hash=password_hash,
                wrapped_seed=body.wrapped_seed,
                salt=body.salt,
                opslimit=body.opslimit,
                memlimit=body.memlimit,
            )
            # Of two phones at once, exactly one changes what both of them knew.
            .where(
                User.id == user.id,
                User.password_hash == user.password_hash,
                User.disabled_at.is_null(),
            )
            .execute()
        )
        if swapped != 1:
            raise ApiError("password_changed")
        access.end_other_sessions(user)
