import pytest

from pricing.rules import STEPS, price


@pytest.mark.parametrize("quantity", [1, 9, 10, 99, 100])
def test_price(quantity):
    percent = next((percent for least, percent in STEPS if quantity >= least), 100)
    assert price(100, quantity, member=False) == quantity * percent


def test_members_pay_less():
    assert price(100, 1, member=True) == 95
