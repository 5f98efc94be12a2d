"""How much work a review puts into a change, by the change's risk. Pure; the gate asks for the same verdicts of all."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.policy.risk import Level


@dataclass(frozen=True)
class Effort:
    """`turns`: the share of the turns that a perspective's file names. `around`: characters of code beside the hunks.

    `histories`: of how many files reviewers are told what was done to them before.
    """

    turns: float
    around: int
    histories: int

    def turns_of(self, named: int) -> int:
        """Never so few that a reviewer could not look at anything."""
        return max(_FEWEST_TURNS, math.ceil(named * self.turns))


_FEWEST_TURNS = 4
USUAL = Effort(turns=1.0, around=60_000, histories=3)
EFFORTS: Mapping[Level, Effort] = {
    "low": Effort(turns=0.6, around=15_000, histories=0),
    "medium": USUAL,
    "high": Effort(turns=1.6, around=90_000, histories=6),
}
"""Documents and tests need little beside them; where a mistake is dear, looking is cheap."""
