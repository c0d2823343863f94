"""A backup is taken while everybody works, the server goes on, dies and is restored: nothing of
what the phones know is lost, and what was erased stays erased."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from server.access import wall_clock
from server.backup_file import name_at
from server.demo.store import Answered
from tests.fault.field import PASSWORD, Carrier, at_work, set_up
from tests.fault.processes import Server
from tests.fault.proof import prove
from tests.loopback import wait_for

pytestmark = pytest.mark.fault

BACKUPS = 3
AHEAD = 60
"""So many more operations are accepted after the last backup, at least."""


def test_restored_from_a_backup_under_load(server: Server, tell: Callable[[str], None]) -> None:
    carriers = set_up(server)
    with at_work(carriers):
        paths = [back_up(server, carriers) for _ in range(BACKUPS)]
        went_on = accepted(carriers) + AHEAD
        wait_for(lambda: accepted(carriers) >= went_on, 120, "everybody to work on")
    before = accepted(carriers)
    running = server.refused("restore", "--replace", str(paths[-1]))
    assert "läuft noch ein Server" in running
    server.kill()
    said = server.command("restore", "--replace", str(paths[-1]))
    assert "Alle melden sich auf ihrem Telefon einmal neu an" in said
    server.start()
    for carrier in carriers:
        carrier.phone.sign_in_with(PASSWORD)
    count = prove(server, carriers, restored=True)
    assert count >= before
    tell(f"{BACKUPS} backups under load; restored, {count} operations are there again")


def back_up(server: Server, carriers: Sequence[Carrier]) -> Path:
    """A backup taken while more is accepted before and after it."""
    more = accepted(carriers) + 10
    wait_for(lambda: accepted(carriers) >= more, 60, "everybody to be at work")
    # A backup is named by its second, and two of one second are refused.
    made = {path.name for path in server.data.rglob("zuzweit-*.zip")}
    wait_for(lambda: name_at(wall_clock()) not in made, 5, "another second")
    return Path(server.command("backup").strip())


def accepted(carriers: Sequence[Carrier]) -> int:
    """The operations that phones know to be accepted."""
    sent: list[Answered] = [
        one for carrier in carriers for one in carrier.phone.store.sent.values()
    ]
    return sum(one.send.kind == "operation" for one in sent)
