class Consumer:
    """Reads messages of one queue. `timeout_ms` is in milliseconds."""

    def __init__(self, queue: str, timeout_ms: int = 30_000, batch: int = 100, wait=None, **settings: object) -> None:
        self.queue = queue
        self._timeout_ms = timeout_ms
        self._batch = batch
        self._settings = settings
        self._wait = wait or (lambda queue, seconds: [])

    def poll(self) -> list[bytes]:
        return self._wait(self.queue, self._timeout_ms / 1000)[: self._batch]
