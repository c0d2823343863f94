"""What is wrong with an installation, in words. It looks and changes nothing."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from peewee import fn

from server import access
from server.accounts import Epoch, Team, User
from server.backups import DAY_MS, newest_at
from server.config import Config, ConfigError
from server.db import FOREIGN, database, driver_version, is_whole, looking_into, migrations
from server.db_sqlite import BROKEN
from server.front_end import find_front_end
from server.in_words import in_words
from server.instants import instant
from server.jobs import JobRun
from server.schema_check import schema_problems

SPACE_NEEDED = 500 * 1024 * 1024
BACKUP_DAYS_MOST = 2
"""A backup of last night is younger than so many days."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; a hint is worth a look and not wrong."""

    good: bool
    text: str
    hint: bool = False

    def __str__(self) -> str:
        return f"{'✔' if self.good else '!' if self.hint else '✘'} {self.text}"


def examine(config: Config) -> list[Finding]:
    """Look at everything; what cannot be looked at because of an earlier fault is left out."""
    findings = [*_front_end(), *address_findings(config)]
    folder = config.data_dir.absolute()
    if not folder.is_dir():
        missing = (
            f"{folder} ist kein Ordner: DATA_DIR muss einer sein."
            if folder.exists()
            else f"Der Ordner {folder} fehlt: „zuzweit init“ richtet ihn ein."
        )
        return [Finding(False, missing), *findings]
    return [*_folder(config), *_database(config), *findings]


def settings_in_use(config: Config) -> list[str]:
    """Every setting with its value and meaning, one a line; a database's password is hidden."""
    lines = []
    for setting in fields(Config):
        value = str(getattr(config, setting.name))
        if setting.name == "database_url" and "@" in value:
            value = f"{value.partition('://')[0]}://…@{value.rpartition('@')[2]}"
        lines.append(f"ZUZWEIT_{setting.name.upper()} = {value} · {setting.metadata['meaning']}")
    return lines


def _folder(config: Config) -> Iterator[Finding]:
    folder = config.data_dir.absolute()
    try:
        config.kept_secret_key()
        files = sorted(folder.iterdir())
        open_to_others = [path for path in (folder, *files) if _is_open_to_others(path)]
    except FileNotFoundError:
        yield Finding(False, f"In {folder} ist nichts eingerichtet. Zuerst: „zuzweit init“.")
        return
    except (OSError, ConfigError) as problem:
        yield Finding(False, in_words(problem) or "")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(False, f"In {folder} darf dieses Konto nicht schreiben.")
    yield Finding(True, f"Der Ordner {folder} ist da, mit dem geheimen Schlüssel.")
    yield from _private(open_to_others)
    yield from _others_files(folder, files)
    yield space_finding(config)


def space_finding(config: Config) -> Finding:
    """How much room there is on the disk of `data_dir`."""
    free = shutil.disk_usage(config.data_dir).free
    enough = free > SPACE_NEEDED
    room = f"{free / 1e9:.0f} GB" if free >= 1e10 else f"{free // 10**6} MB"
    return Finding(enough, f"Freier Speicherplatz: {room}{'' if enough else ', zu wenig'}.")


def _is_open_to_others(path: Path) -> bool:
    return path.stat().st_mode & 0o077 != 0


def _private(open_to_others: Sequence[Path]) -> Iterator[Finding]:
    for path in open_to_others:
        yield Finding(False, f"Auch andere Konten dürfen an {path}: chmod go= {path}")
    if not open_to_others:
        yield Finding(True, "Ordner und Dateien sind nur für ihr Konto lesbar.")


def _others_files(folder: Path, files: Iterable[Path]) -> Iterator[Finding]:
    """What root once made here, the server's own account cannot open."""
    for path in files:
        if owner_of(path) != owner_of(folder):
            yield Finding(False, f"{path} gehört einem anderen Konto als der Ordner: chown.")


def owner_of(path: Path) -> int:
    """The number of the account a file belongs to."""
    return path.stat().st_uid


def _database(config: Config) -> Iterator[Finding]:
    try:
        with looking_into(config.database_url):
            version = driver_version()
            if not is_whole():
                yield Finding(False, BROKEN)
                return
            yield Finding(True, f"Die Datenbank antwortet und ist unbeschädigt ({version}).")
            yield from _contents(config)
    except FileNotFoundError:
        yield Finding(False, "Die Datenbank fehlt: „zuzweit init“ legt sie an.")
    except Exception as problem:  # noqa: BLE001  Whatever it is, the doctor is there to say it.
        kind = type(problem).__name__
        said = in_words(problem) or f"Die Datenbank lässt sich nicht untersuchen ({kind})."
        yield Finding(False, said)


