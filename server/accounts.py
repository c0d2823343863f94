"""The people, their phones and their sign-ins, as rows.

What happens to them stands by theme in `sign_in`, `invitations`, `devices` and `membership`.
Times are whole milliseconds since 1970 (UTC). Ids are UUIDv7 as 32 lower-case hex digits,
apart from a login session's, which is a random 256-bit name.

Every column says in German what it means (`help_text`); a test holds that.
No column here holds a password, a private key in the clear or anything about a person served:
`wrapped_seed` is closed under a key derived from the password on the phone, `password_hash`
is Argon2id over the derived login key.
"""

import secrets

from peewee import (
    BigIntegerField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from server.db import database


class AccountRow(Model):
    """Base of this module's tables: binds them to the one database."""

    class Meta:
        database = database


class Team(AccountRow):
    """One team of an office; its row is the lock under which operations are numbered."""

    id = TextField(primary_key=True, help_text="Nummer des Teams")
    name = TextField(help_text="Name des Teams")
    seq = BigIntegerField(default=0, help_text="Zähler der angenommenen Einträge und Schlüssel")
    pseudonym_next = IntegerField(default=1, help_text="Nächste Nummer für ein Fallpseudonym")
    # Random, so that two states with the same mark are the same, also across a restored backup.
    state_mark = TextField(
        help_text="Zufallswert, neu bei jeder Änderung an Personen und Einstellungen des Teams"
    )
    created_at = BigIntegerField(help_text="Zeitpunkt der Einrichtung")

    class Meta:
        table_name = "team"


class User(AccountRow):
    """A person with an account; everything about keys is null until she has registered."""

    id = TextField(primary_key=True, help_text="Nummer der Person")
    team = ForeignKeyField(Team, column_name="team", backref="users", help_text="Ihr Team")
    team_id: str
    name = TextField(unique=True, help_text="Anmeldename, in Kleinbuchstaben")
    display_name = TextField(help_text="Name, wie ihn das Team sieht")
    role = TextField(help_text="Rolle")
    created_at = BigIntegerField(help_text="Zeitpunkt der ersten Einladung")
    registered_at = BigIntegerField(
        null=True, help_text="Zeitpunkt, zu dem sie ihr Passwort setzte"
    )
    admitted_at = BigIntegerField(null=True, help_text="Zeitpunkt der Aufnahme durch ein Mitglied")
    disabled_at = BigIntegerField(null=True, help_text="Zeitpunkt, seit dem das Konto ruht")
    salt = TextField(null=True, help_text="Salz ihrer Passwortableitung")
    opslimit = IntegerField(null=True, help_text="Durchgänge ihrer Passwortableitung")
    memlimit = BigIntegerField(null=True, help_text="Speicher ihrer Passwortableitung in Byte")
    password_hash = TextField(null=True, help_text="Argon2id ihres Anmeldeschlüssels")
    wrapped_seed = TextField(
        null=True, help_text="Ihr Grundgeheimnis, verschlossen mit ihrem Passwort"
    )
    box_public = TextField(null=True, help_text="Öffentlicher Schlüssel für Umschläge an sie")
    sign_public = TextField(null=True, help_text="Öffentlicher Schlüssel ihrer Unterschrift")

    class Meta:
        table_name = "user"

    @property
    def registered(self) -> bool:
        """She has set a password and made her keys."""
        return self.registered_at is not None

    @property
    def admitted(self) -> bool:
        """An admitted colleague compared the safety number with her and signed for it."""
        return self.admitted_at is not None and self.disabled_at is None


class Device(AccountRow):
    """One person's store on one phone, with its own count of sends."""

    id = TextField(primary_key=True, help_text="Nummer des Geräts")
    user = ForeignKeyField(User, column_name="user", backref="devices", help_text="Wem es dient")
    user_id: str
    label = TextField(help_text="Bezeichnung: die Art des Telefons, oder wie das Büro es nennt")
    number = TextField(null=True, help_text="Nummer des Diensttelefons")
    listed_on = TextField(null=True, help_text="Stand der Telefonliste, aus der die Nummer ist")
    last_effective = TextField(null=True, help_text="Letzter vergebener Zeitstempel")
    highest_n = BigIntegerField(default=0, help_text="Höchste beschiedene eigene Nummer")
    created_at = BigIntegerField(help_text="Zeitpunkt der ersten Anmeldung darauf")
    last_contact = BigIntegerField(help_text="Letzter Kontakt, auf zehn Minuten genau")
    revoked_at = BigIntegerField(null=True, help_text="Zeitpunkt der Sperrung")
    cases_at_lock = TextField(
        null=True, help_text="Pseudonyme der Fälle, die bei der Sperrung darauf liegen konnten"
    )
    surrendered_at = BigIntegerField(
        null=True, help_text="Zeitpunkt, zu dem es nach der Sperrung sein Letztes abgegeben hat"
    )

    class Meta:
        table_name = "device"


class LoginSession(AccountRow):
    """One sign-in on one device; looked up at every request, so ending it works at once."""

    id = TextField(primary_key=True, help_text="Zufälliger Name der Anmeldung")
    user = ForeignKeyField(User, column_name="user", backref="sessions", help_text="Wessen")
    user_id: str
    device = ForeignKeyField(Device, column_name="device", backref="sessions", help_text="Worauf")
    device_id: str
    created_at = BigIntegerField(help_text="Zeitpunkt der Anmeldung")
    last_seen = BigIntegerField(help_text="Letzter Kontakt, auf zehn Minuten genau")
    revoked_at = BigIntegerField(null=True, help_text="Zeitpunkt der Abmeldung oder Sperrung")

    class Meta:
        table_name = "session"


class Invitation(AccountRow):
    """A one-time link for one account; only the hash of its token is kept."""

    token_hash = TextField(primary_key=True, help_text="SHA-256 des Einladungscodes")
    user = ForeignKeyField(User, column_name="user", backref="invitations", help_text="Für wen")
    user_id: str
    created_at = BigIntegerField(help_text="Zeitpunkt der Einladung")
    expires_at = BigIntegerField(help_text="Ende der Gültigkeit")
    used_at = BigIntegerField(null=True, help_text="Zeitpunkt der Annahme")

    class Meta:
        table_name = "invitation"


class FailedSignIn(AccountRow):
    """How often a sign-in failed lately, per account name and per network address."""

    kind = TextField(help_text="Gezählt nach Anmeldename, Netzadresse oder bekanntem Gerät")
    subject = TextField(help_text="Verschlüsselter Abdruck des Namens, der Adresse, des Geräts")
    failures = IntegerField(help_text="Zahl der Fehlversuche")
    last_failure = BigIntegerField(help_text="Zeitpunkt des letzten Fehlversuchs")

    class Meta:
        table_name = "failed_sign_in"
        primary_key = CompositeKey("kind", "subject")


class RefusedSignIn(AccountRow):
    """How many tries to sign in came too early, day by day; of whom, it does not say."""

    day = TextField(primary_key=True, help_text="Tag in UTC")
    refused = IntegerField(help_text="Zahl der abgewiesenen Versuche")

    class Meta:
        table_name = "refused_sign_in"


class Statement(AccountRow):
    """A member's signed word about another's role and public keys (or about her own)."""

    team = ForeignKeyField(Team, column_name="team", backref="statements", help_text="Team")
    team_id: str
    subject = ForeignKeyField(
        User, column_name="subject", backref="statements", help_text="Über wen"
    )
    subject_id: str
    author = ForeignKeyField(User, column_name="author", backref="+", help_text="Von wem")
    author_id: str
    role = TextField(help_text="Bezeugte Rolle")
    box_public = TextField(help_text="Bezeugter Schlüssel für Umschläge")
    sign_public = TextField(help_text="Bezeugter Schlüssel der Unterschrift")
    at = TextField(help_text="Zeitpunkt der Unterschrift nach der Uhr des Telefons")
    signature = TextField(help_text="Unterschrift")

    class Meta:
        table_name = "statement"
        primary_key = CompositeKey("subject", "author", "signature")


class Epoch(AccountRow):
    """One team key's public announcement; each has exactly one successor."""

    team = ForeignKeyField(Team, column_name="team", backref="epochs", help_text="Team")
    team_id: str
    epoch = IntegerField(help_text="Laufende Nummer des Teamschlüssels")
    key_id = TextField(unique=True, help_text="Kennung des Teamschlüssels")
    public = TextField(help_text="Öffentliche Hälfte des Briefkastens")
    previous = TextField(help_text="Kennung des Vorgängers")
    author = ForeignKeyField(User, column_name="author", backref="+", help_text="Von wem")
    author_id: str
    at = TextField(help_text="Zeitpunkt der Unterschrift nach der Uhr des Telefons")
    signature = TextField(help_text="Unterschrift")

    class Meta:
        table_name = "epoch"
        primary_key = CompositeKey("team", "epoch")


def new_mark() -> str:
    """A mark no state of a team has had."""
    return secrets.token_hex(16)


def mark(team: str) -> None:
    """Give the team's state a new mark; belongs into the transaction that changed it."""
    Team.update(state_mark=new_mark()).where(Team.id == team).execute()
