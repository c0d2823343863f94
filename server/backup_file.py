"""A backup as a file: a zip with the database and what is known about it.

It has its name only once it is whole and on the disk. What it holds can be checked without the
database it came from, and opened without Zuzweit: `database` in it is a SQLite file or a
PostgreSQL dump, `backup.json` says which, from when, and its SHA-256.
"""

import errno
import hashlib
import json
import os
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

FORMAT = 1
PIECE = 1024 * 1024
ABOUT, DATABASE = "backup.json", "database"
_match_name = re.compile(r"zuzweit-([0-9]{8}T[0-9]{6})Z\.zip").fullmatch


class BackupProblem(Exception):
    """A backup cannot be made or used; the text says why, in German, ready to be shown."""


@dataclass(frozen=True)
class About:
    """What a backup says of itself. `kind` is that of the database's address, `made_at` UTC."""

    format: int
    kind: str
    made_at: str
    sha256: str
    size: int


def name_at(now_ms: int) -> str:
    """The name of a backup made at this time."""
    return f"zuzweit-{datetime.fromtimestamp(now_ms // 1000, UTC):%Y%m%dT%H%M%SZ}.zip"


def made_at(path: Path) -> int | None:
    """When a file was made by its name, in milliseconds; None for a file that is no backup."""
    found = _match_name(path.name)
    if found is None:
        return None
    try:
        moment = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * 1000


def backups_in(folder: Path) -> dict[Path, int]:
    """The backups in a folder and when each was made, the newest first."""
    found = {path: made_at(path) for path in folder.glob("zuzweit-*.zip")}
    dated = {path: at for path, at in found.items() if at is not None}
    return dict(sorted(dated.items(), key=lambda one: one[1], reverse=True))


def write(database: Path, kind: str, path: Path, draft: Path, now_ms: int) -> None:
    """Packs `database` into `draft`, and gives it its name `path` once it is on the disk.

    Raises BackupProblem when there is such a file, OSError where it cannot be written.
    """
    made = datetime.fromtimestamp(now_ms // 1000, UTC).isoformat()
    with database.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    about = About(FORMAT, kind, made, digest, database.stat().st_size)
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.writestr(ABOUT, json.dumps(asdict(about), indent=1))
            packed.write(database, DATABASE)
        file.flush()
        os.fsync(file.fileno())
    verify(draft)
    if path.exists():
        raise BackupProblem(f"Die Sicherung {path} gibt es schon.")
    draft.rename(path)
    sync_folder(path.parent)


def verify(path: Path) -> About:
    """What a backup says of itself, if it is whole; raises BackupProblem."""
    with _opened(path) as (packed, about):
        _copy(packed, about, None)
    return about


def extract(path: Path, target: Path) -> About:
    """Writes the database of a backup to a new file; raises BackupProblem when it is damaged."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, _opened(path) as (packed, about):
        _copy(packed, about, file)
        file.flush()
        os.fsync(file.fileno())
    return about


def sync_folder(folder: Path) -> None:
    """Names in a folder are on the disk when this returns."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def telling_of_full_disks() -> Iterator[None]:
    """Errors of a disk that takes no more, as a BackupProblem."""
    full = BackupProblem("Auf dem Datenträger ist für die Sicherung nicht genug Platz.")
    try:
        yield
    except OSError as problem:
        if problem.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise full from None
        raise
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise full from None
        raise


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, About]]:
    damaged = BackupProblem(f"Die Datei {path} ist keine unbeschädigte Sicherung.")
    try:
        with zipfile.ZipFile(path) as packed:
            if packed.getinfo(ABOUT).file_size > PIECE:
                raise damaged
            about = About(**json.loads(packed.read(ABOUT)))
            if about.format != FORMAT:
                raise BackupProblem(
                    f"Die Sicherung {path} stammt von einer anderen Fassung dieses Programms."
                )
            yield packed, about
    except FileNotFoundError:
        raise BackupProblem(f"Die Datei {path} gibt es nicht.") from None
    except PermissionError:
        raise BackupProblem(f"Die Datei {path} ist für dieses Konto nicht lesbar.") from None
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, EOFError):
        raise damaged from None


def _copy(packed: zipfile.ZipFile, about: About, target: BinaryIO | None) -> None:
    digest, size = hashlib.sha256(), 0
    with packed.open(DATABASE) as source:
        while piece := source.read(PIECE):
            size += len(piece)
            if size > about.size:
                raise ValueError("longer than it says")
            digest.update(piece)
            if target is not None:
                target.write(piece)
    if (size, digest.hexdigest()) != (about.size, about.sha256):
        raise ValueError("not what it says")
