"""SQLite's own ways: the file, its durability, its locks. `server/db.py` alone asks here.

WAL mode with `synchronous=FULL`: what a verdict names is on the disk.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from peewee import Database, SqliteDatabase

from server.db_address import DatabaseAddressError

BUSY_SECONDS = 20

BROKEN = (
    "Die Datei der Datenbank ist beschädigt. Lassen Sie alles, wie es ist, und spielen Sie eine "
    "Sicherung zurück."
)
WORDS = {
    "not a database": BROKEN,
    "malformed": BROKEN,
    "disk i/o error": "Das Laufwerk der Datenbank meldet einen Fehler beim Lesen oder Schreiben.",
    "unable to open": "Die Datei der Datenbank lässt sich von diesem Konto nicht öffnen.",
    "readonly": "Die Datenbank lässt sich von diesem Konto nur lesen, nicht beschreiben.",
    "disk is full": "Der Speicherplatz für die Datenbank ist zu Ende.",
    "is locked": f"Die Datenbank war {BUSY_SECONDS} Sekunden lang von anderen belegt.",
    "no such table": "Der Datenbank fehlt eine Tabelle. „zuzweit doctor“ sagt, welche.",
    "no such column": "Der Datenbank fehlt eine Spalte. „zuzweit doctor“ sagt, welche.",
}
"""What SQLite says, and what people are told."""


def path_of(url: str) -> Path:
    """The file of `sqlite:///path`; raises DatabaseAddressError."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.netloc or path in {"", "/"} or "\0" in path:
        raise DatabaseAddressError(
            "Die Adresse der Datenbank ist nicht lesbar. Erwartet wird sqlite:/// und ein Pfad."
        )
    # sqlite:///a/b is relative to the current folder, sqlite:////a/b is absolute.
    return Path(path[1:]).absolute()


def connect_to(url: str) -> SqliteDatabase:
    """The database of `sqlite:///path`, its folder made; raises DatabaseAddressError, OSError."""
    path = path_of(url)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite would make it readable for all; its -wal and -shm are made like it.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return SqliteDatabase(
        str(path),
        timeout=BUSY_SECONDS,
        pragmas={
            # For a file that is made now. Sealed rows have more than 1 KB: of SQLite's usual pages
            # a quarter would stay empty.
            "page_size": 8_192,
            "synchronous": "full",
            "foreign_keys": 1,
            "cache_size": -2_048,  # KiB, per connection
            "temp_store": "memory",
            "wal_autocheckpoint": 2000,  # pages: a first push is copied back once, not thrice
        },
        cached_statements=256,
    )


def look_into(url: str) -> SqliteDatabase:
    """The database for reading; makes no file, not even beside it. Raises as `connect_to`."""
    path = path_of(url)
    os.close(os.open(path, os.O_RDONLY))
    # Without a -wal nobody has it open, and SQLite needs to be told to leave none behind.
    alone = "&immutable=1" if not path.with_name(f"{path.name}-wal").exists() else ""
    address = f"file:{quote(str(path))}?mode=ro{alone}"
    return SqliteDatabase(address, uri=True, timeout=BUSY_SECONDS)


@contextmanager
def migrating_alone(database: Database) -> Iterator[None]:
    """No other process migrates the same file meanwhile."""
    path = Path(database.database)
    lock_file = path.with_name(f"{path.name}.migrating")
    with os.fdopen(os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # WAL is a property of the file; two processes that switch it at once get "locked".
        database.execute_sql("PRAGMA journal_mode = wal")
        yield


def writing(database: Database) -> AbstractContextManager[Any]:
    """A transaction that is the only writer from its first moment."""
    return database.atomic("IMMEDIATE")


def reading(database: Database) -> AbstractContextManager[Any]:
    """A transaction that sees one moment."""
    return database.atomic()


def check_writable(database: Database) -> None:
    """Raises Peewee's OperationalError when the file can only be read."""
    with writing(database):
        pass


def check_whole(database: Database) -> bool:
    """Whether the file is what SQLite once wrote; reads all of it."""
    return database.execute_sql("PRAGMA quick_check(1)").fetchall() == [("ok",)]


def in_words(problem: str) -> str | None:
    """What the driver said, for people; None when it speaks of nothing that we know."""
    said = problem.lower()
    return next((words for token, words in WORDS.items() if token in said), None)


def driver_version(_database: Database) -> str:
    """For `zuzweit doctor`."""
    return f"SQLite {sqlite3.sqlite_version}"
