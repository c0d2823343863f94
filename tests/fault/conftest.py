"""Servers for the fault tests, ended whatever happens, and a voice for their figures."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fault.processes import Server


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers on a data folder below this test's own; ends them all afterwards."""
    made: list[Server] = []

    def make(folder: str = "data") -> Server:
        made.append(Server(tmp_path / folder))
        return made[-1]

    yield make
    for server in made:
        server.kill()


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    """One server, not started."""
    return make_server()


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints at once, whatever pytest keeps back."""

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", end="", flush=True)

    return say


@pytest.fixture
def seconds() -> float:
    """The time `make fault` has altogether, in seconds."""
    return float(os.environ.get("FAULT_MINUTES", "15")) * 60


@pytest.fixture
def soak_seconds() -> float:
    """The time `make soak` has altogether, in seconds."""
    return float(os.environ.get("SOAK_HOURS", "8")) * 3600
