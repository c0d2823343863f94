"""Whatever is sent to the server: an answer in the one shape, no 5xx, no hang, bounded memory."""

import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from server import (
    fetching,
    held,
    invitations,
    membership,
    password_change,
    recovery,
    remembered,
    sign_in,
)
from server.access import wall_clock
from server.app import create_app
from server.config import Config
from server.demo.phone import Phone
from server.demo.wires import Answer, Http
from server.sync_endpoint import SyncRequest
from sync.codes import ERRORS
from tests.fault.field import PASSWORD, another_phone, hang_up, set_up
from tests.fault.processes import Server
from tests.fault.proof import come_home, spelled_rows
from tests.simulation.model import difference

pytestmark = pytest.mark.fault

SHARE = 0.05
"""Of the time of `make fault`, for each of the two."""
MOST_SECONDS = 10.0
"""An answer that takes longer hangs."""
MOST_GROWTH_MB = 80
"""By so much the server's processes may have grown together."""

EVERY_CHECK: Any = list(HealthCheck)

BODIES: dict[str, type[msgspec.Struct] | None] = {
    "/api/sync": SyncRequest,
    "/api/cases": fetching.CasesBody,
    "/api/held": held.Decision,
    "/api/surrender": SyncRequest,
    "/api/invitation/open": invitations.OpenBody,
    "/api/invitation/accept": invitations.AcceptBody,
    "/api/statements": membership.StatementsBody,
    "/api/epochs": membership.EpochsBody,
    "/api/remembered": remembered.RememberedBody,
    "/api/login/parameters": sign_in.ParametersBody,
    "/api/login": sign_in.LoginBody,
    "/api/password": password_change.PasswordBody,
    "/api/recovery": recovery.SheetBody,
    "/api/recovery/use": recovery.RecoverBody,
    "/api/devices": sign_in.NewDevice,
    "/api/logout": None,
}
"""What each endpoint takes. Nothing is sent to the one that ends the session of all others."""


def test_every_endpoint_stands_here(tmp_path: Path) -> None:
    app = create_app(Config(data_dir=tmp_path))
    posted = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.rule.startswith("/api")
    }
    assert posted == BODIES.keys()


class Sender:
    """A signed-in phone of Anna's that belongs to nobody at work, and what came back to it."""

    def __init__(self, server: Server) -> None:
        self.wire = Http(server.address, MOST_SECONDS)
        self.phone = Phone(self.wire, "anna")
        self.phone.sign_in_with(PASSWORD)
        self.phone.sync()
        self.answers: Counter[int] = Counter()

    def send(self, path: str, data: bytes) -> Answer:
        """One POST; AssertionError for a 5xx, a hang, or an answer of another shape."""
        begin = time.monotonic()
        answer = self.wire.ask("POST", path, data)
        assert time.monotonic() - begin < MOST_SECONDS
        self.answers[answer.status] += 1
        shown = f"{path} {data[:300]!r} → {answer.status} {answer.data[:300]!r}"
        assert answer.status < 500, shown
        for cookie in answer.cookies:
            self.wire.cookie = cookie.split(";")[0]
        read = json.loads(answer.data)
        self.wire.token = read.get("csrf", self.wire.token)
        if answer.status >= 400:
            assert read.keys() == {"code", "field", "message"}, shown
            assert read["code"] in ERRORS, shown
        return answer

    def told(self) -> str:
        """How often each status came."""
        return ", ".join(f"{times} × {status}" for status, times in sorted(self.answers.items()))


@pytest.fixture
def sender(server: Server) -> Iterator[Sender]:
    """A phone that sends nonsense beside people at work; for them all must be as before."""
    carriers = set_up(server)
    for carrier in carriers:
        for number in range(10):
            carrier.phone.create_case({"kind": "handover", "name": f"{carrier.name} {number}"})
    come_home(carriers)
    rows = spelled_rows(carriers[0].phone)
    fresh = another_phone(server, "ben")
    # A server hangs up on whoever is silent for long.
    hang_up(fresh)
    sender = Sender(server)
    before = memory_mb(server)
    try:
        yield sender
    finally:
        for phone in (sender.phone, *(carrier.phone for carrier in carriers)):
            hang_up(phone)
    assert server.healthy()
    assert memory_mb(server) - before < MOST_GROWTH_MB
    come_home(carriers)
    fresh.sync()
    phones = [fresh, *(carrier.phone for carrier in carriers)]
    for phone in phones:
        now = spelled_rows(phone)
        assert difference(now, spelled_rows(fresh)) is None
        assert {place: now[place] for place in rows} == rows
    for phone in phones:
        hang_up(phone)


