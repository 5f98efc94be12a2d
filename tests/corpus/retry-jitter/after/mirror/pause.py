import random

LONGEST_S = 300.0


def pause_s(attempt: int, draw=random.uniform) -> float:
    """How long to wait before the next try; `attempt` counts from 1. Drawn, so that mirrors do not come together."""
    return draw(0, min(LONGEST_S, 2.0 ** min(attempt, 16)))
