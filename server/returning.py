"""What phones bring back to a log that went back in time, and what of it is believed.

The sends are the same bytes as ever and are judged like all others. Beside them a phone says what
the earlier log gave each of them: its effective stamp, so that ranks do not change, and the row's
pseudonym, so that names do not. Neither gives a phone more than it always had: a stamp no later
than the clock rule allows any write, a number nobody else has and not far from the others.
"""

import re
from collections.abc import Callable, Iterable
from typing import Annotated

import msgspec

from server.access import Caller
from server.envelopes import MAKERS
from sync.clock import is_clamped
from sync.operation import MAX_INT, Problem

NUMBERS_BELIEVED = 1_000
"""So far beyond the next number an earlier one may lie: a team gives out fewer in a month."""


class Claim(msgspec.Struct, forbid_unknown_fields=True):
    """What an earlier log gave one send, by the word of the phone that brings it back."""

    n: Annotated[int, msgspec.Meta(ge=1, le=MAX_INT)]
    effective: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")] | None = None
    given: dict[str, Annotated[str, msgspec.Meta(max_length=64)]] = {}


class Returned:
    """The claims of one request; `waits`: phones may still bring back what is missing."""

    def __init__(self, claims: Iterable[Claim] = (), waits: bool = False):
        self.waits = waits
        self._claims = {claim.n: claim for claim in claims} if waits else {}

    def effective(self, n: int, claimed: str, now_ms: int) -> str | None:
        """The earlier rank of a write, taken as it is; None when there is none to be believed."""
        claim = self._claims.get(n)
        if claim is None or claim.effective is None:
            return None
        same_node = claim.effective[16:] == claimed[16:]
        return claim.effective if same_node and not is_clamped(claim.effective, now_ms) else None

    def number(
        self, n: int, column: str, pattern: str, following: int, is_taken: Callable[[str], bool]
    ) -> int | None:
        """The number in a row's earlier name; None when it cannot be its own.

        `following` is the number the next new row gets: no phone moves it far. `is_taken(name)`
        says whether another row has the name.
        """
        claim = self._claims.get(n)
        name = None if claim is None else claim.given.get(column)
        number = None if name is None else _number_in(pattern, name)
        if name is None or number is None or not 1 <= number < following + NUMBERS_BELIEVED:
            return None
        return None if is_taken(name) else number

    def may_mend(self, caller: Caller, problem: Problem) -> bool:
        """Whether what stands against an envelope may be mended by what others bring back."""
        if not self.waits:
            return False
        if problem.code == "role_may_not":
            return not caller.admitted and caller.role in MAKERS
        # The epoch it is closed for may come back with somebody else's phone.
        return problem == Problem("bad_envelope", "reader")


def _number_in(pattern: str, name: str) -> int | None:
    before, _, after = pattern.partition("{")
    after = after.partition("}")[2]
    found = re.fullmatch(f"{re.escape(before)}([0-9]{{1,9}}){re.escape(after)}", name)
    number = int(found[1]) if found else 0
    return number if found and pattern.format(number) == name else None
