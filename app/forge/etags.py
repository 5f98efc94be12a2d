"""Answers that GitHub need not send twice: the latest of each URL, with the ETag that asks whether it still holds.

A 304 costs none of the hour's requests and brings no body:
https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

_LIMIT_BYTES = 32 * 1024 * 1024
_OVERHEAD_BYTES = 1024
"""What an entry takes beside its body, about."""


@dataclass(frozen=True)
class Reader:
    """Who may see an answer: an installation with one set of permissions. Nobody else is shown what it was given."""

    installation_id: int
    permissions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Held:
    """An answer as it came: bytes, so that nobody can change what the next reader gets."""

    etag: str
    headers: Mapping[str, str]
    body: bytes


class Etags:
    """Holds the answers that were used last, up to `limit_bytes`; a single one may take an eighth of that."""

    def __init__(self, limit_bytes: int = _LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._held: OrderedDict[tuple[Reader, str], Held] = OrderedDict()
        self.size_bytes = 0

    def get(self, reader: Reader, url: str) -> Held | None:
        held = self._held.get((reader, url))
        if held is not None:
            self._held.move_to_end((reader, url))
        return held

    def put(self, reader: Reader, url: str, held: Held) -> None:
        self.drop(reader, url)
        if _size(held) > self._limit_bytes // 8:
            return
        self._held[reader, url] = held
        self.size_bytes += _size(held)
        while self.size_bytes > self._limit_bytes:
            self.size_bytes -= _size(self._held.popitem(last=False)[1])

    def drop(self, reader: Reader, url: str) -> None:
        held = self._held.pop((reader, url), None)
        if held is not None:
            self.size_bytes -= _size(held)


def _size(held: Held) -> int:
    return len(held.body) + _OVERHEAD_BYTES
