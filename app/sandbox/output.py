"""What a command printed: the head and the tail are kept, the middle is counted."""


class Output:
    """Takes bytes as they come; never holds more than `limit` of them."""

    def __init__(self, limit: int) -> None:
        self._half = max(1, limit // 2)
        self._head = bytearray()
        self._tail = bytearray()
        self.total = 0

    def add(self, chunk: bytes) -> None:
        self.total += len(chunk)
        room = self._half - len(self._head)
        if room > 0:
            self._head += chunk[:room]
            chunk = chunk[room:]
        self._tail += chunk
        if len(self._tail) > self._half:
            del self._tail[: len(self._tail) - self._half]

    @property
    def omitted(self) -> int:
        return self.total - len(self._head) - len(self._tail)

    def text(self) -> str:
        head, tail = self._head.decode("utf-8", "replace"), self._tail.decode("utf-8", "replace")
        if not self.omitted:
            return (self._head + self._tail).decode("utf-8", "replace")
        return f"{head}\n[... {self.omitted} bytes are left out here ...]\n{tail}"
