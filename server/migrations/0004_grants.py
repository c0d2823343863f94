"""Cases handed to a deputy, and late work that waits for a decision."""

from peewee import BigIntegerField, CompositeKey, Database, Model, SqliteDatabase, TextField
from playhouse.migrate import SchemaMigrator


def tables(db: Database) -> list[type[Model]]:
    """A frozen copy of the tables as they were first made."""

    class Base(Model):
        class Meta:
            database = db
            strict_tables = isinstance(db, SqliteDatabase)

    class HandedCase(Base):
        team = TextField()
        id = TextField()
        seq = BigIntegerField()
        created_by = TextField()
        stamp_claimed = TextField()
        stamp_effective = TextField()
        stamp_author = TextField()
        own_stamps = TextField(null=True)
        versions = TextField(null=True)
        named = TextField(null=True)
        empties = TextField(null=True)
        deleted_at = TextField(null=True)
        case = TextField(null=True)
        deputy = TextField(null=True)
        starts = TextField(null=True)
        until = TextField(null=True)
        note = TextField(null=True)

        class Meta:
            table_name = "handed_case"
            primary_key = CompositeKey("team", "id")
            indexes = ((("team", "seq"), True), (("team", "deputy"), False))

    class Held(Base):
        team = TextField()
        device = TextField()
        n = BigIntegerField()
        author = TextField()
        case = TextField()
        row = TextField()
        operation = TextField()
        effective = TextField()
        received_at = BigIntegerField()
        decision = TextField(null=True)
        decided_by = TextField(null=True)
        decided_at = BigIntegerField(null=True)

        class Meta:
            table_name = "held"
            primary_key = CompositeKey("device", "n")
            indexes = ((("team", "row"), False),)

    return [HandedCase, Held]


def up(_migrator: SchemaMigrator, db: Database) -> None:
    """Make the tables; the visits of a case are looked up by it from now on."""
    db.create_tables(tables(db), safe=False)
    db.execute_sql('CREATE INDEX "visit_team_case" ON "visit" ("team", "case")')
