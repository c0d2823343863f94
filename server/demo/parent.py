"""A demo under `make` ends with it.

GNU make hands TERM on to what it started, but INT it does not: it waits, with INT blocked, for
a child that it takes for one that got the signal too. So the child looks now and then.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 0.5
INT_BIT = 1 << (signal.SIGINT - 1)


@contextmanager
def ending_with(parent: int | None) -> Iterator[None]:
    """Inside, this process is told to end (TERM) once `parent` has gone or was told INT."""
    if parent is None:
        yield
        return
    blocked_before = _has_int_blocked(parent)

    def look(*_signal: object) -> None:
        gone = os.getppid() != parent
        if gone or (_has_int_blocked(parent) and not blocked_before):
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _has_int_blocked(process: int) -> bool:
    """Only Linux tells; elsewhere INT has to reach the demo itself, as Ctrl+C does."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:  # Gone, or not Linux.
        return False
    lines = dict(line.split(":\t", 1) for line in status.splitlines())
    return bool(int(lines["SigBlk"], 16) & INT_BIT)
