"""The port through which every turn and tool call is journalled; `app.runs` implements it, tests use a dict."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from app.policy.values import JsonValue


class Steps(Protocol):
    """`do` runs at most once to its end for a name within a run: a finished step returns what was journalled."""

    async def step(self, name: str, do: Callable[[], Awaitable[JsonValue]]) -> JsonValue: ...
