"""`python -m tests.simulation --seed N` plays one run again, every step told.

With `--count M` it plays the runs N … N+M-1 and tells only what goes wrong.
"""

import argparse
import sys
import time
from collections import Counter

from tests.databases import KINDS
from tests.simulation.run import Failed, run


def main() -> int:
    """Play what was asked for; 1 when a run went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    began, failed = time.monotonic(), 0
    for seed in range(given.seed, given.seed + given.count):
        try:
            counts.update(run(seed, print if given.count == 1 else lambda _: None, given.database))
        except Failed as problem:
            failed += 1
            print(problem, file=sys.stderr)
    print(f"{given.count} runs, {failed} failed, {time.monotonic() - began:.1f} s")
    print(dict(sorted(counts.items())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
