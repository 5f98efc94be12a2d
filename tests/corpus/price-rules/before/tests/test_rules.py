import pytest

from pricing.rules import price


@pytest.mark.parametrize(
    ("quantity", "member", "expected"),
    [(1, False, 100), (9, False, 900), (10, False, 900), (99, False, 8910), (100, False, 8000), (100, True, 7600)],
)
def test_price(quantity, member, expected):
    assert price(100, quantity, member) == expected
