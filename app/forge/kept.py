"""What git told of two commits or trees. Their names fix the answer, and a review asks for the same one ten times."""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sized
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T", bound=Sized)
_MOST = 256
_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Kept(Generic[T]):
    """The newest answers, by mirror and the two names: 256 at most, and together no longer than `room`."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._held: OrderedDict[tuple[Path, str, str], T] = OrderedDict()

    async def get(self, mirror: Path, base: str, head: str, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer, from `ask` where it is not held. What is named otherwise than in full may change: never held."""
        key = (mirror, base, head)
        if key not in self._held:
            told = await ask()
            if not (_NAME.fullmatch(base) and _NAME.fullmatch(head)):
                return told
            self._held[key] = told
            self._make_room()
            return told
        self._held.move_to_end(key)
        return self._held[key]

    def _make_room(self) -> None:
        while len(self._held) > _MOST or sum(map(len, self._held.values())) > self._room:
            self._held.popitem(last=False)
