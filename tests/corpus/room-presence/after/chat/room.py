from collections.abc import Awaitable, Callable
from contextlib import suppress

Send = Callable[[str], Awaitable[None]]


class Room:
    """People in one room, by name."""

    def __init__(self, most: int = 50) -> None:
        self._most = most
        self._people: dict[str, Send] = {}

    async def enter(self, name: str, send: Send) -> bool:
        """Let somebody in, and tell the others. False when the room is full or the name is taken."""
        if len(self._people) >= self._most or name in self._people:
            return False
        self._people[name] = send
        await self.say(f"{name} is here ({len(self._people)})")
        return True

    async def leave(self, name: str) -> None:
        if self._people.pop(name, None) is not None:
            await self.say(f"{name} left ({len(self._people)})")

    async def say(self, text: str) -> None:
        """Tell everybody. Whoever broke off is taken out by their own handler, which calls `leave` at its end."""
        for send in list(self._people.values()):
            with suppress(ConnectionError):
                await send(text)
