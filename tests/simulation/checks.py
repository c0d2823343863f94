"""After a run: nothing is lost, everything is everywhere it belongs, and nowhere else."""

from collections.abc import Collection, Mapping
from random import Random
from typing import Any

import msgspec

from server.access import Caller
from server.db import read_snapshot, rows_of
from server.demo.store import Answered, Send, living
from server.log import RETURN_MS
from server.reading import history
from server.synced import tables
from tests.simulation.handovers import DECIDERS, decide_again
from tests.simulation.ledger import deed_of, stored_late
from tests.simulation.locked_out import check_locked_out
from tests.simulation.model import (
    RowId,
    Rows,
    described,
    difference,
    given_by,
    missing,
    spelled,
)
from tests.simulation.standing_in import Wrong, as_shown, case_of, handed_to
from tests.simulation.world import DAY, MINUTE, Held, World

ROUNDS = 12
"""After so many calm rounds of everybody synchronising, all must be settled."""


def settle(world: World) -> None:
    """Everybody meets the calm server until nothing waits and nothing new comes.

    What hangs on something that nobody brings back to a restored server waits for weeks.
    """
    until_quiet(world)
    if world.restores:
        world.office.clock.now += RETURN_MS + DAY
        until_quiet(world)
    for held in world.held:
        if held.store.outbox:
            raise Wrong(f"{held.name}: still waits: {[s.text for s in held.store.outbox]}")


def until_quiet(world: World) -> None:
    """Rounds of everybody synchronising until nothing changes any more, or enough of them."""
    for _ in range(ROUNDS):
        world.office.clock.now += MINUTE
        before = [held.store for held in world.held]
        for held in list(world.held):  # One that was locked out leaves them.
            world.sync(held)
        after = [held.store for held in world.held]
        moved = [one.cursor for one in before] != [one.cursor for one in after]
        if not (decide_again(world) or moved or any(one.outbox for one in after)):
            break


def check(world: World) -> None:
    """Everything PROTOCOL.md promises, of a settled world; raises Wrong."""
    for held in world.held:
        check_places(world, held)
    for team in sorted({held.member.team for held in world.held}):
        check_team(world, team)
    check_stored(world)
    check_late(world)
    check_locked_out(world)
    check_ends(world)


def check_places(world: World, held: Held) -> None:
    """Every send of this phone is in one place, and in the right one."""
    store = held.store
    places: list[Mapping[int, Answered]] = [store.sent, store.tray, store.held]
    keys = sorted([*(key for place in places for key in place), *held.gone])
    if keys != list(range(1, store.next_key)):
        raise Wrong(f"{held.name} queued 1 … {store.next_key - 1} and has {keys}")
    for answered in (*store.sent.values(), *store.held.values()):
        if world.written[answered.send.rest].must:
            raise Wrong(f"{held.name}: accepted what must not be: {answered.send.text}")
    if store.held and held.member.role != "pap":
        raise Wrong(f"{held.name} is of the team, and late: {store.held}")
    erased = {erased.id for erased in world.erasures}
    for answered in store.tray.values():
        codes = world.written[answered.send.rest].codes
        if world.restores and world.below.get(answered.send.row) in erased:
            # A change does not name its case, and nobody brings back what it hangs on.
            codes |= {"row_unknown", "row_refused"}
        if answered.verdict["code"] not in codes:
            raise Wrong(f"{held.name}: refused: {answered.verdict} {answered.send.text}")
    ahead = int((store.last_stamp or "0")[:12], 16) - world.office.clock.now
    unranked = {one.claimed for one in store.tray.values()}
    unranked |= {send.body.get("stamp") for send in held.gone.values()}
    if ahead > DAY // 2 and store.last_stamp not in unranked:
        raise Wrong(f"{held.name} still stamps {ahead} ms ahead after all was clamped")


