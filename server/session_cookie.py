"""The session cookie in few bytes: it travels with every request, hundreds of times a day.

What a signed-in phone's cookie holds is three ids and a token. They travel as bytes in
itsdangerous' own signed and dated envelope; whatever else a session holds travels as Flask's JSON.
"""

import re
from itertools import accumulate, pairwise
from typing import Any

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from server.sealing import KeyProblem, from_base64url, to_base64url

SESSION_KEY = "sign_in"
"""Under this name a session carries the id of its row in `session`."""
TOKEN_KEY = "csrf_token"
TOKEN_BYTES = 12
"""Of the token against forged requests: 96 bits nobody guesses while a sign-in lives."""

_LENGTHS = (16, 16, 32, TOKEN_BYTES)
"""Bytes of user, device, sign-in and token; the last two are base64url in a session."""
_match_identity = re.compile("([0-9a-f]{32}):([0-9a-f]{32})").fullmatch
_ALWAYS = {"_permanent": True, "_fresh": True}
_KEYS = {*_ALWAYS, "_user_id", SESSION_KEY, TOKEN_KEY}

_VERSION = b"\x01"
# JSON begins with a brace, packed JSON with a dot; in base64 this version byte is neither.
_MARK = base64_encode(_VERSION + bytes(2))[:1]


class _Serializer(URLSafeTimedSerializer):
    def dump_payload(self, obj: Any) -> bytes:
        packed = pack(obj)
        return super().dump_payload(obj) if packed is None else base64_encode(packed)

    def load_payload(self, payload: bytes, *args: Any, **kwargs: Any) -> Any:
        if payload[:1] == _MARK:
            return unpack(base64_decode(payload))
        return super().load_payload(payload, *args, **kwargs)


class SessionCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, with the payload above."""

    def __init__(self) -> None:
        self._made: tuple[object, _Serializer] | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask's own, but for the payload: same keys, same signature, same age. Made once."""
        keys = (app.secret_key, app.config["SECRET_KEY_FALLBACKS"])
        if self._made is not None and self._made[0] == keys:
            return self._made[1]
        flasks = super().get_signing_serializer(app)
        if flasks is None:
            return None
        made = _Serializer(
            flasks.secret_keys,
            salt=flasks.salt,
            serializer=flasks.serializer,
            signer_kwargs=flasks.signer_kwargs,
        )
        self._made = (keys, made)
        return made

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask does; to an answer that nobody may store, `Vary` says nothing."""
        super().save_session(app, session, response)
        if response.headers.get("Cache-Control") == "no-store":
            response.headers.remove("Vary")


def pack(session: Any) -> bytes | None:
    """A signed-in session as 77 bytes; None when it holds anything else or anything more."""
    if type(session) is not dict or session.keys() != _KEYS:
        return None
    identity = _match_identity(str(session["_user_id"]))
    sign_in, token = _bytes(session[SESSION_KEY]), _bytes(session[TOKEN_KEY])
    usual = all(session[name] is value for name, value in _ALWAYS.items())
    if not (usual and identity and (len(sign_in), len(token)) == _LENGTHS[2:]):
        return None
    return _VERSION + bytes.fromhex(identity[1] + identity[2]) + sign_in + token


def unpack(packed: bytes) -> dict[str, Any]:
    """The session of `pack`."""
    ends = accumulate(_LENGTHS, initial=len(_VERSION))
    user, device, sign_in, token = (packed[a:b] for a, b in pairwise(ends))
    return {
        **_ALWAYS,
        "_user_id": f"{user.hex()}:{device.hex()}",
        SESSION_KEY: to_base64url(sign_in),
        TOKEN_KEY: to_base64url(token),
    }


def _bytes(text: Any) -> bytes:
    """What `text` says in base64url; nothing when it is none."""
    try:
        return from_base64url(text)
    except KeyProblem:
        return b""
