"""gzip on the wire: what goes out any unpacker reads, what comes in is never trusted."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.packing import PackingError, packed, unpacked

LIMIT = 10_000


@given(st.binary(max_size=5000))
def test_everybody_can_read_what_is_packed(data: bytes) -> None:
    assert gzip.decompress(packed(data)) == data
    assert unpacked(packed(data), LIMIT) == data
    assert packed(data) == packed(data)


def test_no_more_than_the_limit_comes_out() -> None:
    assert len(unpacked(packed(bytes(50_000_000)), LIMIT)) == LIMIT


@given(st.binary(max_size=200))
def test_what_is_no_gzip_is_refused(data: bytes) -> None:
    with pytest.raises(PackingError):
        unpacked(data, LIMIT)


@given(st.binary(min_size=1, max_size=500), st.data())
def test_half_a_stream_is_refused(data: bytes, draw: st.DataObject) -> None:
    whole = gzip.compress(data)
    cut = draw.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(PackingError):
        unpacked(whole[:cut], LIMIT)


def test_zlibs_own_form_is_refused() -> None:
    with pytest.raises(PackingError):
        unpacked(zlib.compress(b"{}"), LIMIT)
