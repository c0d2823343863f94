"""What people do on their phones in a run: write, change, delete, all at once, and now and then
something the server must refuse."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from server.demo.phone import Phone
from server.demo.store import Send, living
from server.ids import new_id
from server.instants import instant
from server.sealing import CaseKey, Place, seal_value
from server.synced import tables
from sync.clock import next_stamp
from sync.operation import Table
from tests.simulation.fates import ACCEPTED, PARENT, Fate, may_be_refused, refused
from tests.simulation.world import DAY, Held, World

WORDS = (
    "Tür zu, Licht an",
    "Möchte „irgendwas mit Holz“ machen",
    "🐕 bellt, beißt nicht",
    "",
    "zweimal\nläuten",
    "ruft zurück " * 30,
)
LISTS = ([], ["housing"], ["housing", "debts", "health"])
CLEAR: dict[str, tuple[str, ...]] = {
    "client_case": ("counsellor", "handed_over", "first_contact", "closed"),
    "visit": ("contact_made", "return_announced", "verbis_open", "counsellor"),
}
SEALED = {
    "client_case": ("name", "phone", "address", "reach_via", "hazard"),
    "visit": ("place", "outcome", "who_opened", "appointment", "topics"),
}
TEXTS = {
    "client_case": ("target_detail", "situation", "wishes"),
    "visit": ("observation", "assessment", "wish", "next_step"),
}
Work = Callable[[Phone], object]


def deed(world: World, held: Held) -> None:
    """One thing this person does now."""
    chance = world.chance
    if not _can_seal(held) or (held.member.name == "zoe" and chance.random() < 0.2):
        return reach_over(world, held)
    if not visible(held) or chance.random() < 0.15:
        return new_case(world, held)
    kinds = (new_visit, change, delete, odd_change)
    return chance.choices(kinds, weights=(4, 10, 1, 1))[0](world, held)


def new_case(world: World, held: Held) -> None:
    """A new case; one in twelve with a code nobody knows."""
    odd = world.chance.random() < 0.08
    columns = _some(world.chance, "client_case")
    values = _values(world, held, "client_case", columns)
    values |= {"kind": "odd" if odd else "handover", "name": world.chance.choice(WORDS)}
    if odd:
        world.ledger.counts["odd case"] += 1
    verdict = refused("unknown_code") if odd else ACCEPTED
    queue(world, held, lambda phone: phone.create_case(values), values, verdict)


def new_visit(world: World, held: Held) -> None:
    """A contact at a case this person sees, its own new ones included."""
    cases = [row for table, row in visible(held) if table == "client_case"]
    if not cases:  # So far only a later page's contacts are here.
        return
    case = world.chance.choice(cases)
    values = _values(world, held, "visit", _some(world.chance, "visit"))
    values |= {"case": case, "happened_at": instant(held.phone.now())}
    queue(world, held, lambda phone: phone.create("visit", values), values, fate_below(held, case))


def change(world: World, held: Held) -> None:
    """Some columns of a row."""
    write_some(world, held, *world.chance.choice(visible(held)))


def write_some(world: World, held: Held, table: str, row: str) -> None:
    """Some columns of this row; words with what was seen as base, now and then without."""
    values = _values(world, held, table, _some(world.chance, table))
    base = None
    if world.chance.random() < 0.1:
        base = {column: [] for column in values if column in tables()[table].table.text_columns}
    write(world, held, table, row, values, base)


def both_change(world: World, one: Held, other: Held) -> None:
    """Two people write over the same words without a word between them."""
    common = sorted(set(writable(one)) & set(writable(other)))
    if common:
        table, row = world.chance.choice(common)
        column = world.chance.choice(TEXTS[table])
        for held in (one, other):
            write(world, held, table, row, _values(world, held, table, [column]))


def delete(world: World, held: Held) -> None:
    """Delete a row, or take it back."""
    table, row = world.chance.choice(writable(held))
    gone = instant(held.phone.now()) if world.chance.random() < 0.7 else None
    write(world, held, table, row, {"deleted_at": gone})


def odd_change(world: World, held: Held) -> None:
    """Something wrong in one of many ways, on a row that is there, or on none."""
    table, row = world.chance.choice(visible(held))
    day = {"closed" if table == "client_case" else "contact_made": "2026-01-06"}
    odd: list[tuple[str, Mapping[str, Any]]] = [
        ("unknown_column", {"colour": "red"}),
        ("wrong_type", dict.fromkeys(day, "yesterday")),
        ("sealed_malformed", {TEXTS[table][0]: "in clear"}),
        ("wrong_key", {TEXTS[table][0]: _sealed_elsewhere(world, held, table, row)}),
        ("row_unknown", day),
    ]
    # While its row is not made yet, setting a fixed column would mean to make it.
    fixed = "kind" if table == "client_case" else "case"
    there = held.store.rows.get((table, row), {"columns": {}})["columns"]
    # After a restore it may mean that, too: a contact needs nothing else.
    if fixed in there and (table == "client_case" or world.backup is None):
        odd.append(("column_fixed", {fixed: there[fixed]}))
    code, values = world.chance.choice(odd)
    if code == "row_unknown":
        row = new_id(world.office.clock.now)
    more = ("column_required",) if code == "column_fixed" else ()
    queue_raw(world, held, table, row, values, refused(code, *more, *PARENT))


def reach_over(world: World, held: Held) -> None:
    """Somebody without the right tries to change a case she knows the id of."""
    others = [other for other in world.held if other.member.name in {"anna", "ben"}]
    cases = [row for other in others for table, row in visible(other) if table == "client_case"]
    if cases and held.member.name in {"zoe", "paul"}:
        code = "role_may_not" if held.member.name == "paul" else "row_unknown"
        world.ledger.counts["reached over"] += 1
        day = {"closed": "2026-01-06"}
        queue_raw(world, held, "client_case", world.chance.choice(cases), day, refused(code))


def write(
    world: World,
    held: Held,
    table: str,
    row: str,
    values: Mapping[str, Any],
    base: Mapping[str, list[str]] | None = None,
) -> None:
    """An ordinary change."""
    shown = held.store.shown(table, row, held.member.user)
    assert shown is not None, "people change what they see"
    for column in values:
        world.ledger.counts["two versions seen"] += len(living(shown, column)) > 1
    fate = fate_below(held, row, shown["columns"].get("case"))
    queue(world, held, lambda phone: phone.write(table, row, values, base), values, fate)


def queue(world: World, held: Held, work: Work, values: Mapping[str, Any], fate: Fate) -> None:
    """Let the phone queue something, and remember what was meant."""
    before = held.store.next_key
    work(held.phone)
    for send in held.store.outbox:
        if send.key < before:
            continue
        world.written[send.rest] = fate if send.kind == "operation" else _envelope_fate(send)
        world.trace(f"    {held.name} queues {send.n} {send.table} {send.row[-6:]} {fate or ''}")
        sealed = send.body.get("set", {})
        if case := sealed.get("case"):
            world.below[send.row] = case
        world.plain |= {
            text: values[name]
            for name, text in sealed.items()
            if isinstance(text, str) and text != values[name]
        }


def queue_raw(
    world: World,
    held: Held,
    table: str,
    row: str,
    values: Mapping[str, Any],
    fate: Fate,
) -> None:
    """Queue an operation no phone of ours would make, past all its own checks."""

    def work(phone: Phone) -> None:
        stamp = next_stamp(phone.store.last_stamp, phone.now(), phone.store.node)
        op = {"table": table, "row": row, "stamp": stamp, "set": values}
        phone.store = phone.store.queued([("operation", table, row, op)], stamp)

    queue(world, held, work, values, fate)


def visible(held: Held) -> list[tuple[str, str]]:
    """The cases and contacts this person can read, the waiting ones included, in a fixed order."""
    return [place for place in readable(held) if place[0] in TEXTS]


def writable(held: Held) -> list[tuple[str, str]]:
    """Those of them she may change: whoever stands in changes contacts of his own."""
    if held.member.role == "ab_pap":
        return visible(held)
    shown = {place: held.store.shown(*place, held.member.user) for place in visible(held)}
    return [place for place, row in shown.items() if row and row["created_by"] == held.member.user]


def readable(held: Held) -> list[tuple[str, str]]:
    """All rows this person can read, the waiting ones included, in a fixed order."""
    waiting = [(send.table, send.row) for send in held.store.outbox if _creates(send)]
    owners = {key.owner for key in held.phone.keys.values()}
    return sorted(place for place in {*held.store.rows, *waiting} if _case(held, place) in owners)


def _case(held: Held, place: tuple[str, str]) -> str | None:
    shown = held.store.shown(*place, held.member.user)
    return place[1] if place[0] == "client_case" or not shown else shown["columns"].get("case")


def _creates(send: Send) -> bool:
    columns = send.body.get("set", {}).keys()
    return send.kind == "operation" and not tables()[send.table].create_columns.isdisjoint(columns)


def _envelope_fate(send: Send) -> Fate:
    """Somebody else may have closed a case's key for whoever stands in."""
    handed = len(send.body["reader"]) == 32
    return may_be_refused("envelope_exists") if handed else ACCEPTED


