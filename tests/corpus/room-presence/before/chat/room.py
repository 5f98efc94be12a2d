from collections.abc import Awaitable, Callable
from contextlib import suppress

Send = Callable[[str], Awaitable[None]]


class Room:
    """People in one room, by name."""

    def __init__(self, most: int = 50) -> None:
        self._most = most
        self._people: dict[str, Send] = {}

    async def say(self, text: str) -> None:
        """Tell everybody. Whoever broke off is taken out by their own handler, which calls `leave` at its end."""
        for send in list(self._people.values()):
            with suppress(ConnectionError):
                await send(text)
