"""Guessing a password against real processes: what one counts, the other knows."""

import json
import sqlite3
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.cookiejar import CookieJar

import pytest

from server.slow_down import FREE_FAILURES
from tests.fault.processes import Server
from tests.loopback import wait_for

pytestmark = pytest.mark.fault

GUESSERS = 16


class Guesser:
    """Somebody with a browser of her own and no password."""

    def __init__(self, server: Server):
        self._address = server.address
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        ).open
        with self._open(f"{self._address}/api/session", timeout=30) as answer:
            self._token = json.load(answer)["csrf"]

    def guess(self) -> str:
        """One wrong password for the account; the code of the answer."""
        body = {
            "name": "admin",
            "login_key": "A" * 43,
            "device": {"id": "1" * 32, "label": ""},
        }
        request = urllib.request.Request(
            f"{self._address}/api/login",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "X-CSRFToken": self._token},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            self._open(request, timeout=30)
        with refused.value as answer:
            return json.load(answer)["code"]


def test_all_processes_count_together(
    make_server: Callable[..., Server], tell: Callable[[str], None]
) -> None:
    servers = [make_server() for _ in range(2)]
    servers[0].command("init", "--team", "Probe", "--name", "admin", "--display-name", "Admin")
    for server in servers:
        server.start()
        wait_for(lambda server=server: len(server.workers()) == 2, 30, "both processes of each")
    guessers = [Guesser(servers[number % 2]) for number in range(GUESSERS)]
    with ThreadPoolExecutor(GUESSERS) as pool:
        codes = Counter(pool.map(Guesser.guess, guessers))
    # Each server alone would have let as many pass.
    assert codes["wrong_sign_in"] == FREE_FAILURES["name"]
    assert codes["too_many_attempts"] == GUESSERS - FREE_FAILURES["name"]
    with closing(sqlite3.connect(servers[0].database)) as db:
        counted = db.execute("SELECT sum(refused) FROM refused_sign_in").fetchone()
    assert counted == (GUESSERS - FREE_FAILURES["name"],)
    tell(f"{GUESSERS} guesses at once on {len(servers)} servers of 2 processes: {dict(codes)}")
