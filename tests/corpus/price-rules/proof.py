from pricing.rules import price

assert price(100, 10, False) == 900
assert price(100, 100, False) == 8000, price(100, 100, False)
