"""A run: many things happen, then all calms down, then everything is checked."""

import atexit
from collections.abc import Callable
from functools import cache

from server.db import rows_of
from server.demo.phone import Phone
from tests.simulation.checks import check, check_admissions, settle, until_quiet
from tests.simulation.deeds import both_change, deed
from tests.simulation.handovers import (
    RESTORES,
    days_pass,
    decide,
    hand_over,
    stand_in,
    stand_in_somewhere,
)
from tests.simulation.locked_out import lock_out
from tests.simulation.office import Office
from tests.simulation.standing_in import Wrong
from tests.simulation.world import DAY, MINUTE, SECOND, YEAR, Held, World, seeded

STEPS = (40, 140)
"""So many things happen in a run, at least and at most."""

HANDED_OVER = 0.25
"""How often something about a handed case happens besides, where somebody stands in."""

OFFSETS = (0, 0, 0, 90 * SECOND, -90 * SECOND, DAY, -DAY, YEAR, -YEAR)


Kinds = dict[str, tuple[int, Callable[[World, Held], object]]]
"""What happens, how often, and how."""


class Failed(AssertionError):
    """A run went wrong; the text says how to play it again."""


@cache
def office(kind: str) -> Office:
    """This process's office on one kind of database; gone from the disk with the process."""
    made = Office(kind)
    atexit.register(made.close)
    return made


def run(
    seed: int, trace: Callable[[str], None] = lambda _: None, kind: str = "sqlite"
) -> dict[str, int]:
    """Play one run on one kind of database; how often what happened. Raises Failed."""
    world = World(office(kind), seed, trace)
    try:
        with seeded(world):
            play(world)
    except Wrong as wrong:
        raise Failed(f"seed {seed}: {wrong}\n{replay(seed, kind)}") from wrong
    except Exception as problem:
        raise Failed(f"seed {seed}: {problem!r}\n{replay(seed, kind)}") from problem
    finally:
        world.close()
    return world.ledger.counts


def replay(seed: int, kind: str) -> str:
    """The command that plays this run again, every step told."""
    command = f".venv/bin/python -m tests.simulation --seed {seed} --database {kind}"
    return f"again, step by step: {command}"


def play(world: World) -> None:
    """The whole course of a run."""
    set_out(world)
    world.trace(f"{', '.join(held.name for held in world.held)}; {world.weather}")
    for number in range(world.chance.randint(*STEPS)):
        world.office.clock.now += world.chance.choice((0, 1, SECOND, MINUTE, 20 * MINUTE))
        step(world, number, KINDS)
        if world.chance.random() < HANDED_OVER and first_of(world, "paul"):
            step(world, number, HANDOVERS)
    world.calm_down()
    until_quiet(world)
    check_admissions(world)
    answer_admission(world)
    settle(world)
    check(world)
    world.trace(f"counts: {dict(sorted(world.ledger.counts.items()))}")


def set_out(world: World) -> None:
    """Two to four phones of two people, now and then somebody else's too."""
    world.hand_out("anna")
    world.hand_out("ben")
    for name in ("anna", "ben", "nora", "paul", "paul", "zoe"):
        if world.chance.random() < 0.35:
            world.hand_out(name)
    for held in world.held:
        held.offset = world.chance.choice(OFFSETS)
        world.sync(held)


def step(world: World, number: int, kinds: Kinds) -> None:
    """One thing happens."""
    # Paul's other phones are busy with what was handed to him only.
    paul = first_of(world, "paul")
    busy = [one for one in world.held if one.member.name != "paul" or one is paul]
    held = world.chance.choice(busy)
    kind = world.chance.choices(list(kinds), [weight for weight, _ in kinds.values()])[0]
    world.trace(f"{number:3} {kind}: {held.name}")
    world.ledger.counts[kind] += 1
    kinds[kind][1](world, held)


def one_deed(world: World, held: Held) -> None:
    """What this person does, by her role."""
    (stand_in if held.member.name == "paul" else deed)(world, held)


def both(world: World, held: Held) -> None:
    """Two people write over the same words."""
    other = world.chance.choice(world.held)
    if other.member.user != held.member.user:
        both_change(world, held, other)


def set_clock(world: World, held: Held) -> None:
    """The phone's clock is set, right or wrong."""
    held.offset = world.chance.choice(OFFSETS)


def set_server_clock(world: World, _: Held) -> None:
    """The server's clock is set back."""
    world.office.clock.now -= world.chance.choice((SECOND, 3 * MINUTE, 60 * MINUTE))


def clone(world: World, held: Held) -> None:
    """The phone is copied, at most twice in a run; both write over the same words at once."""
    copies = sum("copied" in one.name for one in world.held)
    if copies < 2 and held.store.device not in world.ledger.locked:
        both_change(world, held, world.clone(held))


def admit(world: World, _: Held) -> None:
    """Anna and Nora compare numbers; what got lost on the way is said again another time."""
    nora, anna = (first_of(world, name) for name in ("nora", "anna"))
    if nora and anna and not world.may_see(nora.member) and anna.phone.team_keys():
        if world.chance.random() < 0.5:
            world.back_up()
        vouch(world, anna, nora, with_keys=True)
        if world.may_see(nora.member):
            world.admitted.append(nora.member)
            # A backup comes back that may not know of it.
            if world.chance.random() < 0.3:
                restore(world, anna)
    answer_admission(world)


def answer_admission(world: World) -> None:
    """Once she is admitted, Nora says the same of Anna: without it she trusts nobody."""
    nora, anna = (first_of(world, name) for name in ("nora", "anna"))
    if nora and anna and world.may_see(nora.member):
        vouch(world, nora, anna)


def vouch(world: World, one: Held, other: Held, with_keys: bool = False) -> None:
    """One says who the other is, by the server's time: a wrong clock's word would be refused."""

    def work(phone: Phone) -> None:
        phone.sync()
        phone.vouch(other.phone, phone.team_keys() if with_keys else ())

    world.meet(one, work)


def first_of(world: World, name: str) -> Held | None:
    return next((held for held in world.held if held.member.name == name), None)


def restore(world: World, _: Held) -> None:
    """The server is restored from an older state; never too often in a run."""
    if world.restores < RESTORES:
        world.restore()


def erase(world: World, _: Held) -> None:
    """One of our team's cases is erased for good; at most twice in a run."""
    team = world.office.members["anna"].team
    cases = rows_of("SELECT id FROM client_case WHERE team = ? ORDER BY id", (team,))
    if cases and len({one.at for one in world.erasures}) < 2:
        world.erase(team, world.chance.choice(cases)[0])


KINDS: Kinds = {
    "deed": (50, one_deed),
    "sync": (22, World.sync),
    "send some": (8, World.send_some),
    "both": (7, both),
    "late": (4, lambda world, _: world.deliver_late()),
    "clock": (3, set_clock),
    "server clock": (1, set_server_clock),
    "phone restart": (3, World.restart),
    "server restart": (2, lambda world, _: world.engine.restart()),
    "clone": (1, clone),
    "fresh phone": (1, lambda world, held: world.hand_out(held.member.name)),
    "admission": (3, admit),
    "backup": (2, lambda world, _: world.back_up()),
    "restore": (1, restore),
    "erasure": (1, erase),
    "lock out": (2, lock_out),
}
"""What happens in a run, and how often."""

HANDOVERS: Kinds = {
    "hand over": (6, hand_over),
    "stand in": (9, stand_in_somewhere),
    "decide": (5, decide),
    "days pass": (3, days_pass),
}
"""What happens about handed cases."""
