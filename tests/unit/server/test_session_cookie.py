"""The session cookie: short for a signed-in phone, Flask's own for everything else."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import BadSignature

from server.sealing import to_base64url
from server.session_cookie import SessionCookie, pack, unpack

ids = st.binary(min_size=16, max_size=16).map(bytes.hex)
sessions = st.builds(
    lambda user, device, sign_in, token: {
        "_permanent": True,
        "_fresh": True,
        "_user_id": f"{user}:{device}",
        "sign_in": to_base64url(sign_in),
        "csrf_token": to_base64url(token),
    },
    ids, ids, st.binary(min_size=32, max_size=32), st.binary(min_size=12, max_size=12),
)  # fmt: skip
USUAL: dict[str, Any] = {
    "_permanent": True,
    "_fresh": True,
    "_user_id": f"{'0a' * 16}:{'1b' * 16}",
    "sign_in": "Ab-_" * 10 + "AbA",
    "csrf_token": "AbCd-_0123456789",
}


def app_with(secret: str) -> Flask:
    app = Flask(__name__)
    app.secret_key = secret
    return app


@given(sessions)
def test_a_signed_in_session_comes_back_as_it_was(session: dict[str, Any]) -> None:
    packed = pack(session)
    assert packed is not None
    assert len(packed) == 77
    assert unpack(packed) == session
    signer = SessionCookie().get_signing_serializer(app_with("x" * 32))
    assert signer is not None
    cookie = signer.dumps(session)
    assert len(cookie) < 140
    assert signer.loads(cookie, max_age=60) == session


@pytest.mark.parametrize(
    "change",
    [
        {"another": 1},
        {"_fresh": False},
        {"sign_in": "2c" * 16},
        {"sign_in": "Ab-_" * 10 + "AbB"},
        {"sign_in": 7},
        {"_user_id": "nobody"},
        {"csrf_token": "a" * 40},
        {"_user_id": None},
    ],
    ids=str,
)
def test_anything_else_travels_as_flask_writes_it(change: dict[str, Any]) -> None:
    app, session = app_with("x" * 32), USUAL | change
    assert pack(session) is None
    signer = SessionCookie().get_signing_serializer(app)
    flasks = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    assert flasks is not None
    assert signer.loads(signer.dumps(session)) == session
    assert flasks.loads(signer.dumps(session)) == session


def test_a_cookie_from_before_is_still_read() -> None:
    app = app_with("x" * 32)
    flasks = SecureCookieSessionInterface().get_signing_serializer(app)
    signer = SessionCookie().get_signing_serializer(app)
    assert signer is not None
    assert flasks is not None
    assert signer.loads(flasks.dumps(USUAL)) == USUAL
    assert signer.loads(flasks.dumps({"a": 1})) == {"a": 1}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cookie: "B" + cookie[1:],
        lambda cookie: cookie[:40] + ("A" if cookie[40] != "A" else "B") + cookie[41:],
        lambda cookie: cookie[:-1],
        lambda cookie: cookie.split(".")[0],
    ],
)
def test_a_changed_cookie_is_none(spoil: Callable[[str], str]) -> None:
    signer = SessionCookie().get_signing_serializer(app_with("x" * 32))
    other = SessionCookie().get_signing_serializer(app_with("y" * 32))
    assert signer is not None
    assert other is not None
    cookie = str(signer.dumps(USUAL))
    for reader, text in ((signer, spoil(cookie)), (other, cookie)):
        with pytest.raises(BadSignature):
            reader.loads(text)
