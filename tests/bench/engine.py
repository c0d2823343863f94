"""The sync engine over HTTP as it is shipped, beside what the bare machine needs for the same."""

import re
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from tests.bench import raw_limits
from tests.bench.figures import Figure
from tests.bench.offices import BenchServer
from tests.bench.raw_limits import milliseconds
from tests.bench.wires import CountingHttp, WireProblem, signed_in
from tests.bench.workload import DEVICES, ROWS, SYNCS, Device, Workload, make_workload

PUSHES = 3
IDLE_SYNCS = 200
PAGE = 2_000

MB = 1_000_000


def measure(folder: Path) -> Iterator[Figure]:
    """Workload W from an empty server on, and its raw limits."""
    work = make_workload(folder / "office")
    raw_write, raw_read = raw_limits.write_and_read(folder, work.values)
    trip_ms, trip_bytes = raw_limits.round_trip()
    size = sum(len(send.text) for send in work.writer.sends) / ROWS
    yield Figure("one row as it is sent", size, "B")
    yield Figure("bare HTTP round trip", trip_ms, "ms")
    yield Figure("bare HTTP round trip, bytes", trip_bytes, "B")
    pushed = [_push(work, folder / f"push{run}") for run in range(PUSHES)]
    yield Figure(f"push {ROWS:,} rows", median(pushed), "ms", raw_write, most_times=10)
    server = BenchServer(folder / f"push{PUSHES - 1}")
    server.start()
    try:
        yield from _with_all_rows(work, server, raw_read, (trip_ms, trip_bytes))
        yield from _memory(server)
    finally:
        server.stop()
    yield Figure("disk after a clean stop", _disk(server.data) / MB, "MB", most=8.4)


def _push(work: Workload, copy: Path) -> float:
    """Milliseconds to have every row accepted, on a copy of the empty office."""
    shutil.copytree(work.folder, copy)
    server = BenchServer(copy)
    server.start()
    try:
        wire = signed_in(server.address, work.writer.cookie)
        batches = work.batches
        answers: list[dict[str, Any]] = []
        taken = milliseconds(lambda: answers.extend(wire.sync(batch) for batch in batches))
        _all_accepted(answers, ROWS)
        return taken
    finally:
        server.stop()


def _all_accepted(answers: Sequence[dict[str, Any]], count: int) -> None:
    verdicts = [verdict["verdict"] for answer in answers for verdict in answer["verdicts"]]
    if verdicts != ["accepted"] * count:
        raise RuntimeError(f"{verdicts.count('accepted')} of {count} accepted")


def _with_all_rows(
    work: Workload, server: BenchServer, raw_read: float, trip: tuple[float, float]
) -> Iterator[Figure]:
    reader = signed_in(server.address, work.reader.cookie)
    taken = [milliseconds(lambda: _pull_all(work.reader, reader)) for _ in range(PUSHES)]
    yield Figure(f"pull {ROWS:,} rows", median(taken), "ms", raw_read, most_times=9)
    before = reader.bytes
    idle = [milliseconds(lambda: _exchange(work.reader, reader)) for _ in range(IDLE_SYNCS)]
    used = (reader.bytes - before) / IDLE_SYNCS
    yield Figure("idle sync", median(idle), "ms", trip[0], most_times=4)
    yield Figure("idle sync, bytes", used, "B", trip[1], most=685)
    yield from _changes(work, server, reader, trip)
    yield from _many_devices(work, server)


def _pull_all(device: Device, wire: CountingHttp) -> None:
    """Everything from the start, as a fresh phone asks for it."""
    device.stand_at(None)
    rows, more = 0, True
    while more:
        answer = _exchange(device, wire)
        rows, more = rows + len(answer["rows"]), answer["more"]
    if rows < ROWS:
        raise RuntimeError(f"{rows} rows pulled")


def _exchange(device: Device, wire: CountingHttp, sends: Sequence[Any] = ()) -> dict[str, Any]:
    answer = wire.sync(device.request(sends, PAGE))
    device.stand_at(answer["cursor"])
    return answer


def _changes(
    work: Workload, server: BenchServer, reader: CountingHttp, trip: tuple[float, float]
) -> Iterator[Figure]:
    """One change at a time from one phone to the other, both up to date before."""
    writer = work.writer
    sender = signed_in(server.address, writer.cookie)
    writer.stand_at(work.reader.phone.store.cursor)
    before = sender.bytes + reader.bytes
    times: list[float] = []
    for send in work.changes:
        begin = perf_counter()
        _all_accepted([_exchange(writer, sender, [send])], 1)
        arrived = _exchange(work.reader, reader)["rows"]
        times.append((perf_counter() - begin) * 1000)
        if len(arrived) != 1:
            raise RuntimeError(f"{len(arrived)} rows instead of the one change")
    used = (sender.bytes + reader.bytes - before) / len(times)
    yield Figure("one change A → B", median(times), "ms", trip[0], most_times=11)
    yield Figure("one change A → B, bytes", used, "B", trip[1], most=1456)


def _many_devices(work: Workload, server: BenchServer) -> Iterator[Figure]:
    """Every device sends a change and fetches those of the others, again and again."""
    wires = [signed_in(server.address, device.cookie) for device in work.devices]
    for device in work.devices:  # All are the reader's: where she stands, they stand.
        device.stand_at(work.reader.phone.store.cursor)
    begin = perf_counter()
    with ThreadPoolExecutor(DEVICES) as pool:
        errors = sum(pool.map(_send_one_by_one, work.devices, wires))
    taken = perf_counter() - begin
    yield Figure(f"{DEVICES} devices × {SYNCS} syncs", DEVICES * SYNCS / taken, "/s", least=374)
    yield Figure("  errors among them", errors, "errors", most=0)


def _send_one_by_one(device: Device, wire: CountingHttp) -> int:
    errors = 0
    for send in device.sends:
        try:
            answer = _exchange(device, wire, [send])
            errors += answer["verdicts"][0]["verdict"] != "accepted"
        except WireProblem:
            errors += 1
    return errors


def _memory(server: BenchServer) -> Iterator[Figure]:
    """Of all server processes together, shared pages counted once."""
    assert server.process is not None
    maps = [_text(folder / "smaps_rollup") for folder in _processes(server.process.pid)]
    once, each = (
        sum(int(re.findall(rf"^{name}: +(\d+) kB$", text, re.MULTILINE)[0]) for text in maps)
        for name in ("Pss", "Rss")
    )
    yield Figure("memory of the server, shared pages once", once * 1024 / MB, "MB", most=110)
    yield Figure("memory of the server, processes added up", each * 1024 / MB, "MB")


def _processes(group: int) -> Iterator[Path]:
    """The /proc folders of a process group."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        if (fields := _text(stat).rpartition(")")[2].split()) and int(fields[2]) == group:
            yield stat.parent


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # The process has just ended.
        return ""


def _disk(data: Path) -> int:
    return sum(path.stat().st_size for path in data.glob("*.sqlite3*"))
