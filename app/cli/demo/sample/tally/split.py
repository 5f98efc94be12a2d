"""Ways to divide an amount. Amounts are whole cents."""


def split_evenly(total, people):
    """Divide `total` cents between `people` people."""
    if people < 1:
        raise ValueError("people must be at least 1")
    share = total // people
    return [share] * people


def split_by_weight(total, weights):
    """Divide `total` cents in proportion to `weights`; what is left goes to the largest fractions first."""
    if not weights or min(weights) < 0 or sum(weights) == 0:
        raise ValueError("weights must be non-negative, and at least one must be positive")
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    fractions = [total * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: -fractions[i])
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
