"""The one database: opening it, its two kinds of transaction, its migrations.

SQLite for one office, PostgreSQL past one machine. What is either's own way stands in
`db_sqlite.py` and `db_postgresql.py`; all other modules speak Peewee or the plain SQL that both
understand.

Every thread has its own connection, made at first use and kept. `open_database` leaves none
open, so a server may open the database first and fork its workers afterwards.
"""

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from peewee import (
    Database,
    DatabaseProxy,
    Model,
    ModelSelect,
    __exception_wrapper__,  # pyright: ignore[reportAttributeAccessIssue] (its stubs leave it out)
)
from playhouse.migrations import Runner

from server import db_postgresql, db_sqlite
from server.db_address import DatabaseAddressError

MIGRATIONS = Path(__file__).parent / "migrations"
ENGINES: dict[str, ModuleType] = {"sqlite": db_sqlite, "postgresql": db_postgresql}
"""What each kind of address is opened by."""

FOREIGN = (
    "In dieser Datenbank liegen schon andere Daten. Zuzweit braucht eine eigene, die leer ist."
)

Row = TypeVar("Row", bound=Model)

database = DatabaseProxy()
_reading = threading.local()


def open_database(url: str) -> Database:
    """Opens the database of `sqlite:///path` or `postgresql://…`, and brings it up to date.

    Any number of processes may start at once: one migrates, the others wait for it. Raises
    DatabaseAddressError for an address nobody here can open, and for somebody else's data;
    OSError and Peewee's exceptions for a file or a server that does not work.
    """
    opened = engine_of(url).connect_to(url)
    close_connection()
    database.initialize(opened)
    try:
        migrate()
    finally:
        close_connection()
    return opened


@contextmanager
def looking_into(url: str) -> Iterator[None]:
    """The database as it is, neither made nor migrated nor written; raises as `open_database`."""
    looked_into = engine_of(url).look_into(url)
    close_connection()
    database.initialize(looked_into)
    try:
        yield
    finally:
        close_connection()


def engine_of(url: str) -> ModuleType:
    """The module that knows the ways of an address; raises DatabaseAddressError."""
    engine = ENGINES.get(url.partition("://")[0])
    if engine is None:
        raise DatabaseAddressError(
            "Die Adresse der Datenbank ist nicht lesbar. "
            "Erwartet wird sqlite:/// und ein Pfad, oder postgresql://."
        )
    return engine


def engine_in_use() -> ModuleType:
    """The module that knows the ways of the database that was opened last."""
    return ENGINES["postgresql" if getattr(database.obj, "for_update", False) else "sqlite"]


def close_connection() -> None:
    """Closes this thread's connection, if it has one."""
    if database.obj is not None and not database.is_closed():
        database.close()


def drop_broken_connection() -> None:
    """Closes this thread's connection if its server is gone: the next use opens another."""
    usable = getattr(database.obj, "is_connection_usable", None)
    if usable is not None and not database.is_closed() and not usable():
        database.close()


def migrate() -> list[str]:
    """Applies the migrations that are missing, each in a transaction; returns their names."""
    with engine_in_use().migrating_alone(database.obj):
        engine_in_use().check_writable(database.obj)
        runner = _runner()
        if not runner.applied() and set(database.get_tables()) - {runner.table_name}:
            raise DatabaseAddressError(FOREIGN)
        return runner.up()


class Migrations(NamedTuple):
    """How far a database is, by names of migrations; `unknown` were made by another version."""

    applied: list[str]
    pending: list[str]
    unknown: list[str]


def migrations() -> Migrations:
    """How far the open database is; changes nothing."""
    found = _runner().status()
    return Migrations(
        [one.name for one in found if one.applied and one.path],
        [one.name for one in found if not one.applied],
        [one.name for one in found if not one.path],
    )


def _runner() -> Runner:
    return Runner(database.obj, str(MIGRATIONS))


@contextmanager
def write_transaction() -> Iterator[None]:
    """All or nothing, one writer at a time; inside another one it is a savepoint.

    Never inside a read snapshot: SQLite cannot turn one into a writer once somebody else wrote.
    """
    if getattr(_reading, "snapshot", False):
        raise RuntimeError("a write transaction cannot begin inside a read snapshot")
    with engine_in_use().writing(database.obj) if _outermost() else database.atomic():
        yield


@contextmanager
def read_snapshot() -> Iterator[None]:
    """Everything read inside is the state of one moment; takes no lock that keeps writers out."""
    if not _outermost():
        yield
        return
    _reading.snapshot = True
    try:
        with engine_in_use().reading(database.obj):
            yield
    finally:
        _reading.snapshot = False


def _outermost() -> bool:
    return database.transaction_depth() == 0


def locked(query: "ModelSelect[Row]") -> "ModelSelect[Row]":
    """The rows of `query`, kept from other writers until the transaction ends.

    SQLite needs no more than its write transaction.
    """
    return query.for_update() if database.obj.for_update else query


def locked_rows_of(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """`rows_of`, with the rows kept from other writers as `locked` does."""
    return rows_of(f"{sql} FOR UPDATE" if database.obj.for_update else sql, parameters)


def rows_of(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a SELECT as tuples; `?` is the place holder whatever the database."""
    return database.execute_sql(_placed(sql), parameters).fetchall()


def run_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Runs one statement for each tuple of parameters; `?` is the place holder.

    Raises Peewee's exceptions, like every other statement.
    """
    with __exception_wrapper__:
        database.cursor().executemany(_placed(sql), rows)


def marks(values: Collection[Any]) -> str:
    """Place holders for a list of values in SQL: `?, ?, ?`."""
    return ", ".join("?" * len(values))


def with_lists(sql: str, *lists: Collection[Any]) -> str:
    """SQL with a place holder for every value: the n-th `(*)` becomes `(?, ?, ?)` for the n-th
    list. Raises ValueError when there are not as many of one as of the other."""
    pieces = sql.split("(*)")
    between = [*(f"({marks(values)})" for values in lists), ""]
    return "".join(a + b for a, b in zip(pieces, between, strict=True))


def with_rows(sql: str, values: Collection[Any]) -> str:
    """SQL with a row of its own for every value: `VALUES (*)` becomes `VALUES (?), (?), (?)`."""
    return sql.replace("VALUES (*)", "VALUES " + ", ".join(["(?)"] * len(values)))


def _placed(sql: str) -> str:
    return sql if database.param == "?" else sql.replace("?", database.param)


def driver_version() -> str:
    """What kind of database answers, and its version, for `zuzweit doctor`."""
    return engine_in_use().driver_version(database.obj)


def is_whole() -> bool:
    """Whether everything in the open database can be read; takes as long as reading it."""
    return engine_in_use().check_whole(database.obj)
