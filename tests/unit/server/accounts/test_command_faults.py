"""What is wrong with an installation is said in one German sentence, never as a traceback."""

import os
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

import server.demo.showing  # noqa: F401 (loaded late otherwise: see home_of_nobody)
from server.db import close_connection, database, engine_of
from tests.databases import only_postgresql
from tests.loopback import free_port
from tests.unit.server.accounts.commands import INIT, Process, Run, until_it_answers

INVITE = ("invite", "--name", "anna", "--display-name", "Anna Ast", "--role", "ab_pap")
DISABLE = ("disable", "--name", "verwaltung")
EVERY = [INIT, INVITE, DISABLE, ("serve",), ("worker",), ("devices",), ("demo",), ("doctor",)]
OPENING = [command for command in EVERY if command != ("doctor",)]
ALREADY = [command for command in OPENING if command not in {INIT, ("demo",)}]


def names(commands: list[tuple[str, ...]]) -> list[str]:
    return [command[0] for command in commands]


def refused(result: tuple[int, str, str]) -> str:
    """The one sentence with which a command ended; it announced nothing."""
    code, out, err = result
    assert (code, out) == (1, ""), result
    assert err.count("\n") == 1
    assert err.strip().endswith(".")
    return err.strip()


@pytest.mark.parametrize("command", EVERY, ids=names(EVERY))
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "PORT muss eine ganze Zahl von 1 bis 65535 sein."),
        ("PORT", "", "PORT muss eine ganze Zahl von 1 bis 65535 sein."),
        ("DATA_DIR", "", "DATA_DIR darf nicht leer sein."),
        ("DATA_DIR", "\udcff", "DATA_DIR muss in UTF-8 geschrieben sein."),
    ],
)
def test_an_odd_setting(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    name: str,
    value: str,
    said: str,
):
    monkeypatch.setenv(name, value)
    assert refused(run(*command)) == said


@pytest.mark.parametrize("command", OPENING, ids=names(OPENING))
def test_the_folder_is_a_file(run: Run, folder: Path, command: tuple[str, ...]):
    folder.write_text("")
    assert (
        refused(run(*command)) == f"DATA_DIR muss ein Ordner sein; {folder} führt zu einer Datei."
    )


@pytest.mark.parametrize("command", [INIT, ("demo",)], ids=["init", "demo"])
def test_the_folder_cannot_be_made(run: Run, home_of_nobody: Path, command: tuple[str, ...]):
    home_of_nobody.parent.chmod(0o500)
    assert "Dieses Konto darf dort nicht" in refused(run(*command))


@pytest.mark.parametrize("command", OPENING, ids=names(OPENING))
def test_the_folder_is_not_writable(run: Run, home_of_nobody: Path, command: tuple[str, ...]):
    home_of_nobody.mkdir(mode=0o500)
    assert "Dieses Konto darf dort nicht" in refused(run(*command))


@pytest.mark.parametrize("command", ALREADY, ids=names(ALREADY))
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda file: file.write_bytes(b"kaputt" * 1000), "ist beschädigt"),
        (lambda file: os.truncate(file, 9000), "ist beschädigt"),
        (lambda file: (file.unlink(), file.mkdir()), "Das ist ein Ordner, keine Datei."),
    ],
    ids=["overwritten", "truncated", "folder"],
)
def test_the_database_is_broken(
    run: Run,
    folder: Path,
    command: tuple[str, ...],
    damage: Callable[[Path], object],
    said: str,
):
    run(*INIT)
    close_connection()
    damage(folder / "zuzweit.sqlite3")
    assert said in refused(run(*command))


@pytest.mark.parametrize("command", ALREADY, ids=names(ALREADY))
def test_the_database_can_only_be_read(run: Run, home_of_nobody: Path, command: tuple[str, ...]):
    run(*INIT)
    close_connection()
    (home_of_nobody / "zuzweit.sqlite3").chmod(0o400)
    assert "Dieses Konto darf dort nicht" in refused(run(*command))


@pytest.mark.parametrize("command", ALREADY, ids=names(ALREADY))
def test_a_table_is_missing(run: Run, folder: Path, command: tuple[str, ...]):
    run(*INIT)
    database.execute_sql("DELETE FROM audit")
    for table in ("session", "device", "invitation", "user", "team"):
        database.execute_sql(f'DROP TABLE IF EXISTS "{table}"')
    close_connection()
    assert folder.exists()
    assert "Der Datenbank fehlt die Tabelle device." in refused(run(*command))


def damaged_binary(file: Path) -> None:
    file.write_bytes(bytes(range(128, 192)))


def damaged_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("damage", [damaged_binary, damaged_folder])
@pytest.mark.parametrize("command", ALREADY, ids=names(ALREADY))
def test_the_secret_key_is_none(
    run: Run, folder: Path, command: tuple[str, ...], damage: Callable[[Path], None]
):
    run(*INIT)
    damage(folder / "secret_key")
    assert "enthält keinen gültigen Schlüssel" in refused(run(*command))


