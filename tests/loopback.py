"""What every test with real processes needs of this machine: a port, and patience."""

import secrets
import socket
import time
from collections.abc import Callable

LISTENING = range(20_000, 32_000)
"""Below what Linux and Chromium take for outgoing connections (from 32,768 on): a server that is
killed and started again must find its port as it left it."""


def free_port() -> int:
    """A port nobody listens on."""
    while True:
        port = LISTENING.start + secrets.randbelow(len(LISTENING))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:  # Somebody has it: another one.
                continue
            return port


def wait_for(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Ask again and again until it holds; AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)
