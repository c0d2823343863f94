"""The disk is full: nothing is acknowledged that is not there, and all goes on afterwards."""

from collections.abc import Callable

import pytest

from server.demo.wires import WireProblem
from sync.codes import ERRORS
from tests.fault.field import PASSWORD, Carrier, set_up
from tests.fault.processes import Server
from tests.fault.proof import prove

pytestmark = pytest.mark.fault


def test_a_full_disk(server: Server, tell: Callable[[str], None]) -> None:
    carriers = set_up(server)
    write_much(carriers, 20)
    for carrier in carriers:
        assert carrier.sync()
    lengths = {path: path.stat().st_size for path in server.data.iterdir()}
    # No file of the database may grow any further: the processes' limit stands for the disk's.
    server.limit_files(max(lengths[path] for path in lengths if "sqlite3" in path.name))
    write_much(carriers, 120)
    problems = [problem_of(carrier) for carrier in carriers for _ in range(2)]
    assert any(problems), "the disk was not full: that was no test"
    for problem in filter(None, problems):
        assert problem.status in {500, 503}
        assert ERRORS[problem.code][0] == problem.status
    waiting = sum(len(carrier.phone.store.outbox) for carrier in carriers)
    assert waiting > 0
    assert server.healthy(), "reading must go on"

    server.limit_files(-1)
    accepted = prove(server, carriers)
    tell(f"disk full: {waiting} entries waited, {accepted} operations are there afterwards")


def write_much(carriers: list[Carrier], count: int) -> None:
    """Everybody writes long words."""
    for carrier in carriers:
        words = {"kind": "handover", "name": carrier.name, "situation": PASSWORD * 50}
        for _ in range(count):
            carrier.phone.create_case(words)


def problem_of(carrier: Carrier) -> WireProblem | None:
    """What a sync of everything that waits ends with."""
    try:
        carrier.phone.sync()
    except WireProblem as problem:
        return problem
    return None
