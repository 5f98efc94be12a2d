def price(cents: int, quantity: int, member: bool) -> int:
    """What `quantity` pieces cost: from 10 on a tenth less, from 100 on a fifth; members get another 5 percent."""
    total = cents * quantity
    if quantity >= 100:
        total = total * 80 // 100
    elif quantity >= 10:
        total = total * 90 // 100
    if member:
        total = total * 95 // 100
    return total
