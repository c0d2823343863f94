"""What the bare machine needs for the same work: the figures of the engine are put beside it."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from server.demo.wires import WireProblem
from tests.bench.wires import CountingHttp
from tests.e2e.phones import ROOT
from tests.loopback import free_port, wait_for

TIMES = 5
ROUND_TRIPS = 300


def milliseconds(work: Callable[[], Any]) -> float:
    """How long something takes."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def write_and_read(folder: Path, values: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """ms to insert rows of these values in one transaction on the disk, and to read them all."""
    runs = [_write_and_read(folder / f"raw{run}.sqlite3", values) for run in range(TIMES)]
    written, read = zip(*runs, strict=True)
    return median(written), median(read)


def _write_and_read(path: Path, values: Sequence[dict[str, Any]]) -> tuple[float, float]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = full")
    columns = ", ".join(f'"{name}"' for name in values[0])
    connection.execute(f"CREATE TABLE w (id INTEGER PRIMARY KEY, {columns})")
    insert = f"INSERT INTO w ({columns}) VALUES ({', '.join('?' * len(values[0]))})"
    rows = [tuple(row.values()) for row in values]

    def write() -> None:
        connection.execute("BEGIN")
        connection.executemany(insert, rows)
        connection.execute("COMMIT")

    written = milliseconds(write)
    read = milliseconds(lambda: connection.execute("SELECT * FROM w").fetchall())
    connection.close()
    return written, read


def round_trip() -> tuple[float, float]:
    """ms and bytes of one HTTP round trip to the same gunicorn around nothing."""
    with _bare_server() as address:
        wire = CountingHttp(address)
        times = [milliseconds(lambda: wire.ask("GET", "/", b"")) for _ in range(ROUND_TRIPS)]
        used = wire.bytes / ROUND_TRIPS
        wire.close()
    return median(times), used


@contextmanager
def _bare_server() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bare_server", str(port)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: _answers(address), 30, "the bare server to answer")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _answers(address: str) -> bool:
    wire = CountingHttp(address)
    try:
        return wire.ask("GET", "/", b"").status == 200
    except WireProblem:  # Not yet.
        return False
    finally:
        wire.close()
