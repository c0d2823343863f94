"""Many runs of the simulator, on two processes: 2,000 for `make fault`, 20,000 for `make soak`."""

import math
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import islice

import pytest

from tests.databases import KINDS
from tests.simulation.run import Failed, office, run

PROCESSES = 2
AT_ONCE = 50
"""Runs per task of a process."""

SHARE = {"sqlite": 0.25, "postgresql": 0.15}
"""Of the time of `make fault`."""
FIRST = 1_001
RUNS = {"sqlite": 2_000, "postgresql": 400}
SOAK_RUNS = {"sqlite": 18_000, "postgresql": 2_000}


@pytest.mark.fault
@pytest.mark.parametrize("kind", KINDS)
def test_many_runs(kind: str, tell: Callable[[str], None], seconds: float) -> None:
    number = RUNS[kind]
    seeds = range(FIRST, FIRST + number)
    end = time.monotonic() + seconds * SHARE[kind]
    play(seeds, end, tell, f"of {number} on {kind} from seed {FIRST}", kind)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_twenty_thousand_runs(kind: str, tell: Callable[[str], None]) -> None:
    """Other ones each time, however long they take."""
    first, number = int(time.time()) * 100_000, SOAK_RUNS[kind]
    seeds = range(first, first + number)
    play(seeds, math.inf, tell, f"of {number} on {kind} from seed {first}", kind)


def play(
    seeds: Iterable[int], end: float, tell: Callable[[str], None], what: str, kind: str
) -> None:
    """Play these runs until `end`; prints how far it got, fails with the runs that went wrong."""
    began, played, counts = time.monotonic(), 0, Counter[str]()
    failed: list[str] = []
    tasks = iter(lambda: list(islice(rest, AT_ONCE)), [])
    rest = iter(seeds)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, context) as pool:
        running = {pool.submit(play_some, task, kind) for task in islice(tasks, PROCESSES * 2)}
        while running:
            done = next(as_completed(running))
            running.remove(done)
            number, happened, wrong = done.result()
            played, failed = played + number, failed + wrong
            counts.update(happened)
            if time.monotonic() < end and not failed and (task := next(tasks, None)):
                running.add(pool.submit(play_some, task, kind))
    tell(f"{played} runs {what} in {time.monotonic() - began:.0f} s, {len(failed)} failed")
    tell(", ".join(f"{number} {name}" for name, number in sorted(counts.items())))
    assert not failed, "\n\n".join(failed)


def play_some(seeds: list[int], kind: str) -> tuple[int, dict[str, int], list[str]]:
    """Some runs in one process: how many, what happened, what went wrong."""
    counts, failed = Counter[str](), list[str]()
    for seed in seeds:
        try:
            counts.update(run(seed, kind=kind))
        except Failed as problem:
            failed.append(str(problem))
    office(kind).close()
    office.cache_clear()
    return len(seeds), dict(counts), failed
