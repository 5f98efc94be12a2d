STEPS = ((10, 90), (100, 80))
"""From how many pieces on what percentage is paid."""
MEMBER = 95


def price(cents: int, quantity: int, member: bool) -> int:
    """What `quantity` pieces cost by the table; members get another 5 percent."""
    total = cents * quantity
    percent = next((percent for least, percent in STEPS if quantity >= least), 100)
    total = total * percent // 100
    return total * MEMBER // 100 if member else total
