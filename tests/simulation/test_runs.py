"""Two hundred runs of the simulator; each prints how to play it again when it goes wrong."""

from collections import Counter

import pytest

from tests.simulation.run import run

SEEDS = range(1, 151)

MUST_HAPPEN = (
    "accepted", "refused", "told to retry", "sent again", "clamped", "device_cloned", "late",
    "repeated by a clone", "sign_in_needed", "rows with two versions", "two versions seen",
    "killed_at_work", "killed_after_commit", "lost_request", "lost_reply", "doubled", "too_large",
    "answer_twice", "phone_killed", "reached over", "odd case", "fresh phone", "admission",
    "rolled back", "server clock", "told of a restore", "brought back", "erasure", "purged",
    "lock out", "device_locked", "given up, held", "given up, refused", "wiped",
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost(seed: int) -> None:
    run(seed)


@pytest.mark.parametrize("seed", range(151, 201))
@pytest.mark.xdist_group("simulation on postgresql")
def test_nothing_is_lost_on_postgresql_either(seed: int) -> None:
    run(seed, kind="postgresql")


def test_a_seed_plays_the_same_run_again() -> None:
    first: list[str] = []
    second: list[str] = []
    run(4, first.append)
    run(4, second.append)
    assert first == second
    assert len(first) > 40


def test_what_a_run_is_made_for_happens() -> None:
    counts: Counter[str] = Counter()
    for seed in range(1, 41):
        counts.update(run(seed))
    never = [what for what in MUST_HAPPEN if not counts[what]]
    assert not never, f"in 40 runs never: {never}"
