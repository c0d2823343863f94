"""Teams, people, phones, sign-ins, invitations, statements and epochs."""

from peewee import (
    BigIntegerField,
    CompositeKey,
    Database,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)
from playhouse.migrate import SchemaMigrator


def account_tables(db: Database) -> list[type[Model]]:
    """A frozen copy of the tables as they were first made."""

    class Base(Model):
        class Meta:
            database = db
            strict_tables = isinstance(db, SqliteDatabase)

    class Team(Base):
        id = TextField(primary_key=True)
        name = TextField()
        seq = BigIntegerField()
        pseudonym_next = IntegerField()
        state_mark = TextField()
        created_at = BigIntegerField()

        class Meta:
            table_name = "team"

    class User(Base):
        id = TextField(primary_key=True)
        team = ForeignKeyField(Team, column_name="team")
        name = TextField(unique=True)
        display_name = TextField()
        role = TextField()
        created_at = BigIntegerField()
        registered_at = BigIntegerField(null=True)
        admitted_at = BigIntegerField(null=True)
        disabled_at = BigIntegerField(null=True)
        salt = TextField(null=True)
        opslimit = IntegerField(null=True)
        memlimit = BigIntegerField(null=True)
        password_hash = TextField(null=True)
        wrapped_seed = TextField(null=True)
        box_public = TextField(null=True)
        sign_public = TextField(null=True)

        class Meta:
            table_name = "user"

    return [Team, User, *device_tables(Base, User), *membership_tables(Base, Team, User)]


def device_tables(base: type[Model], user_model: type[Model]) -> list[type[Model]]:
    """Phones and everything about signing in on them."""

    class Device(base):
        id = TextField(primary_key=True)
        user = ForeignKeyField(user_model, column_name="user")
        label = TextField()
        last_effective = TextField(null=True)
        highest_n = BigIntegerField()
        created_at = BigIntegerField()
        last_contact = BigIntegerField()
        revoked_at = BigIntegerField(null=True)

        class Meta:
            table_name = "device"

    class LoginSession(base):
        id = TextField(primary_key=True)
        user = ForeignKeyField(user_model, column_name="user")
        device = ForeignKeyField(Device, column_name="device")
        created_at = BigIntegerField()
        last_seen = BigIntegerField()
        revoked_at = BigIntegerField(null=True)

        class Meta:
            table_name = "session"

    class Invitation(base):
        token_hash = TextField(primary_key=True)
        user = ForeignKeyField(user_model, column_name="user")
        created_at = BigIntegerField()
        expires_at = BigIntegerField()
        used_at = BigIntegerField(null=True)

        class Meta:
            table_name = "invitation"

    class FailedSignIn(base):
        kind = TextField()
        subject = TextField()
        failures = IntegerField()
        last_failure = BigIntegerField()

        class Meta:
            table_name = "failed_sign_in"
            primary_key = CompositeKey("kind", "subject")

    return [Device, LoginSession, Invitation, FailedSignIn]


def membership_tables(
    base: type[Model], team_model: type[Model], user_model: type[Model]
) -> list[type[Model]]:
    """Who vouched for whom, and the announced team keys."""

    class Statement(base):
        team = ForeignKeyField(team_model, column_name="team")
        subject = ForeignKeyField(user_model, column_name="subject")
        author = ForeignKeyField(user_model, column_name="author")
        role = TextField()
        box_public = TextField()
        sign_public = TextField()
        at = TextField()
        signature = TextField()

        class Meta:
            table_name = "statement"
            primary_key = CompositeKey("subject", "author", "signature")

    class Epoch(base):
        team = ForeignKeyField(team_model, column_name="team")
        epoch = IntegerField()
        key_id = TextField(unique=True)
        public = TextField()
        previous = TextField()
        author = ForeignKeyField(user_model, column_name="author")
        at = TextField()
        signature = TextField()

        class Meta:
            table_name = "epoch"
            primary_key = CompositeKey("team", "epoch")

    return [Statement, Epoch]


def up(_migrator: SchemaMigrator, db: Database) -> None:
    """Make the tables, parents first."""
    db.create_tables(account_tables(db), safe=False)
