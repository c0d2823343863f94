"""What an office does to phones: number and label in its list, and locking one out.

A phone that is locked out may give up once what it had not sent (`server/surrender.py`).
"""

from datetime import date

from server import access, audit
from server.access import Caller
from server.accounts import Device, LoginSession, User
from server.db import locked, rows_of, with_lists, write_transaction
from server.grants import mandate_of
from server.reading import scope_of

LABEL_MOST = 100
NUMBER_MOST = 30


class DeviceProblem(Exception):
    """A phone's entry cannot be changed so; the text says why in German, `field` says where."""

    def __init__(self, text: str, field: str):
        super().__init__(text)
        self.field = field


def edit(
    device: str, *, label: str, number: str, listed_on: str, actor: str | None, now: int
) -> bool:
    """Write a phone's label, its number and the day of the phone list the number is from.

    False when nothing differs; number and day may be empty, the day is `YYYY-MM-DD`. `actor` as
    in `audit.record`, `now` in milliseconds. Raises DeviceProblem.
    """
    wanted = {
        "label": _line(label, LABEL_MOST, "label") or "",
        "number": _line(number, NUMBER_MOST, "number"),
        "listed_on": _day(listed_on),
    }
    with write_transaction():
        found = _locked(device)
        names = {"label": "Bezeichnung", "number": "Nummer", "listed_on": "Stand"}
        changes = [
            f"{names[name]}: {audit.from_to(getattr(found, name), value)}"
            for name, value in wanted.items()
            if value != getattr(found, name)
        ]
        if not changes:
            return False
        Device.update(**wanted).where(Device.id == device).execute()
        audit.record(
            found.user.team_id, actor, "device_changed", device, "; ".join(changes), now=now
        )
    return True


def lock_out(device: str, actor: str | None, *, now: int) -> bool:
    """Lock a phone out: its sign-ins end at once and nobody can sign in on it again.

    Which cases it could hold at that moment is kept with it, by their pseudonyms, for what the
    law asks after a loss. False when it is locked out already. `actor` as in `audit.record`,
    `now` in milliseconds.
    """
    with write_transaction():
        found = _locked(device)
        if found.revoked_at is not None:
            return False
        cases = _cases_on(found, now)
        changes = {"revoked_at": now, "cases_at_lock": " ".join(cases)}
        Device.update(**changes).where(Device.id == device).execute()
        access.end_sessions(LoginSession.device == device, now)
        # Which ones stands with the device: a team's cases would bury the log.
        detail = f"{found.label}; Fälle darauf: {len(cases) or 'keine'}"
        audit.record(found.user.team_id, actor, "device_revoked", device, detail, now=now)
    return True


def _cases_on(device: Device, now: int) -> list[str]:
    """The pseudonyms of all cases a phone may have: its team's, or those handed to its person."""
    user = device.user
    who = Caller(user.id, device.id, user.team_id, user.role, user.admitted_at is not None)
    mandates = [mandate_of(who, moment) for moment in (device.last_contact, now)]
    handed = {case for mandate in mandates if mandate for case in mandate.in_force}
    known = "SELECT pseudonym FROM client_case WHERE team = ? AND pseudonym IS NOT NULL"
    if mandates[0] is None and scope_of(who) is not None:
        found = rows_of(known, (who.team,))
    elif not handed:
        return []
    else:
        found = rows_of(with_lists(f"{known} AND id IN (*)", handed), (who.team, *handed))
    return sorted(pseudonym for (pseudonym,) in found)


def _locked(device: str) -> Device:
    found = locked(Device.select().where(Device.id == device)).get()
    found.user = User.get_by_id(found.user_id)
    return found


def _line(typed: str, most: int, field: str) -> str | None:
    text = typed.strip()
    if len(text) > most or not text.isprintable():
        raise DeviceProblem(f"Bitte höchstens {most} Zeichen in einer Zeile.", field)
    return text or None


def _day(typed: str) -> str | None:
    day = typed.strip()
    try:
        # It reads other ways of writing a day too; stored is one.
        return date.fromisoformat(day).isoformat() if day else None
    except ValueError:
        raise DeviceProblem("Bitte geben Sie einen Tag an, den es gibt.", "listed_on") from None
