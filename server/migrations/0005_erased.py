"""What was erased for good, and when this log began anew after a restore."""

from peewee import BigIntegerField, CompositeKey, Database, Model, SqliteDatabase, TextField
from playhouse.migrate import SchemaMigrator


def erased_table(db: Database) -> type[Model]:
    """A frozen copy of the table of what was erased."""

    class Erased(Model):
        team = TextField()
        id = TextField()
        at = TextField()
        seq = BigIntegerField()

        class Meta:
            database = db
            table_name = "erased"
            strict_tables = isinstance(db, SqliteDatabase)
            primary_key = CompositeKey("team", "id")
            indexes = ((("team", "seq"), True),)

    return Erased


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Make the table; logs made until now were never restored."""
    db.create_tables([erased_table(db)], safe=False)
    migrator.migrate(migrator.add_column("log", "restored_at", BigIntegerField(null=True)))
