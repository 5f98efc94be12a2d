"""A loop whose clock jumps to the next thing that is due: hours of pauses pass at once, and can be measured exactly."""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """For code that waits by `asyncio` alone. Where nothing is due, nothing would ever happen, and that is an error."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self.now


class _Jumping(selectors.DefaultSelector):  # type: ignore[misc,valid-type]
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everything waits, and nothing will wake it"
        self._loop.now += timeout
        return super().select(0)


_real_time = time.time


def virtual_clock(begun: float) -> Callable[[], float]:
    """In the place of `time.time`: a virtual loop's time since `begun`. Threads without one are told the real time."""

    def tell() -> float:
        loop = asyncio._get_running_loop()
        return begun + loop.time() if isinstance(loop, VirtualLoop) else _real_time()

    return tell


def run_virtually(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
