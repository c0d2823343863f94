"""How rough a run is."""

from dataclasses import dataclass
from random import Random


class PhoneKilled(Exception):
    """The phone's process is gone; what it had stored is there."""


@dataclass
class Weather:
    """How often what goes wrong in one run: chances of 0 to 1."""

    lost_request: float = 0
    lost_reply: float = 0
    doubled: float = 0
    late: float = 0
    killed_at_work: float = 0
    killed_after_commit: float = 0
    too_large: float = 0
    answer_twice: float = 0
    phone_killed: float = 0

    @classmethod
    def drawn(cls, chance: Random) -> "Weather":
        """Calm and rough runs, each in its own way."""
        rates = {name: chance.choice((0, 0.04, 0.12, 0.3)) for name in cls.__dataclass_fields__}
        # Two of three requests must get through, or nothing ever happens.
        worst = sum(list(rates.values())[:6])
        scale = min(1.0, 0.5 / worst) if worst else 1.0
        return cls(**{name: rate * scale for name, rate in rates.items()})
