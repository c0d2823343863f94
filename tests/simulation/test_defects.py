"""A simulator that finds nothing proves nothing: it must find every defect made on purpose."""

from collections.abc import Iterable

import pytest

from tests.simulation.defects import DEFECTS
from tests.simulation.locked_defects import LOCKED
from tests.simulation.run import Failed, office, run

SEEDS = range(1, 151)
"""The most; all but two of the defects show within the first forty."""


def run_all(seeds: Iterable[int]) -> None:
    for seed in seeds:
        run(seed)


ALL = DEFECTS | LOCKED


@pytest.mark.parametrize("name", ALL)
def test_a_defect_is_found_within_few_seeds(name: str) -> None:
    office("sqlite")  # Made whole: only the runs are broken.
    with ALL[name](), pytest.raises(Failed, match=r"-m tests\.simulation --seed \d+"):
        run_all(SEEDS)
