"""What a benchmark found: figures beside their raw limits and goals, as a table and as JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).resolve().parents[2] / ".bench" / "results.json"


@dataclass(frozen=True)
class Figure:
    """One figure. `limit` is what the bare machine needed for the same work in the same run.

    At most one goal: `most` or `least` for the value, `most_times` for its ratio to the limit.
    """

    step: str
    value: float
    unit: str
    limit: float | None = None
    most: float | None = None
    least: float | None = None
    most_times: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the limit; None where there is none."""
        return self.value / self.limit if self.limit else None

    @property
    def goal(self) -> str | None:
        """The goal in words."""
        if self.most_times is not None:
            return f"≤ {self.most_times:g} ×"
        if self.least is not None:
            return f"≥ {self.least:g} {self.unit}"
        return None if self.most is None else f"≤ {self.most:g} {self.unit}"

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if self.most_times is not None:
            return self.ratio is not None and self.ratio <= self.most_times
        if self.least is not None:
            return self.value >= self.least
        return None if self.most is None else self.value <= self.most

    def as_json(self) -> dict[str, object]:
        """What `.bench/results.json` holds of it."""
        return {
            "step": self.step,
            "value": round(self.value, 3),
            "unit": self.unit,
            "limit": None if self.limit is None else round(self.limit, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 2),
            "goal": self.goal,
            "met": self.met,
        }


def median_and_worst(
    step: str, values: Iterable[float], unit: str = "ms", most: float | None = None
) -> list[Figure]:
    """The middle and the worst of one figure measured several times, held to the same goal."""
    found = sorted(values)
    return [
        Figure(f"{step}: median of {len(found)}", median(found), unit, most=most),
        Figure(f"{step}: worst of {len(found)}", found[-1], unit, most=most),
    ]


def line(figure: Figure) -> str:
    """A figure as a line of the table."""
    limit = "" if figure.limit is None else f"{figure.limit:,.2f}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.1f} ×"
    met = {True: "met", False: "MISSED", None: ""}[figure.met]
    value = f"{figure.value:,.{0 if figure.value >= 1000 else 2}f} {figure.unit}"
    return f"  {figure.step:<82}{value:>16}{limit:>11}{ratio:>9}  {figure.goal or '':<14}{met}"


def write(figures: Iterable[Figure]) -> None:
    """Write `.bench/results.json`."""
    RESULTS.parent.mkdir(exist_ok=True)
    found = [figure.as_json() for figure in figures]
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
