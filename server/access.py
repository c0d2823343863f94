"""Who is calling. Every call under /api needs a living sign-in unless it is marked open.

A session cookie names a person, her device and one sign-in on it. All three are looked up in
the database at every request, so revoking a device, ending a session or disabling an account
works at once, whatever the phone still holds.
"""

import ipaddress
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, has_app_context, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from peewee import Expression

from server import settings
from server.accounts import Device, LoginSession, Team, User
from server.config import Config
from server.db import rows_of
from server.errors import ApiError
from server.session_cookie import SESSION_KEY, TOKEN_BYTES, TOKEN_KEY, SessionCookie

RENEWAL_MS = 10 * 60 * 1000
"""A session's and its device's last contact is written at most this often: an idle sync must
not take the write lock each time."""

# Asked at every request, so in plain SQL: putting it together anew would take most of the time.
LIVING_SESSION = """
SELECT s.last_seen, u.team, u.role, u.admitted_at, days.value FROM session s
JOIN device d ON d.id = s.device JOIN "user" u ON u.id = s."user" AND u.id = d."user"
LEFT JOIN setting days ON days.team = u.team AND days.name = 'session_days'
WHERE s.id = ? AND s."user" = ? AND s.device = ?
AND s.revoked_at IS NULL AND d.revoked_at IS NULL AND u.disabled_at IS NULL
"""

LOCKED_OUT = """
SELECT u.id, d.id, u.team, u.role, u.admitted_at FROM session s
JOIN device d ON d.id = s.device JOIN "user" u ON u.id = s."user" AND u.id = d."user"
WHERE s.id = ? AND d.revoked_at IS NOT NULL
"""

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Caller:
    """Who calls, all as ids: what the engine needs to know about a person, and no more."""

    user: str
    device: str
    team: str
    role: str
    admitted: bool


class SignedIn(UserMixin):
    """Flask-Login's view of a caller."""

    def __init__(self, caller: Caller):
        self.caller = caller

    def get_id(self) -> str:
        """`user:device`, what the cookie remembers."""
        return f"{self.caller.user}:{self.caller.device}"


def wall_clock() -> int:
    """Milliseconds since 1970 by this machine's clock."""
    return time.time_ns() // 1_000_000


def now() -> int:
    """Milliseconds since 1970 by the running application's clock (tests set their own)."""
    return current_app.extensions["zuzweit_clock"]()


def config() -> Config:
    """How the running application is run; the defaults where none runs (tools, simulations)."""
    return current_app.extensions["zuzweit_config"] if has_app_context() else Config()


def phone_settings() -> dict[str, object]:
    """What phones are told of the settings, and for whom they close their rescue files."""
    told = config().phone_settings()
    if not has_app_context():
        return told
    return told | {"rescue_key": current_app.extensions["zuzweit_rescue_key"]}


def open_to_all(view: View) -> View:
    """Mark a view that works without a sign-in."""
    view.__dict__["open_to_all"] = True
    return view


def open_to_locked_out(view: View) -> View:
    """Mark a view that is for phones the office has locked out, and for nobody else."""
    view.__dict__["open_to_locked_out"] = True
    return view


def caller_or_none() -> Caller | None:
    """Whoever is signed in, or None."""
    return current_user.caller if current_user.is_authenticated else None


def caller() -> Caller:
    """Whoever is signed in; raises `sign_in_needed`."""
    who = caller_or_none()
    if who is None:
        raise ApiError("sign_in_needed")
    return who


def is_locked_out() -> bool:
    """Whether this cookie is of a phone that the office has locked out."""
    return bool(_locked_out())


def locked_out_caller() -> Caller:
    """Whose cookie this is when the office has locked its phone out; raises `sign_in_needed`."""
    found = _locked_out()
    if not found:
        raise ApiError("sign_in_needed")
    [(user, device, team, role, admitted_at)] = found
    return Caller(user, device, team, role, admitted_at is not None)


def admitted_caller() -> Caller:
    """Whoever is signed in and admitted; raises `sign_in_needed` or `not_admitted`."""
    who = caller()
    if not who.admitted:
        raise ApiError("not_admitted")
    return who


def remote_address() -> str:
    """Where the request comes from; of IPv6 the network, because one phone has many of it."""
    text = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else text


def guard(app: Flask, config: Config, clock: Callable[[], int]) -> None:
    """Put the guard before every request of `app`.

    Must be registered before CSRF protection: a session that has ended is answered
    `sign_in_needed`, which a phone can mend, and not with a complaint about its token.
    """
    app.extensions["zuzweit_config"] = config
    app.extensions["zuzweit_clock"] = clock
    # Phones change network and browser version all day: binding to both would sign them out.
    app.config["SESSION_PROTECTION"] = None
    app.session_interface = SessionCookie()
    logins = LoginManager(app)
    logins.user_loader(_load)
    app.before_request(_require_sign_in)


