"""Cases handed to Paul for some days, what he does with them, and what is decided about what he
sent too late."""

from server.instants import instant
from server.sealing import Person
from tests.simulation.deeds import (
    WORDS,
    delete,
    fate_below,
    new_visit,
    queue,
    queue_raw,
    reach_over,
    readable,
    visible,
    writable,
    write,
    write_some,
)
from tests.simulation.fates import PARENT, refused
from tests.simulation.standing_in import day_of
from tests.simulation.world import DAY, Held, World

DAYS = 5
"""So often in a run days pass at once, at most: phones keep what they sent for a month."""

RESTORES = 2
"""So often in a run the server is restored, at most."""

DECIDERS = ("anna", "ben")
"""Who decides about late work: no backup knows them as not admitted."""


def hand_over(world: World, held: Held) -> None:
    """An aB-pAp hands a case to Paul, or changes what was handed to him."""
    giver = _somebody(world, held, [one for one in world.held if _has_cases(one)])
    if giver is None:
        return
    handed = [place for place in readable(giver) if place[0] == "handed_case"]
    if handed and world.chance.random() < 0.4:
        change_handover(world, giver, world.chance.choice(handed)[1])
    else:
        hand_case(world, giver)
    # Now and then both see to it that it arrives.
    for one in (giver, *(other for other in world.held if other.member.name == "paul")):
        if world.chance.random() < 0.6:
            world.sync(one)


def hand_case(world: World, giver: Held) -> None:
    """One of the giver's cases for some days, from now or not."""
    paul = world.office.members["paul"]
    case = world.chance.choice(_cases(giver))
    starts, until = sorted((_day(world, (-2, -1, 0, 0, 0, 1)), _day(world, (0, 0, 1, 1, 2, 4))))
    values = {"case": case, "deputy": paul.user, "starts": starts, "until": until}
    values["note"] = world.chance.choice(WORDS)
    deputy = Person.of(paul.seed, paul.user, paul.team)
    queue(
        world,
        giver,
        lambda phone: phone.hand_over(case, deputy, starts, until, values["note"]),
        values,
        fate_below(giver, case),
    )


def change_handover(world: World, giver: Held, row: str) -> None:
    """It ends sooner or later, is taken back or given again, or says something else."""
    gone = instant(world.office.clock.now) if world.chance.random() < 0.5 else None
    values = world.chance.choice(
        (
            {"until": _day(world, (-1, 0, 1, 3))},
            {"until": _day(world, (-1, 0, 1, 3))},
            {"deleted_at": gone},
            {"note": world.chance.choice(WORDS)},
        )
    )
    write(world, giver, "handed_case", row, values)


def stand_in_somewhere(world: World, held: Held) -> None:
    """On a phone of Paul's, which meets the server before, or does not."""
    deputy = _somebody(world, held, [one for one in world.held if one.member.name == "paul"])
    if deputy is None:
        return
    if world.chance.random() < 0.5:
        world.sync(deputy)
    if not _cases(deputy) and world.chance.random() < 0.5:
        hand_over(world, held)
    for _ in range(world.chance.randint(1, 3) if _cases(deputy) else 1):
        stand_in(world, deputy)


def stand_in(world: World, held: Held) -> None:
    """One thing Paul does, with what his phone has let him keep."""
    held.phone.forget_ended()
    if not _cases(held):
        reach_over(world, held)
        return
    world.ledger.counts["stood in"] += 1
    own = writable(held)
    kinds = (new_visit, meddle, *((change_own, change_own, change_own, delete) if own else ()))
    world.chance.choice(kinds)(world, held)


def change_own(world: World, held: Held) -> None:
    """Some columns of a contact of his."""
    write_some(world, held, *world.chance.choice(writable(held)))


def meddle(world: World, held: Held) -> None:
    """He tries to change what is not his, as no phone of ours would."""
    others = [place for place in readable(held) if place not in writable(held)]
    table, row = world.chance.choice(others)
    values = {
        "client_case": {"closed": "2026-01-06"},
        "visit": {"contact_made": "2026-01-06"},
        "handed_case": {"until": "2030-01-01"},
    }[table]
    queue_raw(world, held, table, row, values, refused("role_may_not", *PARENT))


def days_pass(world: World, _: Held) -> None:
    """Nothing happens for a day or more, and handovers end."""
    if world.days < DAYS:
        world.days += 1
        world.office.clock.now += world.chance.choice((1, 1, 2, 3)) * DAY


def decide(world: World, held: Held) -> None:
    """An aB-pAp decides about what waits on one row, as far as her phone has heard of it."""
    # What waits is known to the backup, and his phone brings it back under another number.
    kept = any(one.store.held for one in world.held)
    if kept and world.restores < RESTORES and world.chance.random() < 0.3:
        world.back_up()
        world.restore()
    decider = _somebody(world, held, [one for one in world.held if one.member.name in DECIDERS])
    if decider and world.ledger.waiting and not _decides(decider):
        world.sync(decider)
    if decider and _decides(decider):
        rows = sorted({one["operation"]["row"] for one in decider.store.state["held"]})
        decide_about(world, decider, world.chance.choice(rows))


def decide_again(world: World) -> bool:
    """What an earlier log had merged, phones have seen: it is released again. Whether any was."""
    decider = next((one for one in world.held if _decides(one)), None)
    waiting = decider.store.state["held"] if decider else ()
    rows = sorted({one["operation"]["row"] for one in waiting} & _seen_rows(world))
    for row in rows:
        assert decider is not None
        decide_about(world, decider, row)
    return bool(rows)


def decide_about(world: World, decider: Held, row: str) -> None:
    """Release or discard it; what phones have seen already is never discarded."""
    release = row in _seen_rows(world) or world.chance.random() < 0.6
    decision = "released" if release else "discarded"
    world.trace(f"    {decider.name}: {row[-6:]} is {decision}")
    body = {"row": row, "decision": decision}
    world.meet(decider, lambda phone: phone.wire("/api/held", body))


def _seen_rows(world: World) -> set[str]:
    """The rows of late work of which some log has merged a part."""
    ledger = world.ledger
    return {one.op["row"] for deed, one in ledger.late.items() if deed in ledger.merged}


def _somebody(world: World, held: Held, those: list[Held]) -> Held | None:
    if held in those or not those:
        return held if those else None
    return world.chance.choice(those)


def _has_cases(held: Held) -> bool:
    return held.member.name in {"anna", "ben", "nora"} and bool(_cases(held))


def _decides(held: Held) -> bool:
    return held.member.name in DECIDERS and bool(held.store.state.get("held"))


def _cases(held: Held) -> list[str]:
    return [row for table, row in visible(held) if table == "client_case"]


def _day(world: World, choices: tuple[int, ...]) -> str:
    return day_of(world.office.clock.now + world.chance.choice(choices) * DAY)
