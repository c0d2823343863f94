"""After a fault: everything acknowledged is there exactly once, and everybody has the same."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256
from random import Random
from typing import Any

from server.demo.phone import Phone
from server.demo.store import Answered
from tests.fault.field import Carrier, another_phone, hang_up
from tests.fault.processes import Server
from tests.loopback import wait_for
from tests.simulation.ledger import Accepted
from tests.simulation.model import RowId, Rows, described, difference, given_by, missing, spelled


def prove(server: Server, carriers: Sequence[Carrier], restored: bool = False) -> int:
    """Everybody comes home, then everything is compared; how many operations were accepted.

    After a restore each phone has another number, and what the backup knew has the old ones too.
    Ends the server. AssertionError says what is lost, doubled or different.
    """
    come_home(carriers)
    fresh = another_phone(server, "anna")
    fresh.sync(97)
    for phone in (fresh, *(carrier.phone for carrier in carriers)):
        hang_up(phone)
    assert server.terminate() == 0
    phones = [carrier.phone for carrier in carriers]
    for phone in phones:
        check_places(phone)
    with closing(sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        check_verdicts(db, phones, restored)
        return check_rows(db, phones, fresh)


ROUNDS = 5
"""After a restore a write waits in the first for the row another phone brings back, travels in the
second and is heard of in the third; one more shows that nothing is left to say."""


def come_home(carriers: Sequence[Carrier]) -> None:
    """Everybody synchronises in turn, until a whole round changes nothing on any phone."""
    waiting: list[str] = []
    for _ in range(ROUNDS):
        before = [carrier.phone.store.rows for carrier in carriers]
        for carrier in carriers:
            wait_for(carrier.sync, 60, f"{carrier.name} to reach the server")
        waiting = [carrier.name for carrier in carriers if carrier.phone.store.outbox]
        if not waiting and before == [carrier.phone.store.rows for carrier in carriers]:
            return
    raise AssertionError(f"not quiet after {ROUNDS} rounds; something waits at: {waiting}")


def check_places(phone: Phone) -> None:
    """Nothing waits, nothing was refused, and every send was accepted."""
    store = phone.store
    assert not store.outbox, [send.text for send in store.outbox]
    assert not store.tray, [one.verdict for one in store.tray.values()]
    assert sorted(store.sent) == list(range(1, store.next_key))


def check_verdicts(db: sqlite3.Connection, phones: Sequence[Phone], restored: bool) -> None:
    """The server knows every send under its number and its bytes, and no other one."""
    stored = {
        (device, n): (digest, verdict)
        for device, n, digest, verdict in db.execute(
            "SELECT device, n, sha256, verdict FROM verdict"
        )
    }
    devices = {phone.store.device for phone in phones}
    if restored:
        stored = {sent: said for sent, said in stored.items() if sent[0] in devices}
    known = {
        (phone.store.device, one.send.n): (sha256(one.send.text.encode()).digest(), "accepted")
        for phone in phones
        for one in phone.store.sent.values()
    }
    assert stored == known


def check_rows(db: sqlite3.Connection, phones: Sequence[Phone], fresh: Phone) -> int:
    """Phones, server and what was accepted agree; how many operations it was."""
    served = spelled_rows(fresh)
    accepted = [
        accepted_as(phone, one)
        for phone in phones
        for one in phone.store.sent.values()
        if one.send.kind == "operation"
    ]
    model = described(accepted, given_by(served), Random(1))
    assert difference(served, model) is None, difference(served, model)
    missing(accepted, served, _history(db))
    for phone in (*phones, fresh):
        differs = difference(spelled_rows(phone), served)
        assert differs is None, f"{phone.name}: {differs}"
        for table, row in served:
            phone.read(table, row)
    return len(accepted)


def spelled_rows(phone: Phone) -> Rows:
    """A phone's rows in their one spelling."""
    return {place: spelled(row) for place, row in phone.store.rows.items()}


def accepted_as(phone: Phone, one: Answered) -> Accepted:
    """A send and its verdict as the model wants it."""
    return Accepted(json.loads(one.send.text), phone.user, phone.profile["team"], one.effective)


def _history(db: sqlite3.Connection) -> dict[RowId, list[dict[str, Any]]]:
    history: dict[RowId, list[dict[str, Any]]] = defaultdict(list)
    names = ("column", "value", "claimed", "effective", "author")
    for table, row, column, value, *stamps in db.execute(
        'SELECT "table", row, "column", value, claimed, effective, author FROM history'
    ):
        item = (column, json.loads(value), *stamps)
        history[table, row].append(dict(zip(names, item, strict=True)))
    return history