def fate_below(held: Held, *rows: str | None) -> Fate:
    """A deed below a row whose creation is still open may be refused together with it."""
    waits = any(send.row in rows for send in held.store.outbox)
    return may_be_refused(*PARENT) if waits else ACCEPTED


def _can_seal(held: Held) -> bool:
    return any(not isinstance(key, CaseKey) for key in held.phone.keys.values())


def _some(chance: Random, table: str) -> list[str]:
    columns = (*CLEAR[table], *SEALED[table], *TEXTS[table])
    weights = [1] * len(CLEAR[table] + SEALED[table]) + [3] * len(TEXTS[table])
    return sorted(set(chance.choices(columns, weights, k=chance.randint(1, 4))))


def _values(world: World, held: Held, table: str, columns: list[str]) -> dict[str, Any]:
    declared = tables()[table].table
    return {column: _value(world, held, declared, column) for column in columns}


def _value(world: World, held: Held, declared: Table, column: str) -> Any:
    chance, kind = world.chance, declared.columns[column].kind
    if chance.random() < 0.1 and not declared.columns[column].required:
        return None
    if column == "topics":
        return chance.choice(LISTS)
    if kind == "day":
        return instant(held.phone.now() + chance.randrange(9) * DAY)[:10]
    if kind == "bool":
        return chance.random() < 0.5
    if kind == "id":
        return held.member.user
    return f"{chance.choice(WORDS)} {chance.randrange(1000)}"


def _sealed_elsewhere(world: World, held: Held, table: str, row: str) -> str:
    """A value sealed with a key of another case: perfectly good, only not here."""
    key = CaseKey.new(new_id(world.office.clock.now))
    place = Place(held.member.team, table, row, TEXTS[table][0], "0" * 32, held.member.user)
    return seal_value("verrutscht", place, key)
