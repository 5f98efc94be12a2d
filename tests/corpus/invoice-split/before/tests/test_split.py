from decimal import Decimal

from billing.split import split_evenly


def test_nothing_is_lost():
    assert split_evenly(Decimal("10.00"), 4) == [Decimal("2.50")] * 4
