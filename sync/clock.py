"""The hybrid logical clock: stamps whose text order is time order.

A stamp is 32 lower-case hex digits: 12 for milliseconds since 1970, 4 for a counter (its overflow
carries into the milliseconds), 16 for the random node id of the device. The phone makes the
*claimed* stamp, the server answers with the *effective* one. See PROTOCOL.md, "Words" and "Clock".
"""

import re

CLAMP_MS = 120_000
"""How far ahead of the server's clock an effective stamp may lie, in milliseconds."""

MAX_MS = 0xFFFF_FFFF_FFFF
COUNTER_BITS = 16
MAX_COUNTER = 0xFFFF

_is_stamp = re.compile("[0-9a-f]{32}").fullmatch
_is_node = re.compile("[0-9a-f]{16}").fullmatch


def is_stamp(value: object) -> bool:
    """Whether `value` is a well-formed stamp. Never raises."""
    return type(value) is str and _is_stamp(value) is not None


def make_stamp(ms: int, counter: int, node: str) -> str:
    """Write a stamp from milliseconds, counter and node id (16 hex digits).

    Raises ValueError when a part does not fit: nothing is cut off silently.
    """
    if not (0 <= ms <= MAX_MS and 0 <= counter <= MAX_COUNTER and _is_node(node)):
        raise ValueError("a stamp has 48 bits of time, 16 of counter and a node of 16 hex digits")
    return f"{ms:012x}{counter:04x}{node}"


def read_stamp(stamp: str) -> tuple[int, int, str]:
    """Take a stamp apart into (ms, counter, node). Raises ValueError when it is malformed."""
    ms, counter = divmod(_time(stamp), MAX_COUNTER + 1)
    return ms, counter, stamp[16:]


def next_stamp(last: str | None, now_ms: int, node: str) -> str:
    """The stamp of a device's next write: later than `last`, and not before `now_ms`.

    `last` is the greatest stamp the device has made or received (effective stamps only). A clock
    that was set back counts on from `last`. Raises ValueError when a part is malformed, or when
    the 64 bits of time and counter are used up.
    """
    time = min(max(now_ms, 0), MAX_MS) << COUNTER_BITS
    if last is not None:
        time = max(time, _time(last) + 1)
    return make_stamp(*divmod(time, MAX_COUNTER + 1), node)


def effective_stamp(claimed: str, now_ms: int, last: str | None) -> str:
    """The rank the server gives to a write when it first receives it.

    `now_ms` is the server's clock, `last` the last effective stamp of the same device. The result
    is at most CLAMP_MS ahead of the server unless `last` is, always later than `last`, and keeps
    the claimed node id. Raises ValueError when a stamp is malformed.
    """
    time = rank = _time(claimed)
    if time >> COUNTER_BITS > now_ms + CLAMP_MS:
        rank = (now_ms + CLAMP_MS) << COUNTER_BITS
    if last is not None:
        rank = max(rank, _time(last) + 1)
    if rank == time:
        return claimed
    return make_stamp(*divmod(rank, MAX_COUNTER + 1), claimed[16:])


def is_clamped(claimed: str, now_ms: int) -> bool:
    """Whether the server pulls this stamp back: it lies more than CLAMP_MS ahead of `now_ms`."""
    return _time(claimed) >> COUNTER_BITS > now_ms + CLAMP_MS


def _time(stamp: str) -> int:
    """Milliseconds and counter as one number: adding 1 is one counter step, carry included."""
    if not is_stamp(stamp):
        raise ValueError("a stamp is 32 lower-case hex digits")
    return int(stamp[:16], 16)
