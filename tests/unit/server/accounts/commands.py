"""`zuzweit` commands for tests: in this process, and as processes of their own."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

INIT = ("init", "--team", "U25", "--name", "verwaltung", "--display-name", "Vera Walter")
INSTALLED_AT = 1_790_000_000_000
"""When the `founder` set her password, in milliseconds since 1970."""

Run = Callable[..., tuple[int, str, str]]
"""Runs a command; its exit code, what it printed, what it complained about."""


class Process:
    """`zuzweit …` as a process of its own."""

    def __init__(self, folder: Path, port: int, *arguments: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", *arguments],
            env={**os.environ, "DATA_DIR": str(folder), "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self, number: int) -> tuple[int, str]:
        """Send a signal; the exit code and everything that was logged."""
        self.process.send_signal(number)
        _out, err = self.process.communicate(timeout=30)
        return self.process.returncode, err


def until_it_answers(url: str, process: Process) -> bytes:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read()
        except OSError:
            assert process.process.poll() is None, process.process.communicate()
            assert time.monotonic() < end
            time.sleep(0.05)
