"""gzip for what travels.

A first sync packs ten megabytes of sealed values, which are noise in base64: with zlib that took
more time than reading them from the database. ISA-L is ten times as fast at the same size. What
strangers send is unpacked by zlib all the same: nothing has been tried out by more people.
"""

import zlib

from isal import isal_zlib

WORTH_PACKING = 500
"""Bytes below which gzip is not worth its header."""

_LEVEL = 1
_GZIP = 31
"""Window bits that mean a gzip stream."""


class PackingError(ValueError):
    """What came is no whole gzip stream."""


def packed(data: bytes) -> bytes:
    """`data` as gzip; the same bytes each time."""
    return isal_zlib.compress(data, _LEVEL, _GZIP)


def unpacked(data: bytes, limit: int) -> bytes:
    """What a gzip stream holds, at most `limit` bytes of it: a small one may hide a huge one.

    Raises PackingError when it is broken or ends too early.
    """
    unpacker = zlib.decompressobj(_GZIP)
    try:
        found = unpacker.decompress(data, limit)
    except zlib.error:
        raise PackingError("broken gzip") from None
    if len(found) < limit and not unpacker.eof:
        raise PackingError("half a gzip stream")
    return found
