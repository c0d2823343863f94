"""What an office does to accounts that exist: another name to show, or rest."""

from server import access, audit
from server.accounts import Invitation, LoginSession, User, mark
from server.db import locked, write_transaction

DISPLAY_NAME_MOST = 80


class PersonProblem(Exception):
    """An account cannot be made or changed so.

    The text says why, in German, ready to be shown; `field` is the part it is about.
    """

    def __init__(self, text: str, field: str = "name"):
        super().__init__(text)
        self.field = field


def checked_display_name(typed: str) -> str:
    """The name as it is stored; raises PersonProblem."""
    name = typed.strip()
    if not name or len(name) > DISPLAY_NAME_MOST or not name.isprintable():
        raise PersonProblem(
            f"Der angezeigte Name fehlt oder ist länger als {DISPLAY_NAME_MOST} Zeichen.",
            "display_name",
        )
    return name


def rename(user: str, typed: str, actor: str | None, *, now: int) -> bool:
    """Give a person (by her id) another name to show; False when it is the same.

    The team's phones learn it at their next sync. `actor` as in `audit.record`, `now` in
    milliseconds. Raises PersonProblem.
    """
    name = checked_display_name(typed)
    with write_transaction():
        person = _locked(user)
        if person.display_name == name:
            return False
        User.update(display_name=name).where(User.id == user).execute()
        mark(person.team_id)
        detail = audit.from_to(f"„{person.display_name}“", f"„{name}“")
        audit.record(person.team_id, actor, "person_renamed", user, detail, now=now)
    return True


def rest(user: str, actor: str | None, *, now: int) -> bool:
    """Rest an account: its sign-ins and invitations end at once, it leaves the team's list.

    False when it rests already. `actor` as in `audit.record`, `now` in milliseconds.
    """
    with write_transaction():
        person = _locked(user)
        if person.disabled_at is not None:
            return False
        User.update(disabled_at=now).where(User.id == user).execute()
        Invitation.delete().where(Invitation.user == user).execute()
        access.end_sessions(LoginSession.user == user, now)
        mark(person.team_id)
        audit.record(person.team_id, actor, "person_disabled", user, "", now=now)
    return True


def _locked(user: str) -> User:
    return locked(User.select().where(User.id == user)).get()
