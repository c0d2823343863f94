"""How much of the machine others take meanwhile: a figure taken beside them says little."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench.figures import Figure

CALM = 0.1
"""Up to this share of the processors taken by others, a figure counts as undisturbed."""
PATIENCE_SECONDS = 8
LOOK_SECONDS = 0.4
ATTEMPTS = 3

TICKS = os.sysconf("SC_CLK_TCK")


class Others(threading.Thread):
    """Watches, from its making on, what programs beside this one and its children take.

    It looks again and again: a browser's processes are nobody's children once it has ended.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._begin, self._busy = time.monotonic(), _busy_seconds()
        self._before = _our_processes()
        self._last = dict(self._before)
        self._enough = threading.Event()
        self.start()

    def run(self) -> None:
        """Keep the newest count of every process that was ever ours."""
        while not self._enough.wait(LOOK_SECONDS):
            self._last |= _our_processes()

    def share(self) -> float:
        """The share of all processors they took until now, 0 to 1; the watch ends."""
        self._enough.set()
        self.join()
        self._last |= _our_processes()
        available = (time.monotonic() - self._begin) * (os.cpu_count() or 1)
        ours = sum(self._last.values()) - sum(self._before.values())
        return min(1.0, max(0.0, (_busy_seconds() - self._busy - ours) / available))


def calmest(
    name: str, measure: Callable[[], Iterable[Figure]], seconds_left: Callable[[], float]
) -> list[Figure]:
    """The figures, measured again when others disturbed them and there is time for it."""
    attempts: list[tuple[float, list[Figure]]] = []
    begin = time.monotonic()
    while True:
        _wait_for_calm()
        others = Others()
        figures = list(measure())
        attempts.append((others.share(), figures))
        share, figures = min(attempts, key=lambda attempt: attempt[0])
        taken = (time.monotonic() - begin) / len(attempts)
        if share <= CALM or len(attempts) == ATTEMPTS or seconds_left() < taken:
            return [*_state(name, share), *figures]


def _wait_for_calm() -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        others = Others()
        time.sleep(LOOK_SECONDS)
        if others.share() <= CALM:
            return


def _state(name: str, share: float) -> list[Figure]:
    return [
        Figure(f"{name}: processors taken by others meanwhile", share * 100, "%"),
        Figure(f"{name}: load of the last minute", os.getloadavg()[0], "ready"),
    ]


def _busy_seconds() -> float:
    """Of all processors together since the machine started; waiting for a disk is not busy."""
    user, nice, system, _, _, interrupts, soft, stolen = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + interrupts + soft + stolen) / TICKS


def _our_processes() -> dict[tuple[int, str], float]:
    """Seconds of this process and of each below it, by number and time of its start."""
    parents: dict[int, int] = {}
    seconds: dict[tuple[int, str], float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # It has just ended.
            continue
        number = int(stat.parent.name)
        parents[number] = int(fields[1])
        seconds[number, fields[19]] = sum(map(int, fields[11:13])) / TICKS
    return {process: spent for process, spent in seconds.items() if _is_ours(process[0], parents)}


def _is_ours(number: int, parents: dict[int, int]) -> bool:
    while number in parents:
        if number == os.getpid():
            return True
        number = parents[number]
    return False
