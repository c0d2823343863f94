"""Servers, phones and an invented team for the browser tests."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from server import access, demo
from server.app import create_app
from server.config import read_config
from server.db import close_connection
from tests.e2e.offices import Office
from tests.e2e.phones import Phone, Server

PATIENCE = 30_000
"""Milliseconds a page may take on a machine that is busy with something else: how fast it is on a
calm one is what `make bench` measures, never a test."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo's team, made once and copied by every test that needs it."""
    folder = tmp_path_factory.mktemp("demo")
    config = read_config({"ZUZWEIT_DATA_DIR": str(folder)})
    demo.create(create_app(config), config, access.wall_clock())
    close_connection()
    return folder


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server on an empty folder, not yet started; killed at the end."""
    folder = tmp_path / "data"
    folder.mkdir()
    server = Server(folder)
    yield server
    server.kill()


@pytest.fixture
def demo_server(server: Server, demo_template: Path) -> Server:
    """A running server with the demo's team."""
    shutil.copytree(demo_template, server.data, dirs_exist_ok=True)
    server.start()
    return server


@pytest.fixture
def passwords(demo_server: Server) -> dict[str, str]:
    """The demo's sign-in names and passwords."""
    accounts = json.loads((demo_server.data / "accounts.json").read_text())
    return {account["username"]: account["password"] for account in accounts["accounts"]}


@pytest.fixture
def new_phone(
    playwright: Playwright, server: Server, tmp_path: Path
) -> Iterator[Callable[..., Phone]]:
    """Makes phones; all of them are closed at the end and must have asked nobody else."""
    phones: list[Phone] = []

    def make(name: str, **options: object) -> Phone:
        phones.append(Phone(playwright, server, tmp_path / "profiles" / name, **options))
        return phones[-1]

    yield make
    foreign = [url for phone in phones for url in phone.foreign_requests]
    for phone in phones:
        phone.close()
    assert foreign == [], "a phone asked somebody else than its own server"


@pytest.fixture
def office(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> Office:
    """The demo's team at work."""
    return Office(demo_server, passwords, new_phone)
