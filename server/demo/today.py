"""Today's visits of the demo: there is always one, whatever day it is and however long it runs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.demo.phone import Phone
from server.demo.stories import begin
from server.features.cases import ClientCase
from server.features.visits import Visit
from server.instants import instant

EARLIEST_HOUR = 14
LATEST = timedelta(hours=23, minutes=30)
LENGTH = timedelta(minutes=45)


@dataclass(frozen=True)
class Pair:
    """Who goes and who comes along, as ids, and who handed their cases over."""

    counsellor: str
    companion: str
    pap: str


Marks = frozenset[tuple[str, int, int]]
"""Visits that may be the one, each with the counters of its last change and its case's."""


def planned_for(zone: str, pair: Pair, now: int) -> Marks:
    """The pair's visits that the office's day of `now` (milliseconds) still has before it.

    Where they take place is sealed: `holds` asks a phone.
    """
    day = _midnight(zone, now)
    rows: Any = (
        Visit.select(Visit.id, Visit.seq, ClientCase.seq)
        .join(ClientCase, on=(ClientCase.team == Visit.team) & (ClientCase.id == Visit.case))
        .where(
            Visit.planned_start >= _wire(day),
            Visit.planned_start < _wire(day + timedelta(days=1)),
            Visit.counsellor == pair.counsellor,
            Visit.companion == pair.companion,
            Visit.happened_at.is_null(),
            Visit.deleted_at.is_null(),
            ClientCase.closed.is_null(),
            ClientCase.deleted_at.is_null(),
        )
        .tuples()
    )
    return frozenset(rows)


def holds(phone: Phone, visits: Marks) -> bool:
    """Whether one of these is at a flat; the phone must have synced since."""
    return any(phone.read("visit", row)["place_kind"] == "in_flat" for row, _, _ in visits)


def plan_day(zone: str, phone: Phone, pair: Pair, now: int) -> None:
    """Plan a visit at a flat, and a talk in a café after it, for the person whose phone it is.

    Both go to people she counsels and whose cases are open; where there is none, one begins.
    The phone must have synced before.
    """
    start = _next_slot(zone, now)
    cases = _open_cases(pair) or [_begin_case(phone, pair, start.date())]
    places = (("in_flat", None), ("cafe", "Café Lindenhof"))
    for number, (case, (kind, place)) in enumerate(zip(cases, places, strict=False)):
        at = start + number * timedelta(minutes=90)
        if at.date() != start.date():
            break
        values = {
            "case": case,
            "counsellor": pair.counsellor,
            "companion": pair.companion,
            "planned_start": _wire(at),
            "planned_end": _wire(at + LENGTH),
            "place_kind": kind,
        }
        phone.create("visit", values | ({"place": place} if place else {}))
    phone.sync()
    if phone.store.tray:
        raise RuntimeError("the server refused what the demo planned")


def _open_cases(pair: Pair) -> list[str]:
    """Her cases in activation, the most recent first."""
    rows: Any = (
        ClientCase.select(ClientCase.id)
        .where(
            ClientCase.counsellor == pair.counsellor,
            ClientCase.handed_over.is_null(False),
            ClientCase.closed.is_null(),
            ClientCase.deleted_at.is_null(),
        )
        .order_by(ClientCase.id.desc())
        .tuples()
    )
    return [case for (case,) in rows]


def _begin_case(phone: Phone, pair: Pair, today: date) -> str:
    told = ClientCase.select().count()
    people = {"counsellor": pair.counsellor, "transferring_counsellor": pair.pap}
    return phone.create_case(begin(told, today) | people)


def _next_slot(zone: str, now: int) -> datetime:
    """A full ten minutes in good time: not before the afternoon, never tomorrow."""
    soon = _local(zone, now) + timedelta(minutes=40)
    soon -= timedelta(minutes=soon.minute % 10, seconds=soon.second, microseconds=soon.microsecond)
    midnight = _midnight(zone, now)
    earliest = midnight + timedelta(hours=EARLIEST_HOUR, minutes=30)
    return min(max(soon, earliest), midnight + LATEST)


def _midnight(zone: str, now: int) -> datetime:
    return _local(zone, now).replace(hour=0, minute=0, second=0, microsecond=0)


def _local(zone: str, now: int) -> datetime:
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(zone))


def _wire(moment: datetime) -> str:
    return instant(int(moment.timestamp() * 1000))
