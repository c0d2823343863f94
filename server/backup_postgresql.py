"""How a PostgreSQL database is copied while it is in use, and put back: by its own tools.

They are asked for on PATH or in the folder of a setting. How to reach the database, password
included, they read from a file for this account alone: a command line is everybody's to read.
"""

import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from server.backup_file import BackupProblem
from server.backup_sqlite import LEFT_OUT
from server.config import Config

SERVICE = "zuzweit"


def copy(config: Config, target: Path) -> None:
    """A dump of one moment, checked; writers go on meanwhile. Raises BackupProblem."""
    _check_version(config, "pg_dump")
    left_out = [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
    plain = ["--format=custom", "--schema=public", "--no-owner", "--no-privileges"]
    _run(config, "pg_dump", [*plain, *left_out, f"--file={target}", f"--dbname=service={SERVICE}"])
    target.chmod(0o600)
    _run(config, "pg_restore", ["--list", str(target)])


def query(config: Config, sql: str) -> list[tuple[Any, ...]] | None:
    """What the database in use answers; None when it cannot say it."""
    import psycopg

    try:
        with psycopg.connect(config.database_url) as connection:
            return connection.execute(sql.encode()).fetchall()
    except psycopg.Error:
        return None


def has_data(config: Config) -> bool:
    """Whether a restore would write over something. Raises BackupProblem when nobody answers."""
    tables = query(config, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    if tables is None:
        raise BackupProblem("PostgreSQL antwortet nicht unter der Adresse in DATABASE_URL.")
    return tables != [(0,)]


def is_used(config: Config) -> bool:
    """Whether a server or worker is connected, on whatever machine."""
    connected = query(
        config,
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'zuzweit' "
        "AND datname = current_database()",
    )
    return connected != [(0,)]


def check(path: Path) -> None:
    """A dump is read for the first time when it is put back."""


def applied(config: Config, dump: Path) -> list[str]:
    """The migrations a dump has behind it. Raises BackupProblem."""
    options = ["--data-only", "--table=schema_migration", "--file=-", str(dump)]
    script = _run(config, "pg_restore", options)
    return re.findall(r"^\d+\t(\d{4}_\w+)\t", script, re.MULTILINE)


def put_in_place(config: Config, dump: Path, now_ms: int) -> str | None:
    """Makes a dump the database in use, all or nothing; where the old one lies now, or None."""
    _check_version(config, "psql")
    script = dump.with_name("script.sql")
    options = ["--no-owner", "--no-privileges", "--schema=public", f"--file={script}", str(dump)]
    _run(config, "pg_restore", options)
    aside = f"vor_{datetime.fromtimestamp(now_ms / 1000, UTC):%Y%m%dt%H%M%Sz}"
    kept = has_data(config)
    away = f"ALTER SCHEMA public RENAME TO {aside};" if kept else "DROP SCHEMA public;"
    before, after = dump.with_name("before.sql"), dump.with_name("after.sql")
    before.write_text(f"{away}\nCREATE SCHEMA public;\n")
    # Whatever comes of the next steps, phones notice that this is another log.
    after.write_text(f"UPDATE public.log SET log_id = '{secrets.token_hex(16)}';\n")  # noqa: S608 (hex digits of ours)
    files = [f"--file={path}" for path in (before, script, after)]
    plain = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _run(config, "psql", [*plain, *files, f"--dbname=service={SERVICE}"])
    return f"Schema {aside} in derselben Datenbank" if kept else None


def _check_version(config: Config, tool: str) -> None:
    said = _run(config, tool, ["--version"])
    found = re.search(r"(\d+)(?:\.\d+)*", said.partition("PostgreSQL")[2] or said)
    served = query(config, "SHOW server_version_num")
    if served is None:
        raise BackupProblem("PostgreSQL antwortet nicht unter der Adresse in DATABASE_URL.")
    needed = int(served[0][0]) // 10_000
    if found is None or int(found[1]) < needed:
        raise BackupProblem(
            f"{tool} ist zu alt für diesen Server: gebraucht wird PostgreSQL {needed} oder neuer. "
            "Wo neuere Werkzeuge liegen, sagt ZUZWEIT_PG_TOOLS."
        )


def _run(config: Config, tool: str, options: Sequence[str]) -> str:
    """What a tool prints. Raises BackupProblem; what it complained of may quote values, and stays
    out of it."""
    program = shutil.which(tool, path=str(config.pg_tools) if config.pg_tools else None)
    if program is None:
        where = config.pg_tools or "PATH"
        raise BackupProblem(
            f"Das Werkzeug {tool} von PostgreSQL fehlt (gesucht: {where}). Bitte installieren, "
            "oder den Ordner in ZUZWEIT_PG_TOOLS nennen."
        )
    with _service_file(config) as service:
        environment = {**os.environ, "PGSERVICEFILE": str(service), "LC_ALL": "C"}
        done = subprocess.run(  # noqa: S603 (a list of our own words, no shell)
            [program, *options], env=environment, capture_output=True, check=False
        )
    if done.returncode != 0:
        full = b"No space left" in done.stderr or done.returncode == -signal.SIGXFSZ
        raise BackupProblem(
            "Auf dem Datenträger ist für die Sicherung nicht genug Platz."
            if full
            else f"{tool} ist mit Fehler {done.returncode} abgebrochen."
        )
    return done.stdout.decode(errors="replace")


@contextmanager
def _service_file(config: Config) -> Iterator[Path]:
    """What libpq needs to reach the database, in a file, gone afterwards."""
    from psycopg.conninfo import conninfo_to_dict

    parts = {**conninfo_to_dict(config.database_url), "application_name": "zuzweit-backup"}
    with tempfile.TemporaryDirectory(prefix="zuzweit-") as folder:
        path = Path(folder) / "service"
        path.touch(0o600)
        lines = "".join(f"{name}={value}\n" for name, value in parts.items())
        path.write_text(f"[{SERVICE}]\n{lines}")
        yield path
