"""Putting a backup back: checked first, made ready aside, then in place in one step.

Afterwards the log has another name, nobody is signed in, and what was erased since is erased again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

from server import backup_file, backups, erasure, erasure_list, in_use, log
from server.backup_file import BackupProblem
from server.config import Config
from server.db import MIGRATIONS, close_connection, open_database, write_transaction
from server.erasure import Erasure
from server.in_use import InUse


@dataclass(frozen=True)
class Restored:
    """What a restore came to. `made_at` is the backup's time, `aside` where the old data lie."""

    made_at: str
    aside: str | None
    erased: int


def restore(config: Config, file: Path, *, over_data: bool, now_ms: int) -> Restored:
    """Makes a backup the database in use. Raises BackupProblem or InUse; then nothing has changed.

    `over_data` allows it where there are data: they are kept aside.
    """
    kind = config.database_url.partition("://")[0]
    engine = backups.ENGINES[kind]
    with in_use.alone(config.data_dir), backup_file.telling_of_full_disks():
        _check_target(config, engine, over_data)
        with _drafts(config) as folder:
            dump = folder / "database"
            about = backup_file.extract(file, dump)
            _check_content(config, engine, about.kind, dump)
            # Before anything is replaced: the newest words of what is to be replaced.
            given_out = dict(engine.query(config, "SELECT id, pseudonym_next FROM team") or [])
            erasures = _erasures(config, engine, file)
            erasure_list.append(config.backup_dir, _unlisted(config, erasures))
            if kind == "sqlite":
                made = _made_ready(config, dump, erasures, given_out, now_ms)
                aside = engine.put_in_place(config, dump, now_ms)
            else:
                aside = engine.put_in_place(config, dump, now_ms)
                made = _made_ready(config, None, erasures, given_out, now_ms)
    return Restored(about.made_at, aside, made)


def _check_target(config: Config, engine: ModuleType, over_data: bool) -> None:
    if engine.has_data(config) and not over_data:
        raise BackupProblem(
            "Hier liegen schon Daten. Mit --replace treten die der Sicherung an ihre Stelle; "
            "die jetzigen bleiben daneben erhalten."
        )
    if engine.is_used(config):
        raise InUse("Mit dieser Datenbank ist noch ein Server verbunden. Bitte zuerst beenden.")


def _check_content(config: Config, engine: ModuleType, kind: str, dump: Path) -> None:
    ours = config.database_url.partition("://")[0]
    if kind != ours:
        raise BackupProblem(
            f"Die Sicherung ist von einer Datenbank der Art {kind}, DATABASE_URL nennt {ours}."
        )
    engine.check(dump)
    known = {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
    if unknown := set(engine.applied(config, dump)) - known:
        raise BackupProblem(
            "Die Sicherung stammt von einer neueren Fassung dieses Programms "
            f"({max(unknown)}). Bitte zuerst das Programm erneuern."
        )


def _erasures(config: Config, engine: ModuleType, file: Path) -> list[Erasure]:
    """Everything anybody knows to be erased: both lists, and the database that is replaced."""
    replaced = engine.query(config, "SELECT team, id, at FROM erased") or []
    listed = [*erasure_list.read(config.backup_dir), *erasure_list.read(file.parent)]
    every = [*listed, *(Erasure(*row) for row in replaced)]
    return list({(one.team, one.id): one for one in every}.values())


def _unlisted(config: Config, erasures: list[Erasure]) -> list[Erasure]:
    listed = {(one.team, one.id) for one in erasure_list.read(config.backup_dir)}
    return [one for one in erasures if (one.team, one.id) not in listed]


def _made_ready(
    config: Config,
    dump: Path | None,
    erasures: list[Erasure],
    given_out: dict[str, int],
    now_ms: int,
) -> int:
    """Brings a restored database up to date, in its place or aside; how many ids were erased."""
    url = config.database_url if dump is None else f"sqlite:///{quote(str(dump.absolute()))}"
    database = open_database(url)
    try:
        with write_transaction():
            log.begin_anew(now_ms, given_out)
            log.end_all_sessions()
            erased = erasure.erase_again(erasures)
        if dump is not None:
            # One file again, whole without its neighbours.
            database.execute_sql("PRAGMA journal_mode = delete")
    finally:
        close_connection()
    return erased


@contextmanager
def _drafts(config: Config) -> Iterator[Path]:
    """A folder beside the database, so that what is ready there gets its place in one step."""
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    parent = config.data_dir
    if config.database_url.startswith("sqlite:"):
        from server.db_sqlite import path_of

        parent = path_of(config.database_url).parent
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with backups.drafts_in(parent) as folder:
        yield folder
