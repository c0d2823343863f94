"""What a person may see: her team's rows, or the cases handed to her, while they are.

A grant is not kept: it follows from the `handed_case` rows at the moment somebody asks. So it ends
by itself, and nothing has to be taken back. A phone whose grants have changed starts from the
beginning: a deputy's few cases are soon sent again.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from server.access import Caller, config
from server.db import rows_of

STANDING_IN = frozenset({"deputy", "pap"})
"""Roles that see and do what was handed to them, and nothing else. In holiday periods every pAp
of the team may stand in (R-083)."""


@dataclass(frozen=True)
class Mandate:
    """The cases handed to one person: in force until an instant in ms, and those that were."""

    in_force: dict[str, int]
    ended: frozenset[str]

    def covers(self, case: str | None) -> bool:
        """Whether it gives her this case now."""
        return case in self.in_force

    def covered(self, case: str | None) -> bool:
        """Whether it gave her this case, and does not any more: what she sends now is late."""
        return case in self.ended


def mandate_of(caller: Caller, now_ms: int) -> Mandate | None:
    """What was handed to somebody who stands in; None for everybody else."""
    if caller.role not in STANDING_IN or not caller.admitted:
        return None
    handed = rows_of(
        'SELECT "case", starts, until, deleted_at FROM handed_case WHERE team = ? AND deputy = ?',
        (caller.team, caller.user),
    )
    zone = config().time_zone
    in_force: dict[str, int] = {}
    begun: set[str] = set()
    for case, starts, until, deleted_at in handed:
        begins, ends = first_moment(starts, zone), first_moment(until, zone, days_later=1)
        if begins > now_ms:
            continue
        begun.add(case)
        if now_ms < ends and deleted_at is None:
            in_force[case] = max(ends, in_force.get(case, 0))
    return Mandate(in_force, frozenset(begun - in_force.keys()))


@lru_cache(maxsize=1024)
def first_moment(day: str, zone: str, days_later: int = 0) -> int:
    """When a day begins in the office's time zone, in milliseconds since 1970."""
    begins = date.fromisoformat(day) + timedelta(days=days_later)
    moment = datetime.combine(begins, time(), ZoneInfo(zone))
    return int(moment.timestamp()) * 1000
