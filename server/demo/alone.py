"""One process at a time in a folder; the lock goes with the process, whatever ends it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone_in(folder: Path, wait: bool = True) -> Iterator[None]:
    """Nobody else is in here for the same folder; without `wait`, BlockingIOError if somebody is.

    The folder must be there.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)
