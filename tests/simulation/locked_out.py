"""Phones the office has locked out: at its next contact each gives up what it had not sent, learns
nothing, and wipes itself. Its person goes on with another one."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from server import devices
from server.db import rows_of
from server.demo.phone import Phone
from server.demo.store import Send, new_store
from server.demo.wires import WireProblem
from tests.simulation.fates import PARENT
from tests.simulation.standing_in import Wrong
from tests.simulation.weather import PhoneKilled

if TYPE_CHECKING:
    from tests.simulation.world import Held, World

MOST = 2
"""So many phones are locked out in a run, at most."""


def lock_out(world: "World", _: "Held") -> None:
    """The office locks somebody's phone out."""
    phones = [held for held in world.held if _may_be_lost(world, held)]
    if not phones or len(world.ledger.locked) >= MOST:
        return
    lost = world.chance.choice(phones)
    world.trace(f"    {lost.name} is locked out")
    assert devices.lock_out(lost.store.device, None, now=world.office.clock.now)
    world.ledger.locked.add(lost.store.device)
    back_up_anew(world)


def back_up_anew(world: "World") -> None:
    """No older backup is taken back any more: nobody has what a wiped phone would bring again."""
    if world.backup is not None:
        world.back_up()


def _may_be_lost(world: "World", held: "Held") -> bool:
    """Its person has another phone; of two copies one would give up under the other's numbers; and
    what it still has to bring back to a restored server would be lost with it."""
    name, store = held.member.name, held.store
    others = sum(one.member.name == name for one in world.held) - 1 + len(world.spare[name])
    copied = "copied" in held.name or any(
        one.name.startswith(f"{held.name},") for one in world.held
    )
    back = store.log_id in {None, rows_of("SELECT log_id FROM log")[0][0]}
    waits = store.spent or store.remembered or any(send.earlier for send in store.outbox)
    locked = store.device in world.ledger.locked
    return others > 0 and back and not copied and not waits and not locked


def surrender(world: "World", held: "Held") -> None:
    """Gives up what waits, in pieces as small as they come, and then says that it was all.

    Raises WireProblem when the phone does not hear it; then it begins anew another time.
    """
    phone, most = held.phone, world.chance.choice((1, 2, 3, 7, 50))
    waiting = list(phone.store.outbox)
    while waiting:
        batch = waiting[:most]
        try:
            _give(phone, batch)
        except WireProblem as problem:
            if problem.status != 413:
                raise
            most = max(1, len(batch) // 2)
        else:
            waiting = waiting[len(batch) :]
        if world.happens("phone_killed"):
            raise PhoneKilled
    if not _has_surrendered(phone.store.device):
        held.closed_at = min(held.closed_at or phone.store.next_key, phone.store.next_key)
    _give(phone, [])


def _give(phone: Phone, batch: Sequence[Send]) -> None:
    answer = phone.wire("/api/surrender", phone.store.request(batch, 1, phone.clock()))
    if answer.keys() != {"verdicts"}:
        raise Wrong(f"a phone that is locked out was told {answer}")


def wipe(world: "World", held: "Held") -> None:
    """The phone has heard that all is taken, and is emptied. What becomes of it is checked."""
    store = held.store
    for send in store.outbox:
        _check_given_up(world, held, send)
    sent = [one.send for at in (store.sent, store.tray, store.held) for one in at.values()]
    world.wiped_rows |= {send.row for send in (*store.outbox, *sent)}
    world.ledger.counts["wiped"] += 1
    world.held = [one for one in world.held if one is not held]
    held.phone.store, held.phone.keys = new_store(store.device), {}
    back_up_anew(world)
    world.hand_out(held.member.name)


def _check_given_up(world: "World", held: "Held", send: Send) -> None:
    """It is kept aside, or was merged before the lock, or is refused for a reason."""
    fate = world.written[send.rest]
    verdict = world.ledger.verdicts.get(
        (held.store.device, send.n, sha256(send.text.encode()).digest())
    )
    if verdict is None:
        # Written after the phone had said that nothing follows, or not to be accepted anyway.
        if not (fate.must or world.restores or send.key >= (held.closed_at or send.key + 1)):
            raise Wrong(f"{held.name} is wiped, and nobody has {send.text}")
        world.ledger.counts["lost with a phone"] += not fate.must
        return
    world.ledger.counts[f"given up, {verdict['verdict']}"] += send.kind == "operation"
    if verdict["verdict"] != "refused":
        if fate.must:
            raise Wrong(f"{held.name}: {verdict} on what must not be taken: {send.text}")
        return
    codes = fate.codes | (set(PARENT) if world.restores else set())
    erased = {one.id for one in world.erasures} & {send.row, world.below.get(send.row)}
    if verdict["code"] not in codes | ({"erased"} if erased else set()):
        raise Wrong(f"{held.name}: refused: {verdict} {send.text}")
    if verdict["code"] in PARENT and not fate.must and _is_there(send, held):
        raise Wrong(f"{held.name}: {verdict}, but what it hangs on is there: {send.text}")


def _is_there(send: Send, held: "Held") -> bool:
    """Whether what a send hangs on is stored, or kept aside as well; to somebody who stands in,
    only what was handed to her is there."""
    case = send.body.get("set", {}).get("case")
    table, row = ("client_case", case) if case else send.place
    if case and held.member.role != "ab_pap" and not _was_handed(case, held.phone.user):
        return False
    stored = rows_of(f'SELECT 1 FROM "{table}" WHERE id = ?', (row,))
    return bool(stored or rows_of("SELECT 1 FROM held WHERE row = ? AND decision IS NULL", (row,)))


def _was_handed(case: str, user: str) -> bool:
    return bool(rows_of('SELECT 1 FROM handed_case WHERE "case" = ? AND deputy = ?', (case, user)))


def _has_surrendered(device: str) -> bool:
    [(at,)] = rows_of("SELECT surrendered_at FROM device WHERE id = ?", (device,))
    return at is not None


def check_locked_out(world: "World") -> None:
    """Whoever was locked out has given up everything, and is nowhere any more."""
    for device in sorted(world.ledger.locked):
        if not _has_surrendered(device):
            raise Wrong(f"{device} is locked out and has not given up what it had")
        if any(held.store.device == device for held in world.held):
            raise Wrong(f"{device} is locked out and has not wiped itself")
