from decimal import Decimal

from billing.money import from_cents, to_cents


def split_evenly(amount: Decimal, parts: int) -> list[Decimal]:
    """Cut an amount into equal parts; the first ones get the cents that are left over."""
    if parts < 1:
        raise ValueError("there must be at least one part")
    share, left = divmod(to_cents(amount), parts)
    return [from_cents(share + (number < left)) for number in range(parts)]