def _contents(config: Config) -> Iterator[Finding]:
    found = migrations()
    if not found.applied:
        empty = not database.get_tables()
        yield Finding(
            False, "Die Datenbank ist leer. Zuerst: „zuzweit init“." if empty else FOREIGN
        )
        return
    if found.unknown:
        names = ", ".join(found.unknown)
        yield Finding(
            False, f"Die Datenbank ist neuer als dieses Programm: {names} kennt es nicht."
        )
    if found.pending:
        names = ", ".join(found.pending)
        yield Finding(False, f"Beim nächsten Start wird die Datenbank ergänzt: {names}.", hint=True)
    if found.pending or found.unknown:
        return
    problems = schema_problems()
    yield from (Finding(False, problem) for problem in problems)
    if not problems:
        yield Finding(True, "Die Datenbank ist auf dem neuesten Stand, mit allen Tabellen.")
        place = f"In {config.backup_dir.absolute()}"
        yield backup_finding(config, access.wall_clock(), place)
        yield from _people()
        yield from _timed_work()


def backup_finding(config: Config, now: int, place: str) -> Finding:
    """How old the newest backup is; `place` names where they lie, `now` is in milliseconds."""
    newest = newest_at(config.backup_dir, now)
    if newest is not None:
        days = (now - newest) // DAY_MS
        age = "weniger als einen Tag" if days < 1 else "1 Tag" if days == 1 else f"{days} Tage"
        return Finding(days < BACKUP_DAYS_MOST, f"Die letzte Sicherung ist {age} alt.")
    first = Team.select(fn.MIN(Team.created_at)).scalar()
    return Finding(
        False,
        f"{place} liegt keine Sicherung: „zuzweit worker“ macht jede Nacht eine, "
        "„zuzweit backup“ sofort.",
        # Whoever has only just begun has nothing to lose yet.
        hint=first is None or now - first < BACKUP_DAYS_MOST * DAY_MS,
    )


def _people() -> Iterator[Finding]:
    teams = Team.select().count()
    if not teams:
        yield Finding(False, "Es gibt noch kein Team: „zuzweit init“ legt es an.")
        return
    yield Finding(True, f"Eingerichtete Teams: {teams}.")
    yield from people_findings()


def people_findings(team: str | None = None) -> Iterator[Finding]:
    """Whether the work can begin, in one team or in any."""
    counsellors = User.select().where(User.role == "ab_pap", User.registered_at.is_null(False))
    epochs = Epoch.select()
    if team is not None:
        counsellors, epochs = counsellors.where(User.team == team), epochs.where(Epoch.team == team)
    found = counsellors.exists()
    yield Finding(
        found,
        "Mindestens eine aB-pAp hat ihr Konto eingerichtet."
        if found
        else "Noch keine aB-pAp hat ihr Konto eingerichtet: „zuzweit invite --role ab_pap“.",
        hint=True,
    )
    if found:
        announced = epochs.exists()
        yield Finding(
            announced,
            "Der Teamschlüssel ist angelegt."
            if announced
            else "Der Teamschlüssel fehlt noch; das Telefon der ersten aB-pAp legt ihn an.",
            hint=True,
        )


def _timed_work() -> Iterator[Finding]:
    newest = JobRun.select(fn.MAX(JobRun.finished_at)).scalar()
    yield Finding(
        newest is not None,
        f"Zeitgesteuerte Arbeiten liefen zuletzt am {instant(newest)} (UTC)."
        if newest is not None
        else "Noch keine zeitgesteuerte Arbeit ist gelaufen: „zuzweit worker“ erledigt sie.",
        hint=True,
    )


def _front_end() -> Iterator[Finding]:
    front_end = find_front_end()
    yield Finding(
        front_end.built,
        "Die Oberfläche ist gebaut."
        if front_end.built
        else f"Die Oberfläche fehlt in {front_end.root}: „make build“ baut sie.",
    )


def address_findings(config: Config) -> Iterator[Finding]:
    """How phones reach the server, as far as the settings tell."""
    yield Finding(
        config.secure,
        f"Die Telefone kommen über {config.address}."
        if config.secure
        else f"{config.address} erreicht nur dieser Rechner. Für Telefone: ZUZWEIT_ADDRESS=https://…",
        hint=True,
    )
    if config.secure and not config.trusted_proxies:
        yield Finding(
            False,
            "Hinter einem Proxy, der HTTPS beendet, gehört ZUZWEIT_TRUSTED_PROXIES=1 dazu.",
            hint=True,
        )
