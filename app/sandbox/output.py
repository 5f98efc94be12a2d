"""What a command printed: the head and the tail are kept, the middle is counted."""


class Output:
    """Takes bytes as they come; never holds more than `limit` of them."""

    def __init__(self, limit: int) -> None:
        self._half = max(1, limit // 2)
        self._head = bytearray()
        self._tail = bytearray()
        self._lines = 0
        self.total = 0

    def add(self, chunk: bytes) -> None:
        self.total += len(chunk)
        self._lines += chunk.count(b"\n")
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
        """All of it, or its first and last lines as far as they are held whole, with how many are missing between."""
        if not self.omitted:
            return (self._head + self._tail).decode("utf-8", "replace")
        head, cut, _ = self._head.rpartition(b"\n")
        _, mended, tail = self._tail.partition(b"\n")
        if not cut or not mended or not tail:  # a line that is longer than what is held
            return f"{_text(self._head)}\n[... {self.omitted} bytes are left out here ...]\n{_text(self._tail)}"
        lines = self._lines - head.count(b"\n") - tail.count(b"\n") - 1
        return f"{_text(head)}\n[... {lines} lines are left out here ...]\n{_text(tail)}"


def _text(held: bytes | bytearray) -> str:
    return held.decode("utf-8", "replace")