def begin_session(user: User, device: Device, session_id: str) -> Caller:
    """Sign `user` in on `device`: one row, a fresh cookie, a fresh CSRF token."""
    moment = now()
    LoginSession.create(
        id=session_id, user=user, device=device, created_at=moment, last_seen=moment
    )
    who = Caller(user.id, device.id, user.team_id, user.role, user.admitted)
    session.clear()
    session.permanent = True
    session[SESSION_KEY] = session_id
    # Flask-WTF would make a longer one.
    session[TOKEN_KEY] = secrets.token_urlsafe(TOKEN_BYTES)
    login_user(SignedIn(who))
    # Nobody asks for the browser's fingerprint (SESSION_PROTECTION): it need not travel.
    session.pop("_id", None)
    return who


def begin_locked_out(device: Device, session_id: str) -> None:
    """A cookie for a phone that is locked out: good for giving up what it has, and no more."""
    moment = now()
    LoginSession.create(
        id=session_id,
        user=device.user_id,
        device=device,
        created_at=moment,
        last_seen=moment,
        revoked_at=moment,
    )
    session.clear()
    session.permanent = True
    session[SESSION_KEY] = session_id


def end_session() -> None:
    """End the sign-in of this request's cookie, when there is one; the device stays."""
    session_id = session.get(SESSION_KEY)
    if session_id is not None:
        LoginSession.update(revoked_at=now()).where(
            LoginSession.id == session_id, LoginSession.revoked_at.is_null()
        ).execute()
    logout_user()
    session.clear()


def end_sessions(which: Expression, moment: int) -> None:
    """End the living sign-ins that `which` chooses; `moment` in milliseconds."""
    LoginSession.update(revoked_at=moment).where(which, LoginSession.revoked_at.is_null()).execute()


def end_other_sessions(user: User) -> None:
    """End all sign-ins of this request's person but the one it came with."""
    LoginSession.update(revoked_at=now()).where(
        LoginSession.user == user.id,
        LoginSession.id != session.get(SESSION_KEY),
        LoginSession.revoked_at.is_null(),
    ).execute()


def remove_ended_sessions(now_ms: int) -> int:
    """Remove the rows of sign-ins nobody can use any more; returns how many."""
    # A phone that is locked out is known by its last sign-in until it has given up what it has.
    locked_out = Device.select(Device.id).where(Device.revoked_at.is_null(False))
    waited_since = now_ms - settings.LONGEST_SESSION_DAYS * settings.DAY_MS
    over = LoginSession.device.not_in(locked_out) | (LoginSession.last_seen <= waited_since)
    ended = LoginSession.revoked_at.is_null(False) & over
    removed = LoginSession.delete().where(ended).execute()
    for team in Team.select(Team.id):
        idle_since = now_ms - settings.value(team.id, "session_days") * settings.DAY_MS
        members = User.select(User.id).where(User.team == team.id)
        idle = (LoginSession.last_seen <= idle_since) & LoginSession.user.in_(members)
        idle &= LoginSession.revoked_at.is_null()
        removed += LoginSession.delete().where(idle).execute()
    return removed


def _locked_out() -> list[Any]:
    return rows_of(LOCKED_OUT, (session.get(SESSION_KEY, ""),))


def _require_sign_in() -> None:
    if request.endpoint is None:
        return
    view = current_app.view_functions.get(request.endpoint)
    if getattr(view, "open_to_locked_out", False):
        locked_out_caller()
    elif not getattr(view, "open_to_all", False) and caller_or_none() is None:
        raise ApiError("device_locked" if is_locked_out() else "sign_in_needed")


def _load(identity: str) -> SignedIn | None:
    user_id, _, device_id = identity.partition(":")
    session_id, moment = session.get(SESSION_KEY, ""), now()
    found = rows_of(LIVING_SESSION, (session_id, user_id, device_id))
    if not found:
        return None
    [(last_seen, team, role, admitted_at, days)] = found
    if last_seen <= moment - settings.SETTINGS["session_days"].stored(days) * settings.DAY_MS:
        return None
    if moment - last_seen > RENEWAL_MS:
        _renew(session_id, device_id, moment)
    return SignedIn(Caller(user_id, device_id, team, role, admitted_at is not None))


def _renew(session_id: str, device_id: str, moment: int) -> None:
    LoginSession.update(last_seen=moment).where(LoginSession.id == session_id).execute()
    Device.update(last_contact=moment).where(Device.id == device_id).execute()
    # The cookie's own expiry starts anew as well.
    session.modified = True
