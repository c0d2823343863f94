"""People at work on Python phones over HTTP, each in a thread, while things go wrong."""

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from server.demo.phone import Phone
from server.demo.wires import Answer, Http, WireProblem
from tests.fault.processes import Server

PASSWORD = "fünf Wörter für die Probe im Feld"
TOO_MANY_WAITING = 60
WHILE_THE_SERVER_IS_AWAY = {0, 500, 502, 503}
"""Statuses after which a phone keeps everything and tries again; 0: no answer at all."""


class Line(Http):
    """A phone's connection, with a count of the requests that had entries in them.

    `pushes` reached a server that was there; over `cut` of them it died before it answered.
    """

    pushes = cut = 0

    def ask(self, method: str, path: str, data: bytes) -> Answer:
        push = path == "/api/sync" and (b'"operations":[{' in data or b'"envelopes":[{' in data)
        try:
            answer = super().ask(method, path, data)
        except WireProblem as problem:
            if push and problem.code != ConnectionRefusedError.__name__:
                self.pushes, self.cut = self.pushes + 1, self.cut + 1
            raise
        self.pushes += push
        return answer


@dataclass
class Carrier:
    """Somebody with a phone: writes, and synchronises whenever the server is there."""

    name: str
    phone: Phone
    seed: int
    failures: int = 0
    problem: BaseException | None = None
    thread: threading.Thread | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def line(self) -> Line:
        """Its connection."""
        assert isinstance(self.phone.wire, Line)
        return self.phone.wire

    def begin(self) -> None:
        """Go to work."""
        self.stop.clear()
        self.thread = threading.Thread(target=self._work, name=self.name, daemon=True)
        self.thread.start()

    def end(self) -> None:
        """Stop working; raises what went wrong in the meantime."""
        self.stop.set()
        if self.thread is not None:
            self.thread.join(60)
            assert not self.thread.is_alive(), f"{self.name} does not stop"
        hang_up(self.phone)
        if self.problem is not None:
            raise self.problem

    def _work(self) -> None:
        chance = random.Random(self.seed)
        try:
            while not self.stop.wait(chance.random() / 50):
                if len(self.phone.store.outbox) < TOO_MANY_WAITING:
                    deed(self.phone, chance)
                if chance.random() < 0.6:
                    self.sync(chance.choice((20, 200)))
        except BaseException as problem:  # noqa: BLE001  It is raised again where the test waits.
            self.problem = problem

    def sync(self, limit: int = 500) -> bool:
        """Meet the server; False when it was away."""
        try:
            self.phone.sync(limit)
        except WireProblem as problem:
            if problem.status not in WHILE_THE_SERVER_IS_AWAY:
                raise
            self.failures += 1
            return False
        return True


def deed(phone: Phone, chance: random.Random) -> None:
    """A new case, a contact, or a change of words or of a day."""
    cases = [row for table, row in phone.store.rows if table == "client_case"]
    if len(cases) < 3 or chance.random() < 0.05:
        phone.create_case({"kind": "handover", "name": f"Person {chance.random()}"})
        return
    case = chance.choice(cases)
    match chance.randrange(3):
        case 0:
            words = {"observation": f"gesehen {chance.random()}", "outcome": "short_talk"}
            phone.create("visit", {"case": case, "verbis_open": True, **words})
        case 1:
            phone.write("client_case", case, {"situation": f"neu {chance.random()}"})
        case _:
            day = f"2026-0{chance.randint(1, 9)}-1{chance.randrange(9)}"
            phone.write("client_case", case, {"first_contact": day, "phone": str(chance.random())})


@contextmanager
def at_work(carriers: Sequence[Carrier]) -> Iterator[None]:
    """Everybody works meanwhile; afterwards everybody has stopped and nothing went wrong."""
    try:
        for carrier in carriers:
            carrier.begin()
        yield
    finally:
        for carrier in carriers:
            carrier.stop.set()
        for carrier in carriers:
            carrier.end()


def set_up(server: Server) -> list[Carrier]:
    """A running server's team of two people with two phones each."""
    server.command("init", "--team", "Probe", "--name", "admin", "--display-name", "Admin")
    tokens = {name: server.invite(name, "ab_pap") for name in ("anna", "ben")}
    server.start()
    first = {name: Phone(Line(server.address), name) for name in tokens}
    for name, token in tokens.items():
        first[name].accept(token, PASSWORD)
    first["anna"].found_team()
    first["anna"].admit(first["ben"])
    second = {name: another_phone(server, name) for name in tokens}
    phones = {"anna 1": first["anna"], "ben 1": first["ben"]}
    phones |= {"anna 2": second["anna"], "ben 2": second["ben"]}
    for phone in phones.values():
        phone.sync()
    return [Carrier(name, phone, seed) for seed, (name, phone) in enumerate(phones.items())]


def another_phone(server: Server, name: str) -> Phone:
    """One more phone of a person, signed in with her password, still empty."""
    phone = Phone(Line(server.address), name)
    phone.sign_in_with(PASSWORD)
    return phone


def hang_up(phone: Phone) -> None:
    """Close a phone's connection; the next request opens another."""
    assert isinstance(phone.wire, Http)
    phone.wire.close()
