LONGEST_S = 300.0


def pause_s(attempt: int) -> float:
    """How long to wait before the next try; `attempt` counts from 1."""
    return min(LONGEST_S, 2.0**attempt)
