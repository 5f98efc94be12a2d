class Consumer:
    """Reads messages of one queue. `timeout` is in seconds."""

    def __init__(self, queue: str, timeout: float = 30, batch: int = 100, wait=None) -> None:
        self.queue = queue
        self._timeout = timeout
        self._batch = batch
        self._wait = wait or (lambda queue, seconds: [])

    def poll(self) -> list[bytes]:
        return self._wait(self.queue, self._timeout)[: self._batch]
