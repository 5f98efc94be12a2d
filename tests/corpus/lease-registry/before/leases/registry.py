import time
from collections.abc import Callable


class Registry:
    """Who holds which resource until when."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._leases: dict[str, tuple[str, float]] = {}

    def acquire(self, resource: str, holder: str, seconds: float) -> bool:
        held = self._leases.get(resource)
        if held is not None and held[1] > self._clock() and held[0] != holder:
            return False
        self._leases[resource] = (holder, self._clock() + seconds)
        return True

    def holder(self, resource: str) -> str | None:
        held = self._leases.get(resource)
        return held[0] if held is not None and held[1] > self._clock() else None

    def __len__(self) -> int:
        return len(self._leases)
