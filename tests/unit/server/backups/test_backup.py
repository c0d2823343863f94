"""Making a backup, and what is left when it cannot be made."""

import json
import logging
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from server import backup_file, backups, erasure, erasure_list
from server.accounts import Invitation, LoginSession
from server.backup_file import BackupProblem
from server.backups import back_up
from server.config import Config
from tests.databases import only_postgresql, only_sqlite
from tests.unit.server.office import START_MS, Office

ROOT = Path(__file__).resolve().parents[4]


def content_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as packed:
        return packed.read("database")


def looks_whole(folder: Path) -> list[Path]:
    return list(backup_file.backups_in(folder))


class TestTheFile:
    def test_it_is_whole_named_by_its_time_and_readable_for_this_account_alone(
        self, config: Config, office: Office
    ) -> None:
        office.anna.stored_case()
        path = back_up(config, config.backup_dir, START_MS)
        assert path == config.backup_dir / "zuzweit-20260921T141320Z.zip"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(config.backup_dir.stat().st_mode) == 0o700
        about = backup_file.verify(path)
        assert about.kind == config.database_url.partition(":")[0]
        assert about.made_at == "2026-09-21T14:13:20+00:00"
        assert backup_file.made_at(path) == START_MS // 1000 * 1000
        hidden = {one.name for one in config.backup_dir.iterdir()}
        assert hidden == {path.name, ".lock"}

    def test_nothing_in_it_lets_anybody_in(self, config: Config, office: Office) -> None:
        anna = office.anna
        LoginSession.create(
            id="the name of a sign-in",
            user=anna.user,
            device=anna.caller.device,
            created_at=1,
            last_seen=1,
        )
        Invitation.create(
            token_hash="the hash of a token", user=anna.user, created_at=1, expires_at=2
        )
        secret = config.secret_key()
        path = back_up(config, config.backup_dir, START_MS)
        content = unpacked(config, path)
        assert anna.user in content
        for word in ("the name of a sign-in", "the hash of a token", secret):
            assert word not in content
        assert LoginSession.select().count() == 1, "they live on in the database itself"

    def test_a_second_one_in_the_same_second_is_refused(
        self, config: Config, office: Office
    ) -> None:
        assert office
        path = back_up(config, config.backup_dir, START_MS)
        before = path.read_bytes()
        with pytest.raises(BackupProblem, match="gibt es schon"):
            back_up(config, config.backup_dir, START_MS)
        assert path.read_bytes() == before

    def test_elsewhere_the_list_of_what_was_erased_lies_beside_it(
        self, config: Config, office: Office, tmp_path: Path
    ) -> None:
        case, _ = office.anna.stored_case()
        erasure.erase(office.team, [case], "2026-11-26T10:00:00Z")
        folder = tmp_path / "elsewhere"
        back_up(config, folder, START_MS)
        assert [one.id for one in erasure_list.read(folder)] == [case]
        assert stat.S_IMODE((folder / erasure_list.NAME).stat().st_mode) == 0o600


