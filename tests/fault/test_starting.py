"""Several starters at once on one folder: one sets up, nobody breaks anything."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.fault.processes import SECONDS_TO_START, Server
from tests.loopback import wait_for

pytestmark = pytest.mark.fault

STARTERS = 4


def test_four_set_up_an_empty_folder_at_once(
    make_server: Callable[..., Server], tell: Callable[[str], None]
) -> None:
    servers = [make_server() for _ in range(STARTERS)]
    person = ("--name", "admin", "--display-name", "Admin")
    running = [server.begin("init", "--team", "Probe", *person) for server in servers]
    codes = sorted(process.wait(SECONDS_TO_START) for process in running)
    assert codes == [0] + [1] * (STARTERS - 1)
    printed = (servers[0].data / "init.log").read_text()
    assert printed.count("/einladung#") == 1
    assert printed.count("Hier ist schon ein Team eingerichtet.") == STARTERS - 1
    assert "Traceback" not in printed

    for server in servers:
        server.process = server.begin("serve")
    for server in servers:
        wait_for(server.healthy, SECONDS_TO_START, "each server to answer")
    assert [server.terminate() for server in servers] == [0] * STARTERS
    with closing(sqlite3.connect(servers[0].database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("SELECT count(*) FROM team").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM log").fetchone() == (1,)
    tell(f"{STARTERS} starters at once: one team, one log, {STARTERS} servers that answer")
