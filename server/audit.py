"""The log of the office: who changed what about people, phones and settings, and when.

It holds names of things and their old and new values; never content about a person served,
never a password, a key or an invitation's code. Rows are only ever added. Whoever does a deed
writes it down in the same transaction, so that there is no deed without its line.
"""

from dataclasses import dataclass

from peewee import BigIntegerField, ForeignKeyField, Model, ModelSelect, TextField

from server.accounts import Device, Team, User
from server.db import database
from server.ids import new_id

PAGE_LENGTH = 50

KINDS = {
    "person_invited": "Person eingeladen",
    "person_renamed": "Angezeigter Name geändert",
    "person_disabled": "Konto ruhen gelassen",
    "device_changed": "Geräteangaben geändert",
    "device_revoked": "Gerät gesperrt",
    "device_surrendered": "Gesperrtes Gerät hat sich gemeldet und geleert",
    "setting_changed": "Einstellung geändert",
}
"""What can happen, and what it is called."""


class AuditEntry(Model):
    """One deed."""

    id = TextField(primary_key=True, help_text="Nummer der Zeile")
    team = ForeignKeyField(Team, column_name="team", backref="+", index=False, help_text="Team")
    team_id: str
    at = BigIntegerField(help_text="Zeitpunkt")
    actor = ForeignKeyField(
        User, column_name="actor", backref="+", null=True, help_text="Wer; leer: die Kommandozeile"
    )
    actor_id: str | None
    kind = TextField(help_text="Was geschah")
    subject = TextField(help_text="Woran: Nummer der Person oder des Geräts, oder die Einstellung")
    detail = TextField(help_text="Näheres, etwa alter und neuer Wert; nie Inhalte")

    class Meta:
        database = database
        table_name = "audit"
        indexes = ((("team", "at"), False),)


@dataclass(frozen=True)
class Page:
    """A page of the log, the newest lines first; pages count from 1."""

    entries: list[AuditEntry]
    number: int
    pages: int


def record(team: str, actor: str | None, kind: str, subject: str, detail: str, *, now: int) -> None:
    """Write down a deed; belongs into the transaction that does it.

    `actor` is a user's id, None for the command line; `kind` stands in KINDS (KeyError
    otherwise: a programming error); `detail` is German and ready to be shown; `now` in
    milliseconds.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    AuditEntry.create(
        id=new_id(now), team=team, at=now, actor=actor, kind=kind, subject=subject, detail=detail
    )


def from_to(before: str | None, after: str | None) -> str:
    """How a detail names an old and a new value; nothing is a dash."""
    return f"{before or '–'} → {after or '–'}"


def read_page(team: str, number: int, person: str | None = None) -> Page:
    """A page of a team's log; with `person` (a user's id) what she did or what concerns her.

    A number past the end gives the last page.
    """
    chosen = _about(team, person)
    pages = max(1, -(-chosen.count() // PAGE_LENGTH))
    number = min(max(1, number), pages)
    newest_first = chosen.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    return Page(list(newest_first.paginate(number, PAGE_LENGTH)), number, pages)


def _about(team: str, person: str | None) -> "ModelSelect[AuditEntry]":
    chosen = AuditEntry.select(AuditEntry, User).left_outer_join(User)
    chosen = chosen.where(AuditEntry.team == team)
    if person is None:
        return chosen
    phones = Device.select(Device.id).where(Device.user == person)
    return chosen.where(
        (AuditEntry.actor == person)
        | (AuditEntry.subject == person)
        | AuditEntry.subject.in_(phones)
    )
