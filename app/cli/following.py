"""Following a run: look, show what has come, wait, until it has ended."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.text import Text

from app.cli.run_lines import news, whole
from app.cli.run_views import RunView

_ABOVE = 4
"""Rows that are left free, so that the picture never scrolls."""


class Screen(Protocol):
    def show(self, before: RunView | None, now: RunView, /) -> None: ...


class Lines:
    """For pipes and logs: each thing once, as it comes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, before: RunView | None, now: RunView, /) -> None:
        for line in news(before, now):
            self._console.print(Text(line), soft_wrap=True)


class Picture:
    """For a terminal: one picture that is drawn again, as high as the window; the oldest steps make room."""

    def __init__(self, console: Console, live: Live) -> None:
        self._console = console
        self._live = live

    def show(self, _before: RunView | None, now: RunView, /) -> None:
        lines = whole(now)
        room = max(self._console.height - _ABOVE, 5)
        if len(lines) > room and not now.ended:
            head = next((at for at, line in enumerate(lines) if line.startswith("  ")), 1)
            lines = [*lines[:head], "  ...", *lines[len(lines) - (room - head - 1) :]]
        told = Text("\n".join(lines)) if now.ended else Text("\n".join(lines), no_wrap=True, overflow="ellipsis")
        self._live.update(told, refresh=True)


async def follow(
    read: Callable[[], Awaitable[RunView]], wait: Callable[[], Awaitable[object]], screen: Screen
) -> RunView:
    """Until the run has ended; returns how it stands then. What came with its end is shown, too."""
    before: RunView | None = None
    while True:
        now = await read()
        screen.show(before, now)
        if now.ended:
            return now
        before = now
        await wait()
