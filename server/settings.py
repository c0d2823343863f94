"""What an office decides for itself: every such setting, declared once.

A setting has a meaning, a unit, a range and a default. The admin changes it on the office pages;
the value stands in the database, one for each team. What a phone has to know of it travels in
`state.settings` and reaches it at its next sync. How the program is run (addresses, processes,
the database) is not decided here but in `server/config.py`.

README's section "Was die Verwaltung einstellt" lists them all; a test holds it to this file.
"""

from dataclasses import dataclass

from peewee import BigIntegerField, CompositeKey, ForeignKeyField, Model, TextField

from server import audit
from server.accounts import Team, User, mark
from server.db import database, locked, rows_of, write_transaction

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS


class SettingProblem(Exception):
    """A value is not allowed; the text says in German what is, ready to be shown."""


@dataclass(frozen=True)
class OfficeSetting:
    """A whole number between `least` and `most`, counted in `unit` (one, several)."""

    name: str
    title: str
    meaning: str
    unit: tuple[str, str]
    least: int
    most: int
    default: int
    for_phones: bool = False

    def read(self, text: str) -> int:
        """The number somebody typed; raises SettingProblem."""
        typed = text.strip()
        fits = typed.isascii() and typed.isdigit() and len(typed) <= len(str(self.most))
        if not fits or not self.least <= int(typed) <= self.most:
            raise SettingProblem(f"Bitte geben Sie eine ganze Zahl {self.range} ein.")
        return int(typed)

    def stored(self, text: str | None) -> int:
        """What a row of `setting` says; the default where there is none or it fits no more."""
        if text is None:
            return self.default
        try:
            return self.read(text)
        except SettingProblem:
            return self.default

    def shown(self, value: int) -> str:
        """`5 Minuten`."""
        return f"{value} {self.unit[value != 1]}"

    @property
    def range(self) -> str:
        """`von 1 bis 60`."""
        return f"von {self.least} bis {self.most}"


_DAYS = ("Tag", "Tage")

SETTINGS = {
    setting.name: setting
    for setting in (
        OfficeSetting(
            "lock_minutes",
            "Sperre der App",
            "Minuten ohne Berührung, nach denen sich die App auf dem Telefon sperrt.",
            ("Minute", "Minuten"),
            least=1,
            most=60,
            default=5,
            for_phones=True,
        ),
        OfficeSetting(
            "session_days",
            "Dauer einer Anmeldung",
            "Tage ohne Kontakt zum Server, nach denen eine Anmeldung endet.",
            _DAYS,
            least=1,
            most=365,
            default=30,
        ),
        OfficeSetting(
            "invitation_hours",
            "Gültigkeit einer Einladung",
            "Stunden, in denen eine neue Einladung angenommen werden kann.",
            ("Stunde", "Stunden"),
            least=1,
            most=720,
            default=72,
        ),
        OfficeSetting(
            "offline_days",
            "Telefon ohne Verbindung",
            "Tage ohne Verbindung, nach denen ein Telefon vor dem Entsperren beim Server "
            "nachfragt.",
            _DAYS,
            least=1,
            most=31,
            default=7,
            for_phones=True,
        ),
        OfficeSetting(
            "closed_days",
            "Abgeschlossene Fälle",
            "Tage nach dem Abschluss, nach denen ein Fall die Telefone verlässt; er lässt sich "
            "wieder laden.",
            _DAYS,
            least=1,
            most=3650,
            default=90,
            for_phones=True,
        ),
    )
}
"""All of them by name, in the order the office page shows them."""

LONGEST_SESSION_DAYS = SETTINGS["session_days"].most


class Setting(Model):
    """A value that a team has chosen; where there is none, the default holds."""

    team = ForeignKeyField(Team, column_name="team", backref="settings", help_text="Team")
    team_id: str
    name = TextField(help_text="Name der Einstellung")
    value = TextField(help_text="Gewählter Wert")
    changed_at = BigIntegerField(help_text="Zeitpunkt der letzten Änderung")
    changed_by = ForeignKeyField(
        User, column_name="changed_by", backref="+", null=True, help_text="Wer sie zuletzt änderte"
    )
    changed_by_id: str | None

    class Meta:
        database = database
        table_name = "setting"
        primary_key = CompositeKey("team", "name")


def values(team: str) -> dict[str, int]:
    """Every setting of a team with its present value."""
    chosen = dict(rows_of("SELECT name, value FROM setting WHERE team = ?", (team,)))
    return {name: setting.stored(chosen.get(name)) for name, setting in SETTINGS.items()}


def value(team: str, name: str) -> int:
    """One setting's present value; KeyError for a name that is not declared."""
    return values(team)[name]


def phone_settings(team: str) -> dict[str, int]:
    """What the team's phones are told (`state.settings`)."""
    return {name: now for name, now in values(team).items() if SETTINGS[name].for_phones}


def invitation_ms(team: str) -> int:
    """How long a new invitation can be accepted, in milliseconds."""
    return value(team, "invitation_hours") * HOUR_MS


def change(team: str, name: str, text: str, actor: str | None, *, now: int) -> bool:
    """Give a setting what somebody typed; False when it had that value already.

    Old and new value go to the log of the office. `actor` is a user's id, None for the command
    line; `now` in milliseconds. Raises SettingProblem, and KeyError for an unknown name.
    """
    setting = SETTINGS[name]
    wanted = setting.read(text)
    with write_transaction():
        # Another admin may be changing it too: the team's row is the queue.
        locked(Team.select().where(Team.id == team)).get()
        before = value(team, name)
        if wanted == before:
            return False
        Setting.insert(
            team=team, name=name, value=str(wanted), changed_at=now, changed_by=actor
        ).on_conflict(
            conflict_target=[Setting.team, Setting.name],
            preserve=[Setting.value, Setting.changed_at, Setting.changed_by],
        ).execute()
        detail = audit.from_to(setting.shown(before), setting.shown(wanted))
        audit.record(team, actor, "setting_changed", name, detail, now=now)
        mark(team)
    return True


def last_changes(team: str) -> dict[str, Setting]:
    """The rows of the settings that a team has ever changed, by name."""
    rows = Setting.select(Setting, User).left_outer_join(User).where(Setting.team == team)
    return {row.name: row for row in rows}
