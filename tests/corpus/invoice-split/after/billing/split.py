from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from billing.money import CENT


def split_by(amount: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """Cut an amount into parts by their weights, each in whole cents."""
    if not weights or min(weights) < 1:
        raise ValueError("there must be at least one weight, and none below 1")
    total = sum(weights)
    return [(amount * weight / total).quantize(CENT, ROUND_HALF_UP) for weight in weights]


def split_evenly(amount: Decimal, parts: int) -> list[Decimal]:
    """Cut an amount into equal parts."""
    if parts < 1:
        raise ValueError("there must be at least one part")
    return split_by(amount, [1] * parts)
