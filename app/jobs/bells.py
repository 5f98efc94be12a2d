"""Which events of a stream ring. Pure: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream.

Of a line no more is kept than tells its field: whatever a relay sends, it needs a few bytes here.
"""

_KEPT_BYTES = 64
_SILENT = frozenset({b"ready", b"ping"})
"""A relay's own signs of life: https://github.com/probot/smee.io/blob/master/lib/server.js."""


class Bells:
    """Fed with a stream as it comes."""

    def __init__(self) -> None:
        self._line = b""
        self._event = b""
        self._has_data = False

    def feed(self, chunk: bytes) -> int:
        """How many events ended in this piece that something may be behind."""
        first, *more = chunk.split(b"\n")
        self._line = (self._line + first[:_KEPT_BYTES])[:_KEPT_BYTES]
        rung = 0
        for each in more:
            rung += self._end_line()
            self._line = each[:_KEPT_BYTES]
        return rung

    def _end_line(self) -> int:
        line = self._line.removesuffix(b"\r")
        if line:
            field, _, value = line.partition(b":")
            if field == b"event":
                self._event = value.removeprefix(b" ")
            self._has_data |= field == b"data"
            return 0
        rings = self._has_data and self._event not in _SILENT
        self._event, self._has_data = b"", False
        return int(rings)
