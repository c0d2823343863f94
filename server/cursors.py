"""Where a phone stands in what its team has sent: cursors, and pages that may end anywhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.errors import ApiError

ENVELOPES = "envelope"
"""Envelopes are paged like a table that comes before all others."""

_AFTER_ANY_ID = "g"
_match_cursor = re.compile(r"([0-9]{1,18})(?:\.([a-z_]{1,63})\.([0-9a-f]{32,48}))?").fullmatch


@dataclass(frozen=True)
class Cursor:
    """The last thing a phone was sent: where the next page begins.

    Without a table it stands behind everything of its seq, as most cursors of most days do.
    """

    seq: int
    table: str
    id: str

    @classmethod
    def read(cls, text: str | None) -> "Cursor":
        """A cursor from its text, None for the beginning; raises `malformed`."""
        if text is None:
            return cls(0, ENVELOPES, "")
        match = _match_cursor(text)
        if match is None:
            raise ApiError("malformed", "cursor")
        return cls(int(match[1]), match[2] or "", match[3] or "")

    def text(self) -> str | None:
        """What the phone keeps; None at the beginning."""
        if not self.seq:
            return None
        return f"{self.seq}.{self.table}.{self.id}" if self.table else str(self.seq)

    def place_in(self, table: str, order: Sequence[str]) -> tuple[int, str]:
        """The (seq, id) after which a table's rows follow it; `order` ranks the tables."""
        if not self.table:
            return self.seq, _AFTER_ANY_ID
        if table == self.table:
            return self.seq, self.id
        # A table this person no longer sees comes before all: rather send something twice.
        before = self.table in order and order.index(table) < order.index(self.table)
        return self.seq, _AFTER_ANY_ID if before else ""


@dataclass
class Page:
    """What one answer brings: envelopes before rows, in the order they were numbered."""

    cursor: str | None
    more: bool
    envelopes: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    erased: list[dict[str, str]]


def cut(
    found: dict[str, list[Any]], order: Sequence[str], limit: int
) -> tuple[Cursor | None, bool]:
    """Keeps the first `limit` of all rows; the last one kept as a cursor, and whether more follow.

    Every row begins with its seq and its id.
    """
    keys = sorted((row[0], rank, row[1]) for rank, name in enumerate(order) for row in found[name])
    more = len(keys) > limit
    if not keys or limit == 0:
        found.update({name: [] for name in order})
        return None, more
    last = keys[min(limit, len(keys)) - 1]
    if not more:
        return Cursor(last[0], "", ""), False
    for rank, name in enumerate(order):
        found[name] = [row for row in found[name] if (row[0], rank, row[1]) <= last]
    return Cursor(last[0], order[last[1]], last[2]), True
