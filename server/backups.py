"""Backups: one consistent file while the server runs, every night, rotating.

What lets somebody in without a password stays out of them: sign-ins, invitations, failed tries;
the key that signs cookies lies elsewhere. Everything sealed stays sealed.
"""

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

from server import access, backup_file, backup_postgresql, backup_sqlite, erasure_list
from server.backup_file import BackupProblem, backups_in
from server.config import Config

ENGINES: dict[str, ModuleType] = {"sqlite": backup_sqlite, "postgresql": backup_postgresql}
"""How each kind of database is copied and put back."""

DAY_MS = 24 * 60 * 60 * 1000
LOCK = ".lock"
logger = logging.getLogger(__name__)


def back_up(config: Config, folder: Path, now_ms: int) -> Path:
    """Makes one backup in `folder`, with the list of what was erased beside it; its path.

    Raises BackupProblem, and leaves nothing that looks like a backup.
    """
    with backup_file.telling_of_full_disks(), _alone_in(folder):
        erasure_list.keep_level(folder)
        return _make(config, folder, now_ms)


def tonight(now_ms: int) -> None:
    """The job: makes the last night's backup if it is not there, removes what is too old.

    A worker that did not run at that hour makes it up. Raises BackupProblem, loudly.
    """
    config = access.config()
    with _alone_in(config.backup_dir):
        try:
            with backup_file.telling_of_full_disks():
                erasure_list.keep_level(config.backup_dir)
                if is_due(config, now_ms):
                    logger.info("backup made: %s", _make(config, config.backup_dir, now_ms).name)
        except BackupProblem as problem:
            logger.error("NO BACKUP: %s", problem)
            raise
        finally:
            _rotate(config.backup_dir, config.backup_days, now_ms)


def is_due(config: Config, now_ms: int) -> bool:
    """Whether the newest backup is from before the last night's hour."""
    newest = newest_at(config.backup_dir, now_ms)
    return newest is None or newest < last_due(config, now_ms)


def newest_at(folder: Path, now_ms: int) -> int | None:
    """When the newest backup was made, in milliseconds; None when there is none.

    One from the future was made by a wrong clock, and says nothing.
    """
    return next((at for at in backups_in(folder).values() if at <= now_ms), None)


def last_due(config: Config, now_ms: int) -> int:
    """The last moment a backup was due, in milliseconds: once on each day of the office's zone."""
    zone = ZoneInfo(config.time_zone)
    today = datetime.fromtimestamp(now_ms / 1000, zone).date()
    days = (today + timedelta(days=back) for back in (0, -1, -2))
    return max(at for at in (_due(config, zone, day) for day in days) if at <= now_ms)


def _due(config: Config, zone: ZoneInfo, day: date) -> int:
    """An hour that the clocks skip comes when they go on, one they repeat comes once."""
    moment = datetime.combine(day, time.fromisoformat(config.backup_at), zone)
    return int(moment.astimezone(UTC).timestamp()) * 1000


def _make(config: Config, folder: Path, now_ms: int) -> Path:
    kind = config.database_url.partition("://")[0]
    path = folder / backup_file.name_at(now_ms)
    with drafts_in(folder) as draft:
        ENGINES[kind].copy(config, draft / "database")
        backup_file.write(draft / "database", kind, path, draft / "backup", now_ms)
    return path


def _rotate(folder: Path, days: int, now_ms: int) -> None:
    """Removes backups older than so many days, never the newest one that is whole."""
    backups = backups_in(folder)
    expired = [path for path, at in backups.items() if at < now_ms - days * DAY_MS]
    if not expired:
        return
    best = next((path for path in backups if _is_whole(path)), None)
    for path in expired:
        if path != best:
            path.unlink()


def _is_whole(path: Path) -> bool:
    try:
        backup_file.verify(path)
    except BackupProblem:
        return False
    return True


@contextmanager
def drafts_in(folder: Path) -> Iterator[Path]:
    """A folder for unfinished files, for this account alone, gone afterwards."""
    draft = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One backup at a time; what an earlier one left behind when it was killed goes away."""
    _make_folder(folder)
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for left in folder.glob(".unfinished-*"):
            shutil.rmtree(left)
        yield
    finally:
        os.close(descriptor)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise BackupProblem(f"Der Ordner {folder} lässt sich nicht anlegen.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BackupProblem(f"In den Ordner {folder} lässt sich nicht schreiben.")
