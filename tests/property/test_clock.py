"""What holds for every clock, however wrong: order, clamping, carrying."""

from hypothesis import given
from hypothesis import strategies as st

from sync.clock import (
    CLAMP_MS,
    MAX_COUNTER,
    MAX_MS,
    effective_stamp,
    is_clamped,
    is_stamp,
    make_stamp,
    next_stamp,
    read_stamp,
)

NOW = 1_700_000_000_000
NODES = st.text("0123456789abcdef", min_size=16, max_size=16)
COUNTERS = st.one_of(
    st.integers(0, MAX_COUNTER), st.sampled_from([0, 1, MAX_COUNTER - 1, MAX_COUNTER])
)
# Around now, around the clamp, anywhere: a wrong clock is wrong by a little or by years.
TIMES = st.one_of(
    st.integers(NOW - 5, NOW + 5),
    st.integers(NOW + CLAMP_MS - 2, NOW + CLAMP_MS + 2),
    st.integers(0, MAX_MS - 1_000_000),
)
PARTS = st.tuples(TIMES, COUNTERS, NODES)
CLOCKS = st.one_of(TIMES, st.integers(-MAX_MS, 2 * MAX_MS).map(lambda ms: min(ms, MAX_MS - 10**6)))


@given(PARTS, PARTS)
def test_text_order_is_time_order(one: tuple[int, int, str], other: tuple[int, int, str]) -> None:
    assert (one < other) == (make_stamp(*one) < make_stamp(*other))
    assert read_stamp(make_stamp(*one)) == one


@given(st.text())
def test_reading_anything_gives_parts_or_a_value_error(text: str) -> None:
    try:
        parts = read_stamp(text)
    except ValueError:
        assert not is_stamp(text)
    else:
        assert make_stamp(*parts) == text


@given(NODES, st.lists(st.tuples(CLOCKS, st.none() | PARTS), max_size=30))
def test_a_device_never_goes_back(
    node: str, moments: list[tuple[int, tuple[int, int, str] | None]]
) -> None:
    """Whatever the wall clock does and whatever arrives between two writes."""
    last = None
    for now, received in moments:
        if received is not None:
            last = max(last or "", make_stamp(*received))
        stamp = next_stamp(last, now, node)
        assert last is None or stamp > last
        assert read_stamp(stamp)[0] >= min(now, MAX_MS)
        assert read_stamp(stamp)[2] == node
        last = stamp


@given(st.integers(MAX_COUNTER - 3, MAX_COUNTER), NODES, st.integers(1, 8))
def test_a_full_counter_carries_into_the_time(counter: int, node: str, steps: int) -> None:
    stamp = make_stamp(NOW, counter, node)
    for _ in range(steps):
        stamp = next_stamp(stamp, NOW - 1, node)
    total = counter + steps
    carried, left = divmod(total, MAX_COUNTER + 1)
    assert read_stamp(stamp) == (NOW + carried, left, node)


@given(st.lists(st.tuples(PARTS, TIMES), min_size=1, max_size=30))
def test_effective_stamps_of_a_device_only_rise(
    receipts: list[tuple[tuple[int, int, str], int]],
) -> None:
    last = None
    for claimed, now in receipts:
        stamp = effective_stamp(make_stamp(*claimed), now, last)
        assert last is None or stamp[:16] > last[:16]
        assert stamp[16:] == claimed[2]
        last = stamp


@given(PARTS, TIMES, st.none() | PARTS)
def test_the_clamping_rule(
    claimed: tuple[int, int, str], now: int, last: tuple[int, int, str] | None
) -> None:
    stamp = make_stamp(*claimed)
    previous = None if last is None else make_stamp(*last)
    effective = effective_stamp(stamp, now, previous)
    ms, counter, _ = read_stamp(effective)
    pushed = last is not None and (ms, counter) == _step(last)
    assert is_clamped(stamp, now) == (claimed[0] > now + CLAMP_MS)
    if pushed:
        return
    assert last is None or (ms, counter) > _step(last)
    if is_clamped(stamp, now):
        assert (ms, counter) == (now + CLAMP_MS, 0)
    else:
        assert effective == stamp


def _step(parts: tuple[int, int, str]) -> tuple[int, int]:
    return divmod(parts[0] * (MAX_COUNTER + 1) + parts[1] + 1, MAX_COUNTER + 1)
