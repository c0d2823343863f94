"""What has to become of everything a phone sends."""

from typing import NamedTuple


class Fate(NamedTuple):
    """What has to become of a send: the codes it may be refused with, and whether it must be."""

    codes: frozenset[str]
    must: bool


ACCEPTED = Fate(frozenset(), False)
PARENT = ("row_refused", "row_unknown")
"""The codes of what hangs on a row that is not there."""


def refused(*codes: str) -> Fate:
    """Must be refused, with one of these codes."""
    return Fate(frozenset(codes), True)


def may_be_refused(*codes: str) -> Fate:
    """Is accepted, unless something before it is refused: then with one of these codes."""
    return Fate(frozenset(codes), False)