def unpacked(config: Config, path: Path) -> str:
    """Everything in a backup as text."""
    if config.pg_tools is None:
        return content_of(path).decode("latin-1")
    dump = path.with_name("dump")
    dump.write_bytes(content_of(path))
    command = [str(config.pg_tools / "pg_restore"), "--file=-", str(dump)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class TestDamage:
    @pytest.fixture
    def path(self, config: Config, office: Office) -> Path:
        for _ in range(20):
            office.anna.stored_case()
        return back_up(config, config.backup_dir, START_MS)

    @only_sqlite
    def test_no_flipped_byte_changes_the_content_unnoticed(self, path: Path) -> None:
        whole, content = path.read_bytes(), content_of(path)
        with zipfile.ZipFile(path) as packed:
            start, end = packed.getinfo(backup_file.DATABASE).header_offset, packed.start_dir
        found: list[str] = []
        for place in range(start, end, (end - start) // 40):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
            try:
                backup_file.verify(path)
            except BackupProblem as problem:
                found.append(str(problem))
            else:
                # Some bits say nothing: a compressed file has more than one spelling.
                assert content_of(path) == content
        assert len(found) > 30
        assert all("keine unbeschädigte" in said for said in found)

    @only_sqlite
    def test_every_shorter_file_is_found(self, path: Path) -> None:
        whole = path.read_bytes()
        for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:length])
            with pytest.raises(BackupProblem):
                backup_file.verify(path)

    @only_sqlite
    def test_another_content_under_the_same_word_is_found(self, path: Path, tmp_path: Path) -> None:
        other = tmp_path / "other.zip"
        with zipfile.ZipFile(path) as packed, zipfile.ZipFile(other, "w") as forged:
            forged.writestr("backup.json", packed.read("backup.json"))
            forged.writestr("database", packed.read("database") + b"x")
        with pytest.raises(BackupProblem):
            backup_file.verify(other)

    @only_sqlite
    @pytest.mark.parametrize("about", ["", "[]", "{}", '{"format": 2}', "null"])
    def test_odd_words_about_it_are_refused(self, path: Path, tmp_path: Path, about: str) -> None:
        other = tmp_path / "other.zip"
        with zipfile.ZipFile(path) as packed, zipfile.ZipFile(other, "w") as forged:
            forged.writestr("backup.json", about)
            forged.writestr("database", packed.read("database"))
        with pytest.raises(BackupProblem):
            backup_file.verify(other)

    @only_sqlite
    def test_another_format_is_said_to_be_one(self, path: Path, tmp_path: Path) -> None:
        other = tmp_path / "other.zip"
        with zipfile.ZipFile(path) as packed, zipfile.ZipFile(other, "w") as newer:
            about = json.loads(packed.read("backup.json")) | {"format": 2}
            newer.writestr("backup.json", json.dumps(about))
        with pytest.raises(BackupProblem, match="anderen Fassung"):
            backup_file.verify(other)

    @only_sqlite
    def test_a_broken_database_makes_no_backup(self, config: Config, office: Office) -> None:
        for _ in range(50):
            office.anna.stored_case()
        file = Path(config.database_url.removeprefix("sqlite:///"))
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA wal_checkpoint(truncate)")
        whole = file.read_bytes()
        file.write_bytes(whole[:8192] + os.urandom(8192) + whole[16384:])
        with pytest.raises((BackupProblem, sqlite3.DatabaseError)):
            back_up(config, config.backup_dir, START_MS)
        assert looks_whole(config.backup_dir) == []


