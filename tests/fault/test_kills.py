"""The server dies at any moment, over and over, under load; nothing acknowledged is lost."""

import os
import random
import signal
import time
from collections.abc import Callable

import pytest

from tests.fault.field import Carrier, at_work, set_up
from tests.fault.processes import Server
from tests.fault.proof import prove
from tests.loopback import wait_for

pytestmark = pytest.mark.fault

SHARE = 0.2
"""Of the time of `make fault`."""
FEWEST_PUSHES = 200
"""So many requests with entries in them must have been on their way to a server that is killed."""
MOST_KILLS = 60
FEWEST_KILLS = 12
WORKER_KILLS = 12


def test_the_whole_server_is_killed(
    server: Server, tell: Callable[[str], None], seconds: float
) -> None:
    kill_it(server, tell, time.monotonic() + seconds * SHARE, seed=7)


@pytest.mark.soak
def test_servers_are_killed_for_hours(
    make_server: Callable[..., Server], tell: Callable[[str], None], soak_seconds: float
) -> None:
    end, seed = time.monotonic() + soak_seconds / 2, int(time.time())
    while time.monotonic() < end:
        seed += 1
        kill_it(make_server(f"data {seed}"), tell, end, seed)


def kill_it(server: Server, tell: Callable[[str], None], end: float, seed: int) -> None:
    """Kills a server under load until `end`, and proves that nothing is lost."""
    carriers = set_up(server)
    kills, chance = 0, random.Random(seed)

    def enough() -> bool:
        fewest = kills >= FEWEST_KILLS and pushes(carriers) >= FEWEST_PUSHES
        return fewest and (kills >= MOST_KILLS or time.monotonic() >= end)

    with at_work(carriers):
        while not enough():
            # Right after it answers again it has most to do.
            time.sleep(chance.choice((0.05, 0.2, 0.5, 1)) * chance.random())
            server.kill()
            kills += 1
            server.start()
    accepted = prove(server, carriers)
    cut = sum(carrier.line.cut for carrier in carriers)
    assert cut > 0, "every kill came between two pushes: that was no test"
    what = f"seed {seed}: server killed {kills} times in {pushes(carriers)} pushes, {cut} cut off"
    told(tell, what, carriers, accepted)


def test_a_worker_alone_is_killed(server: Server, tell: Callable[[str], None]) -> None:
    carriers = set_up(server)
    count, chance = len(server.workers()), random.Random(8)
    with at_work(carriers):
        for _ in range(WORKER_KILLS):
            victim = chance.choice(server.workers())
            time.sleep(chance.random() / 2)
            os.kill(victim, signal.SIGKILL)
            wait_for(lambda gone=victim: replaced(server, gone, count), 30, "a new worker")
            wait_for(server.healthy, 30, "an answer after a worker's death")
    told(tell, f"workers killed {WORKER_KILLS} times", carriers, prove(server, carriers))


def pushes(carriers: list[Carrier]) -> int:
    """The requests with entries in them that reached a server, answered or not."""
    return sum(carrier.line.pushes for carrier in carriers)


def replaced(server: Server, gone: int, count: int) -> bool:
    """Whether a killed worker has gone and as many as before are there."""
    workers = server.workers()
    return gone not in workers and len(workers) == count


def told(tell: Callable[[str], None], what: str, carriers: list[Carrier], accepted: int) -> None:
    failures = sum(carrier.failures for carrier in carriers)
    assert failures > 0, "nobody noticed anything: that was no test"
    tell(f"{what}: {accepted} operations from {len(carriers)} phones, {failures} syncs failed")
