"""How a SQLite database is copied while it is in use, and put back."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from server import backup_file
from server.backup_file import BackupProblem
from server.config import Config
from server.db_sqlite import BUSY_SECONDS, path_of

LEFT_OUT = ("session", "invitation", "failed_sign_in")
"""What lets somebody in, or says who tried."""


def copy(config: Config, target: Path) -> None:
    """A copy of one moment in one file, checked; writers go on meanwhile. Raises BackupProblem."""
    source_path = path_of(config.database_url)
    if not source_path.exists():
        raise BackupProblem(f"Die Datenbank {source_path} gibt es nicht.")
    with closing(_connected(source_path)) as source, closing(sqlite3.connect(target)) as made:
        # In one step: in several it would begin anew with every write of somebody else.
        source.backup(made)
        made.execute("PRAGMA journal_mode = delete")
        made.execute("PRAGMA secure_delete = on")
        for table in LEFT_OUT:
            made.execute(f"DELETE FROM {table}")  # noqa: S608 (LEFT_OUT is a constant)
        made.commit()
    check(target)


def check(path: Path) -> None:
    """Raises BackupProblem unless this is a whole database of ours."""
    broken = BackupProblem("Die Datenbank in der Sicherung ist beschädigt.")
    try:
        with closing(_connected(path)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            whole = not database.execute("PRAGMA foreign_key_check").fetchall()
            ours = database.execute("SELECT count(*) FROM log").fetchone() == (1,)
    except sqlite3.DatabaseError:
        raise broken from None
    if not (sound and whole and ours):
        raise broken


def query(config: Config, sql: str) -> list[tuple[str, ...]] | None:
    """What the database in use answers; None when it is not there or cannot say it."""
    path = path_of(config.database_url)
    if not path.exists():
        return None
    try:
        with closing(_connected(path)) as database:
            return database.execute(sql).fetchall()
    except sqlite3.DatabaseError:
        return None


def has_data(config: Config) -> bool:
    """Whether something lies where a restore would write."""
    path = path_of(config.database_url)
    return path.exists() and path.stat().st_size > 0


def is_used(_config: Config) -> bool:
    """Whoever uses the file uses its folder (`server/in_use.py`)."""
    return False


def applied(_config: Config, dump: Path) -> list[str]:
    """The migrations a copy has behind it."""
    with closing(_connected(dump)) as database:
        return [name for (name,) in database.execute("SELECT name FROM schema_migration")]


def put_in_place(config: Config, dump: Path, now_ms: int) -> str | None:
    """Makes a copy the database in use, in one step; where the old one lies now, or None."""
    path = path_of(config.database_url)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = _set_aside(path, now_ms) if path.exists() else None
    dump.replace(path)
    backup_file.sync_folder(path.parent)
    return None if aside is None else str(aside)


def _set_aside(path: Path, now_ms: int) -> Path:
    """Gives the old database a second name; its log is folded in first, if it still can be."""
    moment = datetime.fromtimestamp(now_ms / 1000, UTC)
    aside = path.with_name(f"{path.name}.vor-{moment:%Y%m%dT%H%M%SZ}")
    try:
        with closing(_connected(path)) as database:
            database.execute("PRAGMA journal_mode = delete")
    except sqlite3.DatabaseError:
        pass  # It is broken: then its parts stay together as they are.
    aside.hardlink_to(path)
    for suffix in ("-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside


def _connected(path: Path) -> sqlite3.Connection:
    """An existing file; never makes one."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=BUSY_SECONDS)