class TestWhatCannotBe:
    def test_no_space(self, config: Config, office: Office) -> None:
        for _ in range(30):
            office.anna.stored_case(situation=None)
        office_words(office, 200)
        with files_up_to(40_000), pytest.raises(BackupProblem, match="nicht genug Platz"):
            back_up(config, config.backup_dir, START_MS)
        assert looks_whole(config.backup_dir) == []
        assert not list(config.backup_dir.glob(".unfinished-*"))
        assert back_up(config, config.backup_dir, START_MS).exists(), "later it is possible"

    def test_a_folder_that_cannot_be(self, config: Config, office: Office, tmp_path: Path) -> None:
        assert office
        (tmp_path / "file").write_text("")
        with pytest.raises(BackupProblem, match="lässt sich nicht anlegen"):
            back_up(config, tmp_path / "file" / "backups", START_MS)

    @only_postgresql
    def test_missing_tools(self, config: Config, office: Office, tmp_path: Path) -> None:
        assert office
        with pytest.raises(BackupProblem, match="pg_dump von PostgreSQL fehlt"):
            back_up(replace(config, pg_tools=tmp_path), config.backup_dir, START_MS)

    @only_postgresql
    def test_old_tools(self, config: Config, office: Office, tmp_path: Path) -> None:
        assert office
        old = tmp_path / "pg_dump"
        old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24 (Debian 15)'\n")
        old.chmod(0o755)
        with pytest.raises(BackupProblem, match="pg_dump ist zu alt"):
            back_up(replace(config, pg_tools=tmp_path), config.backup_dir, START_MS)

    @only_postgresql
    def test_the_password_stands_on_no_command_line_and_in_no_environment(
        self, config: Config, office: Office, tmp_path: Path
    ) -> None:
        assert office
        told = tmp_path / "told"
        tools = tmp_path / "tools"
        tools.mkdir()
        for name in ("pg_dump", "pg_restore"):
            spy = tools / name
            spy.write_text(
                f'#!/bin/sh\n{{ echo "$0 $@"; env; }} >> {told}\n'
                f'grep -c "password=Hase7" "$PGSERVICEFILE" >> {told}.file\n'
                f'exec {config.pg_tools}/{name} "$@"\n'
            )
            spy.chmod(0o755)
        with_password = config.database_url.replace("postgres:@", "postgres:Hase7@")
        assert "Hase7" in with_password
        made = replace(config, pg_tools=tools, database_url=with_password)
        back_up(made, config.backup_dir, START_MS)
        assert "pg_dump" in told.read_text()
        assert "Hase7" not in told.read_text()
        assert "1" in (tmp_path / "told.file").read_text(), "there it is, for this account alone"


def office_words(office: Office, count: int) -> None:
    """So much that a file of it has some length."""
    case, key_id = office.anna.stored_case()
    for i in range(0, count, 100):
        office.anna.send(*(office.anna.visit(case, key_id)[1] for _ in range(i, i + 100)))


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this process, or of one it starts, grows beyond `size` bytes: a full disk."""
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


KILLED = """
import os, signal, sys
from pathlib import Path
from server import backup_file, backups, backup_sqlite, backup_postgresql
from server.config import Config
from server.db import open_database

where, url, data, tools = sys.argv[1:]
config = Config(data_dir=Path(data), database_url=url, pg_tools=Path(tools) if tools else None)
open_database(url)

def die(*_args, **_named):
    os.kill(os.getpid(), signal.SIGKILL)

if where == "copied":
    backup_file.write = die
elif where == "packed":
    backup_file.verify = die
elif where == "named":
    Path.rename = die
elif where == "half copied":
    engine = backups.ENGINES[url.partition(":")[0]]
    engine._run = die
    engine.check = die
backups.back_up(config, config.backup_dir, 1_790_000_000_000)
"""


@pytest.mark.parametrize("where", ["half copied", "copied", "packed", "named"])
def test_killed_in_the_middle_nothing_looks_whole(
    config: Config, office: Office, where: str
) -> None:
    assert office
    command = [sys.executable, "-c", KILLED, where, config.database_url, str(config.data_dir)]
    done = subprocess.run([*command, str(config.pg_tools or "")], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert looks_whole(config.backup_dir) == []
    path = back_up(config, config.backup_dir, START_MS)
    assert {one.name for one in config.backup_dir.iterdir()} == {path.name, ".lock"}, "all swept"


def test_the_job_fails_loudly(
    config: Config, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server import access

    monkeypatch.setattr(access, "config", lambda: config)
    config.backup_dir.parent.mkdir(parents=True)
    config.backup_dir.mkdir()

    def no_copy(*_: object) -> None:
        raise BackupProblem("Auf dem Datenträger ist für die Sicherung nicht genug Platz.")

    monkeypatch.setattr(backups.ENGINES[config.database_url.partition(":")[0]], "copy", no_copy)
    monkeypatch.setattr(erasure_list, "keep_level", lambda _: 0)
    with caplog.at_level(logging.ERROR), pytest.raises(BackupProblem):
        backups.tonight(START_MS)
    assert "NO BACKUP: Auf dem Datenträger" in caplog.text