def test_the_secret_key_is_not_ours_to_read(run: Run, home_of_nobody: Path):
    run(*INIT)
    (home_of_nobody / "secret_key").chmod(0)
    assert "Dieses Konto darf dort nicht" in refused(run("devices"))


@pytest.fixture
def foreign(databases, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of somebody else's database."""
    assert run
    url = databases.bare(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    yield url
    close_connection()


@pytest.mark.parametrize("command", [INIT, ("demo",)], ids=["init", "demo"])
def test_a_foreign_database_is_left_alone(run: Run, foreign: str, command: tuple[str, ...]):
    theirs = engine_of(foreign).connect_to(foreign)
    theirs.execute_sql('CREATE TABLE "invoices" (n INTEGER)')
    theirs.close()
    assert "schon andere Daten" in refused(run(*command))
    assert theirs.get_tables() == ["invoices"]
    theirs.close()


@only_postgresql
def test_a_postgresql_that_only_lets_us_read(
    run: Run, databases, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    url = databases.fresh(folder)
    monkeypatch.setenv("DATABASE_URL", url)
    with psycopg.connect(url, autocommit=True) as admin:
        name = admin.info.dbname
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        try:
            assert "nur lesen" in refused(run(*INIT))
        finally:
            admin.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())


class TestNotUnderstood:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ((), "Es fehlt: BEFEHL"),
            (("start",), "Den Befehl 'start' gibt es nicht."),
            ((*INVITE[:-1], "chef"), "--role: 'chef' gibt es nicht. Möglich sind"),
            (("invite",), "Es fehlt: --name, --display-name, --role"),
            (("invite", "--name"), "Nach --name fehlt die Angabe."),
            (("serve", "jetzt"), "Das gehört nicht zu diesem Befehl: jetzt"),
            (("generate", "--check=x"), "--check nimmt keine Angabe: 'x'"),
            (("demo", "--port", "x"), "--port muss eine ganze Zahl von 1 bis 65535 sein."),
            (("demo", "--data-dir", ""), "--data-dir darf nicht leer sein."),
            (("demo", "--parent", "x"), "Der Aufruf ist so nicht verständlich."),
            (("revoke-device", "\udcff"), "Der Aufruf enthält Zeichen, die nicht in UTF-8"),
        ],
    )
    def test_is_said_in_german(
        self,
        run: Run,
        capsys: pytest.CaptureFixture[str],
        arguments: tuple[str, ...],
        said: str,
    ):
        with pytest.raises(SystemExit) as stopped:
            run(*arguments)
        assert stopped.value.code == 2
        printed = capsys.readouterr().err
        assert printed.startswith(said)
        assert "\nAufruf: zuzweit" in printed

    @pytest.mark.parametrize("arguments", [("--help",), ("invite", "-h")])
    def test_help_is_german(
        self, run: Run, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
    ):
        with pytest.raises(SystemExit):
            run(*arguments)
        printed = capsys.readouterr().out
        assert printed.startswith("Aufruf: ")
        for english in ("usage", "options", "positional", "show this"):
            assert english not in printed


@pytest.mark.parametrize("name", ["", "  ", "U25\nU26", "U25\x1b[31m", "x" * 81, "U25\u202e"])
def test_an_odd_team_name_leaves_nothing_behind(run: Run, folder: Path, name: str):
    assert "Name des Teams" in refused(run("init", "--team", name, *INIT[3:]))
    assert not folder.exists()


class TestTheAddress:
    def test_a_port_that_is_taken(self, run: Run, monkeypatch: pytest.MonkeyPatch):
        run(*INIT)
        with closing(socket.create_server(("127.0.0.1", 0))) as other:
            port = other.getsockname()[1]
            monkeypatch.setenv("PORT", str(port))
            for command in ("serve", "demo"):
                assert refused(run(command)).startswith(f"Port {port} ist belegt. ")

    @pytest.mark.parametrize("host", ["198.51.100.7", "gibt.es.nicht.invalid", "x" * 70])
    def test_a_host_that_is_not_here(self, run: Run, monkeypatch: pytest.MonkeyPatch, host: str):
        run(*INIT)
        monkeypatch.setenv("ZUZWEIT_HOST", host)
        for command in ("serve", "demo"):
            assert refused(run(command)).startswith("ZUZWEIT_HOST muss eine Netzadresse")

    def test_it_is_free_again_at_once(self, run: Run, start: Callable[..., Process]):
        run(*INIT)
        close_connection()
        port = free_port()
        for _ in range(2):
            server = start(port, "serve")
            until_it_answers(f"http://127.0.0.1:{port}/healthz", server)
            code, log = server.end(15)
            assert code == 0, log


def test_everything_is_for_this_account_alone(
    run: Run, folder: Path, start: Callable[..., Process]
):
    before = os.umask(0)
    try:
        run(*INIT)
        close_connection()
        port = free_port()
        server = start(port, "serve")
        until_it_answers(f"http://127.0.0.1:{port}/healthz", server)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {"zuzweit.sqlite3-wal", "zuzweit.sqlite3-shm", "secret_key"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert server.end(15)[0] == 0