def test_bodies_made_from_the_schema(
    sender: Sender, tell: Callable[[str], None], seconds: float
) -> None:
    end = time.monotonic() + seconds * SHARE
    api = schemathesis.openapi.from_dict(openapi())
    operations = [api[path]["POST"] for path, body in BODIES.items() if body is not None]
    rounds = 0
    while rounds < 2 or time.monotonic() < end:
        rounds += 1
        for operation in operations:
            fuzz(operation.as_strategy(), sender, rounds)
    tell(f"bodies from the schema: {sender.told()}")
    assert sender.wire("/api/session", None)["signed_in"], "most of it went to somebody signed out"
    assert sum(sender.answers.values()) > 500


def fuzz(cases: st.SearchStrategy[Any], sender: Sender, seed: int) -> None:
    """Sends some of the bodies a strategy makes."""

    @seeded(seed)
    @settings(
        max_examples=60, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=EVERY_CHECK,
    )  # fmt: skip
    @given(cases)
    def each(case: Any) -> None:
        sender.send(case.path, json.dumps(case.body, default=str).encode("utf-8", "replace"))

    each()


def test_a_sync_with_bytes_and_values_changed(
    sender: Sender, tell: Callable[[str], None], seconds: float
) -> None:
    good = json.loads(a_sync(sender.phone))
    numbers = count(sender.phone.store.next_n)
    chance, end = random.Random(3), time.monotonic() + seconds * SHARE
    while sum(sender.answers.values()) < 300 or time.monotonic() < end:
        for send in good["envelopes"] + good["operations"]:
            send["n"] = next(numbers)
        data = json.dumps(twisted(good, chance)).encode()
        sender.send("/api/sync", broken(data, chance) if chance.random() < 0.5 else data)
    # A small packed body that hides a huge one is never unpacked.
    assert sender.send("/api/sync", b" " * 50_000_000).status == 413
    assert sender.send("/api/sync", b"[" * 200_000).status == 400
    tell(f"a sync changed at random: {sender.told()}")
    assert sender.answers[200] > 50


def a_sync(phone: Phone) -> str:
    """The text of a sync with new rows in it, not sent yet."""
    case = phone.create_case({"kind": "handover", "name": "Wer auch", "situation": "Neu"})
    phone.create("visit", {"case": case, "verbis_open": True, "observation": "Gesehen"})
    return phone.store.request(phone.store.outbox, 100, wall_clock())


ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 2**53, 2**70, 1e308, "", "\x00", "\ud800", "ü" * 300, "A" * 5000, [],
    {}, [[[[]]]], {"a": {"b": {}}}, "0" * 32, "f" * 48, "2026-02-30", "__proto__", ["x"] * 600,
)  # fmt: skip


def twisted(good: Any, chance: random.Random) -> Any:
    """A copy with a few parts replaced, removed, doubled or renamed."""
    message = json.loads(json.dumps(good))
    for _ in range(chance.randint(1, 4)):
        place = chance.choice(list(containers(message)))
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            continue
        key = chance.choice(keys)
        match chance.randrange(4):
            case 0:
                place[key] = chance.choice(ODD)
            case 1:
                del place[key]
            case 2 if isinstance(place, dict):
                place[chance.choice(("columns", "n", "Ä", "set", "stamp", str(key)))] = place[key]
            case _ if isinstance(place, list):
                place.append(place[key])
            case _:
                place[key] = [place[key]]
    return message


def containers(value: Any) -> Iterator[Any]:
    """All objects and lists in a JSON value, itself first."""
    if isinstance(value, dict | list):
        yield value
        for part in value.values() if isinstance(value, dict) else value:
            yield from containers(part)


def broken(data: bytes, chance: random.Random) -> bytes:
    """Bytes cut, turned, doubled or put in."""
    raw = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(raw))
        match chance.randrange(4):
            case 0:
                raw[place] ^= 1 << chance.randrange(8)
            case 1:
                del raw[place : place + chance.randint(1, 40)]
            case 2:
                raw[place:place] = chance.randbytes(chance.randint(1, 8))
            case _:
                raw[place:place] = raw[place : place + chance.randint(1, 200)]
        if not raw:
            break
    return bytes(raw)


def openapi() -> dict[str, Any]:
    """The endpoints and their bodies, from the types that read them."""
    bodies = {path: body for path, body in BODIES.items() if body is not None}
    shapes, components = msgspec.json.schema_components(
        bodies.values(), ref_template="#/components/schemas/{name}"
    )
    paths = {
        path: {
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": one}}},
                "responses": {"200": {"description": "done"}},
            }
        }
        for path, one in zip(bodies, shapes, strict=True)
    }
    api = {
        "openapi": "3.1.0",
        "info": {"title": "Zuzweit", "version": "1"},
        "paths": paths,
        "components": {"schemas": components},
    }
    # Where Python says `\\Z`, a schema says `$`.
    return json.loads(re.sub(r"\\\\Z", "$", json.dumps(api)))


def memory_mb(server: Server) -> float:
    """What the server's processes hold together, shared pages once."""
    assert server.process is not None
    pids = (server.process.pid, *server.workers())
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return sum(int(re.findall(r"^Pss: +(\d+) kB$", text, re.MULTILINE)[0]) for text in texts) / 1000