def check_team(world: World, team: str) -> None:
    """Server, phones and model agree on the rows; the history has the rest."""
    erased = {one for (one,) in rows_of("SELECT id FROM erased WHERE team = ?", (team,))}
    if missed := {one.id for one in world.erasures if one.team == team} - erased:
        raise Wrong(f"erased, and forgotten: {missed}")
    erased |= {row for row, case in world.below.items() if case in erased}
    check_forgotten(team, erased)
    world.ledger.erased(erased)
    accepted = [one for one in world.ledger.accepted.values() if one.team == team]
    members = [held for held in world.held if held.member.team == team]
    served = _served(world, team)
    model = described(accepted, given_by(served), Random(world.seed))
    if differs := difference(served, model):
        raise Wrong(f"server and model differ: {differs}")
    check_names(world, served)
    check_parents(served)
    missing(accepted, served, {place: _history(members[0], place) for place in served})
    for held in members:
        sees = world.ledger.owners[held.store.device][2]
        if held.member.role == "pap":
            check_deputy(world, held, served)
            continue
        rows = {place: spelled(row) for place, row in held.store.rows.items()}
        if differs := difference(rows, served if sees else {}):
            raise Wrong(f"{held.name} and the server differ: {differs}")
        if not sees and (held.store.envelopes or held.store.cursor):
            raise Wrong(f"{held.name} may see nothing and has {held.store.envelopes}")
        check_values(world, held)
        check_refused(world, held, served)
        if sees:  # Nobody else is told; what she was refused about a row names its id only.
            check_purged(held, erased)
    own = {send.row for held in members for send in _queued(held)} | {team} | erased
    own |= world.wiped_rows
    if foreign := world.ledger.shown[team] - own:
        raise Wrong(f"team {team} was shown what is not its own: {foreign}")


def check_deputy(world: World, held: Held, served: Rows) -> None:
    """Whoever stands in has what is handed to him now, as it is shared, and nothing else."""
    store, user = held.store, held.member.user
    handed = handed_to(user, held.member.team, world.office.clock.now)
    meant = {
        place: spelled(as_shown(row, user))
        for place, row in served.items()
        if case_of(row) in handed
    }
    rows = {place: spelled(row) for place, row in store.rows.items()}
    if differs := difference(rows, meant):
        raise Wrong(f"{held.name} stands in, and: {differs}")
    if set(store.scope.get("cases", {})) != handed or "held" in store.state:
        raise Wrong(f"{held.name} stands in for {handed}, told was {store.scope} {store.state}")
    check_keys(held, handed)
    check_values(world, held)


def check_keys(held: Held, cases: Collection[str]) -> None:
    """No envelope and no key of another case is on his phone."""
    owners = {one["owner"] for one in held.store.envelopes.values()}
    owners |= {key.owner for key in held.phone.keys.values()}
    if more := owners - set(cases):
        raise Wrong(f"{held.name} has keys of {more}, handed to him is {cases}")


def check_late(world: World) -> None:
    """What came too late is kept once, or merged; those who decide see what waits."""
    ledger = world.ledger
    ledger.note_decisions()
    stored = stored_late()
    if lost := ledger.late.keys() - stored.keys() - ledger.accepted.keys():
        raise Wrong(f"kept aside, and gone: {lost}")
    for deed, (_, decision) in stored.items():
        if decision != "released" and deed in ledger.accepted:
            raise Wrong(f"merged, and nobody released it: {deed}")
    waiting = {deed for deed, (_, decision) in stored.items() if decision is None}
    for held in world.held:
        if held.member.name in DECIDERS:
            shown = held.store.state.get("held", ())
            told = [deed_of(one["author"], one["operation"]) for one in shown]
            if sorted(told) != sorted(waiting):
                raise Wrong(f"{held.name} sees {told}, waiting is {waiting}")


def check_ends(world: World) -> None:
    """Day after day handed cases leave his phones, whether or not they meet the server."""
    deputies = [held for held in world.held if held.member.role == "pap"]
    for _ in range(3 if deputies else 0):
        world.office.clock.now += DAY
        for held in deputies:
            handed = handed_to(held.member.user, held.member.team, world.office.clock.now)
            held.phone.forget_ended()
            if more := {case_of(row) for row in held.store.rows.values()} - handed:
                raise Wrong(f"{held.name} still has {more}, handed to him is {handed}")
            check_keys(held, handed)
    for held in deputies:
        world.sync(held)
        handed = handed_to(held.member.user, held.member.team, world.office.clock.now)
        if handed != {case_of(row) for row in held.store.rows.values()}:
            raise Wrong(f"{held.name} has not {handed} but {set(held.store.rows)}")


def check_names(world: World, served: Rows) -> None:
    """A case keeps its pseudonym, whatever the server forgot."""
    for (_, row), columns in ((place, one["columns"]) for place, one in served.items()):
        if row in world.names and columns["pseudonym"] != world.names[row]:
            raise Wrong(f"{row} was {world.names[row]} and is {columns['pseudonym']}")


