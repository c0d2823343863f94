"""PostgreSQL's own ways, for offices past one machine. `server/db.py` alone asks here.

Writers of one team queue at the team's row (`FOR UPDATE`); a reader's moment is a snapshot.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any

from peewee import Database, OperationalError, PostgresqlDatabase, ProgrammingError

from server.db_address import DatabaseAddressError

BUSY_MS = 20_000
CONNECT_SECONDS = 10
MIGRATION_LOCK = 0x5A757A77656974
"""The advisory lock of everybody who migrates: „Zuzweit“ in ASCII."""

READ_ONLY = "Die PostgreSQL-Datenbank lässt sich gerade nur lesen, nicht beschreiben."
WORDS = {
    "read-only": READ_ONLY,
    "permission denied": "PostgreSQL lässt dieses Konto nicht an alle Tabellen.",
    "does not exist": "Der Datenbank fehlt eine Tabelle oder Spalte: „zuzweit doctor“ sagt, was.",
    "lock timeout": f"Die Datenbank war {BUSY_MS // 1000} Sekunden lang von anderen belegt.",
    "disk full": "Der Speicherplatz von PostgreSQL ist zu Ende.",
    "no space left": "Der Speicherplatz von PostgreSQL ist zu Ende.",
    "connection": "Die Verbindung zu PostgreSQL ist abgerissen.",
}
"""What PostgreSQL says, and what people are told."""


def connect_to(url: str) -> PostgresqlDatabase:
    """The database of `postgresql://…`; raises DatabaseAddressError when it does not answer."""
    try:
        # An extra, needed only past one machine.
        import_module("psycopg")
    except ImportError:
        raise DatabaseAddressError(
            "Für PostgreSQL fehlt der Treiber: pip install 'zuzweit[postgresql]'."
        ) from None
    database = PostgresqlDatabase(
        url,
        prefer_psycopg3=True,
        connect_timeout=CONNECT_SECONDS,
        application_name="zuzweit",
        options=f"-c lock_timeout={BUSY_MS} -c timezone=UTC",
    )
    try:
        database.connect()
    except ProgrammingError:
        raise DatabaseAddressError(
            "Die Adresse der Datenbank ist nicht lesbar. "
            "Erwartet wird postgresql://name:passwort@rechner/datenbank."
        ) from None
    except OperationalError as problem:
        raise DatabaseAddressError(_why_not(str(problem))) from None
    return database


def look_into(url: str) -> PostgresqlDatabase:
    """The database for reading; raises as `connect_to`."""
    database = connect_to(url)
    database.execute_sql("SET default_transaction_read_only = on")
    return database


@contextmanager
def migrating_alone(database: Database) -> Iterator[None]:
    """No other process migrates the same database meanwhile, on whatever machine."""
    # Waiting for the others may take longer than waiting for a row.
    database.execute_sql("SET lock_timeout = 0")
    database.execute_sql("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
    try:
        yield
    finally:
        database.execute_sql("SELECT pg_advisory_unlock(%s)", (MIGRATION_LOCK,))
        database.execute_sql("RESET lock_timeout")


def writing(database: Database) -> AbstractContextManager[Any]:
    """A transaction; each statement sees what others have committed, once it has the lock."""
    return database.atomic()


def reading(database: Database) -> AbstractContextManager[Any]:
    """A transaction that sees one moment, and cannot write."""
    return database.atomic("REPEATABLE READ READ ONLY")


def check_writable(database: Database) -> None:
    """Raises DatabaseAddressError when the server only lets us read."""
    if database.execute_sql("SHOW transaction_read_only").fetchone()[0] == "on":
        raise DatabaseAddressError(READ_ONLY)


def check_whole(database: Database) -> bool:
    """Whether every table can be read; PostgreSQL itself knows when a page is broken."""
    for table in database.get_tables():
        database.execute_sql(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 (names the database gave us)
    return True


def in_words(problem: str) -> str | None:
    """What the driver said once we were in, for people; None for what we do not know."""
    said = problem.lower()
    return next((words for token, words in WORDS.items() if token in said), None)


def driver_version(database: Database) -> str:
    """For `zuzweit doctor`."""
    return f"PostgreSQL {database.execute_sql('SHOW server_version').fetchone()[0]}"


def _why_not(problem: str) -> str:
    """What the driver said, without its text: an address may hold a password."""
    said = problem.lower()
    if "does not exist" in said and "database" in said:
        return "Diese PostgreSQL-Datenbank gibt es nicht. Legen Sie sie an: createdb."
    if "authentication" in said or "password" in said or "role" in said:
        return "PostgreSQL nimmt Name oder Passwort in DATABASE_URL nicht an."
    return "PostgreSQL antwortet nicht unter der Adresse in DATABASE_URL. Läuft der Dienst?"
