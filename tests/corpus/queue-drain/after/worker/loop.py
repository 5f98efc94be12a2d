import queue
from collections.abc import Callable


class Worker:
    """Takes messages from a queue of its own, which the receiver fills."""

    def __init__(self, handle: Callable[[bytes], None]) -> None:
        self._handle = handle
        self.inbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def run(self) -> None:
        """Until the receiver puts None; then what else is there is handled, too."""
        while (message := self.inbox.get()) is not None:
            self._handle(message)
        while True:
            try:
                message = self.inbox.get_nowait()
            except queue.Empty:
                return
            if message is not None:
                self._handle(message)
