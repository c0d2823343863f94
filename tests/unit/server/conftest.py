"""A fresh database for every server test, and an invented office in it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import access, cli
from server.accounts import LoginSession, Team
from server.app import create_app
from server.config import Config
from server.db import close_connection, open_database
from server.demo.phone import Phone as AppPhone
from server.demo.wires import InProcess
from server.invitations import invite
from tests.databases import KINDS, Databases, PostgreSQL, SqliteFiles
from tests.loopback import free_port
from tests.unit.server.accounts.commands import INIT, INSTALLED_AT, Run
from tests.unit.server.accounts.office import Office as RegisteredOffice
from tests.unit.server.office import Clock, Office, Phone, found


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    """Where SQLite databases come from."""
    return SqliteFiles(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """This process's PostgreSQL server."""
    # Not below pytest's own folder: every session that begins closes that to other accounts, and
    # PostgreSQL never runs as root.
    folder = Path(tempfile.mkdtemp(prefix="zuzweit-postgresql-"))
    server = PostgreSQL(folder / "data")
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """One kind of database after the other: every test that asks for one runs on both.

    `@only_sqlite` and `@only_postgresql` of `tests.databases` leave a test to one of them.
    """
    fixture = {"sqlite": "sqlite_files", "postgresql": "postgresql"}[request.param]
    databases: Databases = request.getfixturevalue(fixture)
    yield databases
    close_connection()
    databases.take_back()


@pytest.fixture
def config(tmp_path: Path, databases: Databases) -> Config:
    """Settings of an installation in a folder and with a database of its own."""
    return Config(data_dir=tmp_path, database_url=databases.fresh(tmp_path))


@pytest.fixture
def fresh_database(config: Config) -> str:
    """An empty database, open; its address."""
    open_database(config.database_url)
    return config.database_url


@pytest.fixture
def clock() -> Clock:
    """The server's and the phones' clock."""
    return Clock()


@pytest.fixture
def office(fresh_database: str, clock: Clock) -> Office:
    """The office in its database."""
    assert fresh_database
    return found(clock)


@pytest.fixture
def app(config: Config, office: Office) -> Flask:
    """The server over the office's database."""
    return create_app(config, clock=office.clock)


@pytest.fixture
def open_office(tmp_path: Path, databases: Databases) -> Callable[..., RegisteredOffice]:
    """Makes an office with settings of one's own, through the front door."""

    def make(**settings: Any) -> RegisteredOffice:
        url = databases.fresh(tmp_path / "data")
        return RegisteredOffice(tmp_path / "data", **{"database_url": url, **settings})

    return make


class Browser:
    """A signed-in phone that speaks HTTP."""

    def __init__(self, app: Flask, phone: Phone):
        self.phone = phone
        self.client: FlaskClient = app.test_client()
        session_id = f"sign-in of {phone.caller.device}"
        now = phone.clock()
        LoginSession.create(
            id=session_id,
            user=phone.user,
            device=phone.caller.device,
            created_at=now,
            last_seen=now,
        )
        with self.client.session_transaction() as cookie:
            cookie[access.SESSION_KEY] = session_id
            cookie["_user_id"] = f"{phone.user}:{phone.caller.device}"
            cookie["_fresh"] = True
        answer = self.client.get("/api/session")
        assert answer.json is not None
        assert answer.json["signed_in"]
        self.headers = {"X-CSRFToken": answer.json["csrf"], "Content-Type": "application/json"}

    def post(self, path: str, data: bytes, **headers: str):
        """POST as the app does it."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, data=data, headers={**self.headers, **given})


@pytest.fixture
def anna(app: Flask, office: Office) -> Browser:
    """Anna's phone over HTTP."""
    return Browser(app, office.anna)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the installation lies."""
    for name in ("PORT", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    # Links keep the address of the default port, which may be taken on this machine.
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setenv("ZUZWEIT_ADDRESS", "http://localhost:8000")
    yield tmp_path / "data"
    close_connection()


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; its exit code, what it printed, what it complained about."""
    assert folder

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.fixture
def founder(run: Run, folder: Path) -> AppPhone:
    """Anna's phone in an installation made by `zuzweit init`; she has made the team's key."""
    assert run(*INIT)[0] == 0
    app = create_app(Config(data_dir=folder), clock=lambda: INSTALLED_AT)
    made = invite(Team.get().id, "anna", "Anna", "ab_pap", now=INSTALLED_AT, valid_ms=1000)
    phone = AppPhone(InProcess(app), "anna", lambda: INSTALLED_AT)
    phone.accept(made.token, "fünf Wörter für die Befehle")
    phone.found_team()
    phone.sync()
    return phone
