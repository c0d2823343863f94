"""What a device sends, piece by piece: its number, its exact bytes, and the verdict on it."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from server.db import rows_of
from server.errors import ApiError
from sync.operation import MAX_INT


class Send(NamedTuple):
    """One envelope or operation of a request: its number, its bytes' SHA-256 and its content."""

    n: int
    digest: bytes
    parts: dict[str, Any]
    is_envelope: bool


class Verdict(msgspec.Struct, omit_defaults=True):
    """What becomes of one send, as PROTOCOL.md says."""

    n: int
    verdict: str
    code: str | None = None
    field: str | None = None
    effective: str | None = None


def read_sends(envelopes: Iterable[msgspec.Raw], operations: Iterable[msgspec.Raw]) -> list[Send]:
    """Numbers and hashes the elements of a request, envelopes first.

    Raises `malformed` for an element that is no object or has no number: nobody could be told
    what became of it.
    """
    sends = [_read_send(raw, "envelopes") for raw in envelopes]
    return sends + [_read_send(raw, "operations") for raw in operations]


def _read_send(raw: msgspec.Raw, place: str) -> Send:
    try:
        parts = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ApiError("malformed", place) from None
    n = parts.get("n") if type(parts) is dict else None
    if type(n) is not int or not 1 <= n <= MAX_INT:
        raise ApiError("malformed", f"{place}.n")
    return Send(n, sha256(raw).digest(), parts, place == "envelopes")


class Progress:
    """Which numbers of a device have a final verdict: all up to `watermark`, and some above."""

    def __init__(self, device: str, watermark: int):
        self.watermark = watermark
        above = "SELECT n FROM verdict WHERE device = ? AND n > ?"
        self._above = {row[0] for row in rows_of(above, (device, watermark))}

    def finish(self, n: int) -> None:
        """Notes a final verdict."""
        self._above.add(n)
        while self.watermark + 1 in self._above:
            self.watermark += 1
            self._above.remove(self.watermark)

    def open_below(self, n: int) -> bool:
        """Whether something this device numbered before `n` has no final verdict yet."""
        return self.watermark < n - 1
