import time
from collections import deque

WINDOW_S = 60
MOST = 5


class Throttle:
    """Lets an account try to log in `MOST` times a minute. `accounts` are those that exist, a few hundred."""

    def __init__(self, accounts: list[str], clock=time.monotonic) -> None:
        self._clock = clock
        self._tries = {account: deque(maxlen=MOST) for account in accounts}

    def allow(self, account: str) -> bool:
        tries = self._tries.get(account)
        if tries is None:
            return True
        now = self._clock()
        if len(tries) == MOST and now - tries[0] < WINDOW_S:
            return False
        tries.append(now)
        return True
