"""Who works on an installation: any number of servers and workers, or one restore alone.

Everybody holds the same file in the data folder, shared or alone. The system lets go of it
when a process ends, however it ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.config import ConfigError

NAME = "in-use"

_held: list[int] = []
"""Descriptors this process and those it forks keep for as long as they live."""


class InUse(Exception):
    """A server or a worker runs on this installation; the text says so, ready to be shown."""


def hold(data_dir: Path) -> None:
    """Works on this installation until the process ends; raises ConfigError during a restore."""
    descriptor = _opened(data_dir)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise ConfigError("Hier wird gerade eine Sicherung zurückgespielt.") from None
    _held.append(descriptor)


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Nobody else works on this installation meanwhile; raises InUse when somebody does."""
    descriptor = _opened(data_dir)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise InUse(
            "Auf dieser Installation läuft noch ein Server oder „zuzweit worker“. "
            "Bitte zuerst beenden."
        ) from None
    finally:
        os.close(descriptor)


def _opened(data_dir: Path) -> int:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(data_dir / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