def check_admissions(world: World) -> None:
    """Whoever was admitted is, whatever the server forgot: those who saw it have said it again."""
    if lost := [one.name for one in world.admitted if not world.may_see(one)]:
        raise Wrong(f"was admitted, and is not any more: {lost}")


def check_parents(served: Rows) -> None:
    """Nothing hangs on a case that is not there."""
    if orphans := [row for row in served.values() if ("client_case", case_of(row)) not in served]:
        raise Wrong(f"without their case: {orphans}")


def check_forgotten(team: str, erased: set[str]) -> None:
    """The database has nothing of what was erased but its ids."""
    places = [
        *((f'"{name}"', "id") for name in tables()),
        ("history", "row"),
        ("envelope", "owner"),
    ]
    for table, column in places:
        found = rows_of(f"SELECT {column} FROM {table} WHERE team = ?", (team,))
        if left := {one for (one,) in found} & erased:
            raise Wrong(f"erased, and still in {table}: {left}")


def check_purged(held: Held, erased: set[str]) -> None:
    """Nothing of what was erased is on a phone."""
    left = {place for place in held.store.rows if place[1] in erased}
    left |= {key for key, one in held.store.envelopes.items() if one["owner"] in erased}
    if left or any(send.row in erased for send in _queued(held)):
        raise Wrong(f"{held.name} still has of what was erased: {left}")


def check_refused(world: World, held: Held, served: Rows) -> None:
    """Nothing was refused for want of a row that is there."""
    for answered in held.store.tray.values():
        send, fate = answered.send, world.written[answered.send.rest]
        if fate.must or answered.verdict["code"] not in {"row_refused", "row_unknown"}:
            continue
        case = send.body["set"].get("case")
        needed = ("client_case", case) if case else (send.table, send.row)
        if needed in served:
            raise Wrong(f"{held.name}: {answered.verdict}, but {needed} is there: {send.text}")


def _queued(held: Held) -> list[Send]:
    """Everything this phone ever queued."""
    store = held.store
    return [one.send for at in (store.sent, store.tray, store.held) for one in at.values()]


def check_values(world: World, held: Held) -> None:
    """Every value opens here and says what was written."""
    for row in held.store.rows.values():
        for column in row["columns"]:
            opened = held.phone.versions(row, column)
            sealed = [version[0] for version in living(row, column)]
            meant = [world.plain.get(text, text) if text else text for text in sealed]
            if opened != meant:
                raise Wrong(f"{held.name}: {row['id']}.{column} says {opened}, not {meant}")


def check_stored(world: World) -> None:
    """Every verdict a phone was told stands in the database, as it was told."""
    names = ("verdict", "code", "field", "effective")
    stored = {
        (device, n): {k: v for k, v in zip(names, rest, strict=True) if v is not None}
        for device, n, *rest in rows_of(
            "SELECT device, n, verdict, code, field, effective FROM verdict"
        )
    }
    for (device, n, _), verdict in world.ledger.verdicts.items():
        if stored.get((device, n)) != {k: v for k, v in verdict.items() if k != "n"}:
            raise Wrong(f"{device} {n} was told {verdict}, stored is {stored.get((device, n))}")


def _served(world: World, team: str) -> Rows:
    """All rows of a team, as a phone gets them that has nothing yet."""
    name = "anna" if team == world.office.members["anna"].team else "zoe"
    fresh = world.hand_out(name) or _emptied(world, name)
    world.sync(fresh)
    world.held.remove(fresh)
    check_values(world, fresh)
    return {place: spelled(row) for place, row in fresh.store.rows.items()}


def _emptied(world: World, name: str) -> Held:
    """A phone of hers with an empty store under the same number: nothing of it was ever seen."""
    found = next(held for held in world.held if held.member.name == name)
    copy = world.clone(found)
    copy.phone.store = type(copy.store)(copy.store.device, copy.store.node)
    copy.phone.keys = {}
    return copy


def _history(held: Held, place: RowId) -> list[dict[str, Any]]:
    member = held.member
    caller = Caller(member.user, held.store.device, member.team, "ab_pap", True)
    with read_snapshot():
        items = history(caller, *place)
    return msgspec.json.decode(msgspec.json.encode(items))
