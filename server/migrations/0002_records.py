"""Cases, visits, envelopes, verdicts, history, and a name for this log."""

import secrets

from peewee import (
    BigIntegerField,
    BlobField,
    CompositeKey,
    Database,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)
from playhouse.migrate import SchemaMigrator


def shared_row(db: Database) -> type[Model]:
    """What every row shared with phones has besides its own columns."""

    class SharedRow(Model):
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

        class Meta:
            database = db
            strict_tables = isinstance(db, SqliteDatabase)
            primary_key = CompositeKey("team", "id")
            indexes = ((("team", "seq"), True),)

    return SharedRow


def shared_tables(shared: type[Model]) -> list[type[Model]]:
    """A frozen copy of the tables shared with phones."""

    class ClientCase(shared):
        pseudonym = TextField(null=True)
        kind = TextField(null=True)
        counsellor = TextField(null=True)
        transferring_counsellor = TextField(null=True)
        handed_over = TextField(null=True)
        first_contact = TextField(null=True)
        activation_limit = TextField(null=True)
        closed = TextField(null=True)
        name = TextField(null=True)
        date_of_birth = TextField(null=True)
        client_number = TextField(null=True)
        phone = TextField(null=True)
        address = TextField(null=True)
        reach_via = TextField(null=True)
        target_group = TextField(null=True)
        target_detail = TextField(null=True)
        situation = TextField(null=True)
        wishes = TextField(null=True)
        hazard = TextField(null=True)

        class Meta:
            table_name = "client_case"

    class Visit(shared):
        case = TextField(null=True)
        counsellor = TextField(null=True)
        companion = TextField(null=True)
        planned_start = TextField(null=True)
        planned_end = TextField(null=True)
        contact_made = TextField(null=True)
        return_announced = TextField(null=True)
        verbis_open = IntegerField(null=True)
        happened_at = TextField(null=True)
        place_kind = TextField(null=True)
        place = TextField(null=True)
        outcome = TextField(null=True)
        who_opened = TextField(null=True)
        topics = TextField(null=True)
        core_tasks = TextField(null=True)
        appointment = TextField(null=True)
        observation = TextField(null=True)
        assessment = TextField(null=True)
        wish = TextField(null=True)
        next_step = TextField(null=True)

        class Meta:
            table_name = "visit"

    return [ClientCase, Visit]


def server_tables(db: Database) -> list[type[Model]]:
    """A frozen copy of the server's own tables."""

    class Base(Model):
        class Meta:
            database = db
            strict_tables = isinstance(db, SqliteDatabase)

    class Envelope(Base):
        team = TextField()
        key_id = TextField()
        reader = TextField()
        purpose = TextField()
        owner = TextField()
        author = TextField()
        at = TextField()
        box = TextField()
        seq = BigIntegerField()

        class Meta:
            table_name = "envelope"
            primary_key = CompositeKey("team", "key_id", "reader")
            indexes = ((("team", "seq"), True),)

    return [Envelope, *kept_tables(db)]


def kept_tables(db: Database) -> list[type[Model]]:
    """Verdicts, history and the log: small rows that are only ever added."""

    class Base(Model):
        class Meta:
            database = db
            strict_tables = isinstance(db, SqliteDatabase)

    class Log(Base):
        log_id = TextField(primary_key=True)

        class Meta:
            table_name = "log"

    class Verdict(Base):
        device = TextField()
        n = BigIntegerField()
        sha256 = BlobField()
        verdict = TextField()
        code = TextField(null=True)
        field = TextField(null=True)
        effective = TextField(null=True)
        row = TextField(null=True)

        class Meta:
            table_name = "verdict"
            primary_key = CompositeKey("device", "n")
            # One tree instead of two: this is the table every operation adds a row to.
            without_rowid = isinstance(db, SqliteDatabase)

    class History(Base):
        team = TextField()
        row = TextField()
        seq = BigIntegerField()
        column = TextField()
        table = TextField()
        value = TextField()
        claimed = TextField()
        effective = TextField()
        author = TextField()

        class Meta:
            table_name = "history"
            primary_key = CompositeKey("team", "row", "seq", "column")

    return [Log, Verdict, History]


def up(_migrator: SchemaMigrator, db: Database) -> None:
    """Make the tables and draw the log's name."""
    tables = [*shared_tables(shared_row(db)), *server_tables(db)]
    db.create_tables(tables, safe=False)
    log = next(table for table in tables if table._meta.table_name == "log")
    log.insert(log_id=secrets.token_hex(16)).execute()
