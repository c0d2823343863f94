"""Recovery sheets: their public halves, and what is signed about and by them."""

from peewee import BigIntegerField, CompositeKey, Database, Model, SqliteDatabase, TextField
from playhouse.migrate import SchemaMigrator


def recovery_tables(db: Database) -> list[type[Model]]:
    """A frozen copy of the tables as they were first made."""

    class Base(Model):
        class Meta:
            database = db
            strict_tables = isinstance(db, SqliteDatabase)

    class Sheet(Base):
        id = TextField(primary_key=True)
        team = TextField()
        box_public = TextField()
        sign_public = TextField()
        made_at = BigIntegerField()

        class Meta:
            table_name = "recovery_sheet"
            indexes = ((("team", "made_at"), False),)

    class SheetWord(Base):
        team = TextField()
        sheet = TextField()
        subject = TextField()
        author = TextField()
        role = TextField()
        box_public = TextField()
        sign_public = TextField()
        at = TextField()
        signature = TextField()

        class Meta:
            table_name = "recovery_word"
            primary_key = CompositeKey("sheet", "signature")
            indexes = ((("team",), False),)

    return [Sheet, SheetWord]


def up(_migrator: SchemaMigrator, db: Database) -> None:
    """Make the tables."""
    db.create_tables(recovery_tables(db), safe=False)
