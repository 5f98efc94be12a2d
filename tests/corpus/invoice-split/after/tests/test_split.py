from decimal import Decimal

from billing.split import split_by, split_evenly


def test_nothing_is_lost():
    assert split_evenly(Decimal("10.00"), 4) == [Decimal("2.50")] * 4


def test_weights():
    assert split_by(Decimal("10.00"), [3, 1]) == [Decimal("7.50"), Decimal("2.50")]
