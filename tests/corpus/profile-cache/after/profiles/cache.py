import time
from collections.abc import Callable
from typing import Any


class Cache:
    """Values that are good for some seconds; at most `size` of them, the oldest go first."""

    def __init__(self, lifetime_s: float, size: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._lifetime_s = lifetime_s
        self._size = size
        self._clock = clock
        self._values: dict[str, tuple[float, Any]] = {}

    def get(self, key: str, make: Callable[[], Any]) -> Any:
        found = self._values.get(key)
        if found is not None and self._clock() < found[0]:
            return found[1]
        value = make()
        self._values.pop(key, None)
        if len(self._values) >= self._size:
            del self._values[next(iter(self._values))]
        self._values[key] = (self._clock() + self._lifetime_s, value)
        return value

    def drop(self, key: str) -> None:
        self._values.pop(key, None)
