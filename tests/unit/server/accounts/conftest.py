"""The office these tests speak of, and the command line that it was set up with."""

import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.db import close_connection
from tests.unit.server.accounts.commands import INIT, Process, Run
from tests.unit.server.accounts.office import Office

NOBODY = 65534


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    return open_office()


@pytest.fixture(autouse=True)
def own_process() -> Iterator[None]:
    """A command's log handler and its signal handlers, which later tests must not inherit."""
    level = logging.root.level
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    for handler in logging.root.handlers[:]:
        if type(handler) is logging.StreamHandler:
            logging.root.removeHandler(handler)
    logging.root.setLevel(level)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Process]]:
    started: list[Process] = []

    def make(port: int, *arguments: str) -> Process:
        started.append(Process(folder, port, *arguments))
        return started[-1]

    yield make
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.communicate()


@pytest.fixture
def home_of_nobody(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of an account that may not do everything: for root nothing is forbidden."""
    # Whatever Python loads late, this account may not be allowed to read.
    run(*INIT)
    close_connection()
    home = Path(tempfile.mkdtemp())
    monkeypatch.setenv("DATA_DIR", str(home / "data"))
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(home, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield home / "data"
    close_connection()
    if is_root:
        os.seteuid(0)
    shutil.rmtree(home)
