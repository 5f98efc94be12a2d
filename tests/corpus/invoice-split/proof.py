from decimal import Decimal

from billing.split import split_evenly

parts = split_evenly(Decimal("100.00"), 3)
assert sum(parts) == Decimal("100.00"), parts
