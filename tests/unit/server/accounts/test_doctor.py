"""`zuzweit doctor`: what is wrong in words, and nothing is changed by looking."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.db import close_connection, database, open_database
from server.front_end import FrontEnd
from tests.databases import Databases, only_sqlite
from tests.loopback import free_port
from tests.unit.server.accounts.commands import INIT, Process, Run, until_it_answers


@pytest.fixture
def installed(
    run: Run, folder: Path, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A good installation, on either database; its folder."""
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("DATABASE_URL", databases.fresh(folder))
    (tmp_path / "index.html").touch()
    monkeypatch.setattr("server.doctor.find_front_end", lambda: FrontEnd(tmp_path))
    for file in folder.iterdir():
        file.chmod(0o600)
    assert run(*INIT)[0] == 0
    close_connection()
    yield folder
    close_connection()


def complaints(result: tuple[int, str, str]) -> list[str]:
    """What it found wrong; the exit code says so too."""
    code, out, err = result
    assert err == ""
    wrong = [line.strip() for line in out.splitlines() if line.startswith("  ✘ ")]
    assert code == (1 if wrong else 0)
    return wrong


def fingerprint(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file below with its mode and contents."""
    return {
        str(path): (
            path.stat().st_mode,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in [folder, *folder.rglob("*")]
    }


def test_a_missing_folder_is_said_and_not_made(run: Run, folder: Path):
    missing = f"✘ Der Ordner {folder} fehlt: „zuzweit init“ richtet ihn ein."
    assert missing in complaints(run("doctor"))
    assert not folder.exists()


def test_a_folder_that_is_a_file(run: Run, folder: Path):
    folder.write_text("")
    assert f"✘ {folder} ist kein Ordner: DATA_DIR muss einer sein." in complaints(run("doctor"))


def test_in_an_empty_folder_it_makes_nothing(run: Run, folder: Path):
    folder.mkdir(mode=0o700)
    wrong = complaints(run("doctor"))
    assert f"✘ In {folder} ist nichts eingerichtet. Zuerst: „zuzweit init“." in wrong
    assert "✘ Die Datenbank fehlt: „zuzweit init“ legt sie an." in wrong
    assert list(folder.iterdir()) == []


def test_it_finds_a_good_installation_good_and_leaves_it_as_it_is(run: Run, installed: Path):
    before = fingerprint(installed)
    result = run("doctor")
    assert complaints(result) == []
    assert "✔ Die Datenbank ist auf dem neuesten Stand, mit allen Tabellen." in result[1]
    assert "! Noch keine aB-pAp hat ihr Konto eingerichtet" in result[1]
    assert fingerprint(installed) == before


@only_sqlite
def test_it_looks_at_a_running_server_too(run: Run, installed: Path, start: Callable[..., Process]):
    port = free_port()
    server = start(port, "serve")
    until_it_answers(f"http://127.0.0.1:{port}/healthz", server)
    before = set(installed.iterdir())
    assert complaints(run("doctor")) == []
    assert set(installed.iterdir()) == before
    assert server.end(15)[0] == 0


@pytest.fixture
def changed(installed: Path) -> Callable[[str], None]:
    """Runs a statement on the database, and leaves no connection behind."""
    assert installed.exists()

    def change(sql: str) -> None:
        open_database(os.environ["DATABASE_URL"])
        database.execute_sql(sql)
        close_connection()

    return change


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("mend", "sql", "said"),
        [
            (
                "ALTER TABLE old_history RENAME TO history",
                "ALTER TABLE history RENAME TO old_history",
                "✘ Der Datenbank fehlt die Tabelle history.",
            ),
            (
                "ALTER TABLE visit RENAME COLUMN venue TO place",
                "ALTER TABLE visit RENAME COLUMN place TO venue",
                "✘ Der Tabelle visit fehlt die Spalte place.",
            ),
            (
                "ALTER TABLE team DROP COLUMN colour",
                "ALTER TABLE team ADD COLUMN colour TEXT",
                "✘ Die Spalte team.colour ist unbekannt.",
            ),
            (
                "DELETE FROM schema_migration WHERE name = '9999_later'",
                "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2026-01-01')",
                "✘ Die Datenbank ist neuer als dieses Programm: 9999_later kennt es nicht.",
            ),
        ],
        ids=["table", "column", "unknown column", "unknown migration"],
    )
    def test_what_is_not_as_declared(
        self, run: Run, changed: Callable[[str], None], mend: str, sql: str, said: str
    ):
        changed(sql)
        try:
            assert said in complaints(run("doctor"))
        finally:
            changed(mend)  # PostgreSQL's is used again by other tests.
        assert complaints(run("doctor")) == []

    @only_sqlite
    def test_a_migration_that_is_still_to_come(self, run: Run, changed: Callable[[str], None]):
        changed("DELETE FROM schema_migration WHERE name = '0002_records'")
        result = run("doctor")
        assert complaints(result) == []
        assert "! Beim nächsten Start wird die Datenbank ergänzt: 0002_records." in result[1]

    @only_sqlite
    def test_it_is_somebody_elses(self, run: Run, changed: Callable[[str], None]):
        changed("DELETE FROM schema_migration")
        assert any("schon andere Daten" in line for line in complaints(run("doctor")))

    @only_sqlite
    @pytest.mark.parametrize("beginning", [0, 4096 * 3])
    def test_it_is_broken(self, run: Run, installed: Path, beginning: int):
        with (installed / "zuzweit.sqlite3").open("r+b") as file:
            file.seek(beginning)
            file.write(b"kaputt" * 1000)
        assert any("ist beschädigt" in line for line in complaints(run("doctor")))


class TestTheFiles:
    @pytest.mark.parametrize("name", [".", "secret_key", "zuzweit.sqlite3"])
    @only_sqlite
    def test_others_may_read(self, run: Run, installed: Path, name: str):
        path = installed / name
        path.chmod(0o744)
        assert f"✘ Auch andere Konten dürfen an {path}: chmod go= {path}" in complaints(
            run("doctor")
        )

    @only_sqlite
    def test_root_made_one(self, run: Run, installed: Path, monkeypatch: pytest.MonkeyPatch):
        # Only root gives files away, and tests need not be root.
        monkeypatch.setattr("server.doctor.owner_of", lambda path: int(path != installed))
        said = f"✘ {installed / 'secret_key'} gehört einem anderen Konto als der Ordner: chown."
        assert said in complaints(run("doctor"))

    @only_sqlite
    def test_a_secret_key_that_is_none(self, run: Run, installed: Path):
        (installed / "secret_key").write_bytes(bytes(range(128, 192)))
        [said] = complaints(run("doctor"))
        assert "enthält keinen gültigen Schlüssel" in said

    def test_what_this_account_may_not_read(self, run: Run, home_of_nobody: Path):
        run(*INIT)
        close_connection()
        (home_of_nobody / "secret_key").chmod(0)
        (home_of_nobody / "zuzweit.sqlite3").chmod(0)
        denied = "Dieses Konto darf dort nicht lesen oder schreiben."
        assert complaints(run("doctor"))[:2] == [
            f"✘ {home_of_nobody / name}: {denied}" for name in ("secret_key", "zuzweit.sqlite3")
        ]


def test_a_databases_password_is_hidden(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://zuzweit:Hase7@db.example/zuzweit")
    _code, out, _err = run("doctor")
    assert "Hase7" not in out
    assert "postgresql://…@db.example/zuzweit" in out
