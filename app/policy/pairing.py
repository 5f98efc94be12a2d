"""Which perspectives share a reader on a small or harmless change: two of them, each with a verdict of its own. Pure.

What each reader looks up for itself is most of what a small change costs. Who has a veto reads alone, and where a
mistake is dear everybody does.
"""

from collections.abc import Collection, Sequence

from app.policy.increment import SMALL_CHARACTERS
from app.policy.risk import Level

PAIRS = (("performance", "architecture"), ("testing", "documentation"))
"""The first two look at how the code is built, the others at what stands beside it."""


def pairs_of(
    asked: Sequence[str], vetoes: Collection[str], level: Level, characters: int
) -> tuple[tuple[str, str], ...]:
    """`characters`: of diff, below which no change is read in part only either. At low risk, few lines may be long."""
    if level == "high" or (level == "medium" and characters >= SMALL_CHARACTERS):
        return ()
    alone = set(vetoes)
    return tuple(pair for pair in PAIRS if set(pair) <= set(asked) and not set(pair) & alone)
