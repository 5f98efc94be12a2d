import time
from collections import deque

WINDOW_S = 60
MOST = 20


class Throttle:
    """Lets an address try to log in `MOST` times a minute."""

    def __init__(self, clock=time.monotonic) -> None:
        self._clock = clock
        self._tries: dict[str, deque[float]] = {}

    def allow(self, address: str) -> bool:
        tries = self._tries.setdefault(address, deque(maxlen=MOST))
        now = self._clock()
        if len(tries) == MOST and now - tries[0] < WINDOW_S:
            return False
        tries.append(now)
        return True

    def __len__(self) -> int:
        """How many addresses are kept in mind."""
        return len(self._tries)
