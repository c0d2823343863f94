"""What the office decides, its log, the numbers of service phones, and when jobs last ran."""

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
from playhouse.migrate import SchemaMigrator, migrate


def office_tables(db: Database) -> list[type[Model]]:
    """A frozen copy of the tables as they were first made."""

    class Base(Model):
        class Meta:
            database = db
            strict_tables = isinstance(db, SqliteDatabase)

    class Team(Base):
        id = TextField(primary_key=True)

        class Meta:
            table_name = "team"

    class User(Base):
        id = TextField(primary_key=True)

        class Meta:
            table_name = "user"

    class Setting(Base):
        team = ForeignKeyField(Team, column_name="team")
        name = TextField()
        value = TextField()
        changed_at = BigIntegerField()
        changed_by = ForeignKeyField(User, column_name="changed_by", null=True)

        class Meta:
            table_name = "setting"
            primary_key = CompositeKey("team", "name")

    class Audit(Base):
        id = TextField(primary_key=True)
        team = ForeignKeyField(Team, column_name="team", index=False)
        at = BigIntegerField()
        actor = ForeignKeyField(User, column_name="actor", null=True)
        kind = TextField()
        subject = TextField()
        detail = TextField()

        class Meta:
            table_name = "audit"
            indexes = ((("team", "at"), False),)

    return [Setting, Audit, *counting_tables(Base)]


def counting_tables(base: type[Model]) -> list[type[Model]]:
    """When jobs ran, and how many tries to sign in came too early."""

    class JobRun(base):
        name = TextField(primary_key=True)
        finished_at = BigIntegerField(null=True)
        failed_at = BigIntegerField(null=True)

        class Meta:
            table_name = "job_run"

    class RefusedSignIn(base):
        day = TextField(primary_key=True)
        refused = IntegerField()

        class Meta:
            table_name = "refused_sign_in"

    return [JobRun, RefusedSignIn]


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Make the tables; give phones room for their number and for being locked."""
    db.create_tables(office_tables(db), safe=False)
    migrate(
        migrator.add_column("device", "number", TextField(null=True)),
        migrator.add_column("device", "listed_on", TextField(null=True)),
        migrator.add_column("device", "cases_at_lock", TextField(null=True)),
        migrator.add_column("device", "surrendered_at", BigIntegerField(null=True)),
    )
