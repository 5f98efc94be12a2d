"""Models that are lists of replies, and a journal that is a dict: an agent's loop without anything else."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from app.llm.errors import ModelError
from app.llm.messages import Reply, Request, Text, ToolUse
from app.policy.values import JsonValue, MicroUsd


class Journal:
    """`Steps` in memory: what is finished is given back through JSON, as a database would."""

    def __init__(self, known: dict[str, str] | None = None) -> None:
        self.known = dict(known or {})

    async def step(self, name: str, do: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        if name not in self.known:
            self.known[name] = json.dumps(await do())
        return json.loads(self.known[name])


class Model:
    """Answers from a list, then for ever the last; keeps what it was sent."""

    def __init__(self, *replies: Reply | ModelError) -> None:
        self.replies = replies
        self.sent: list[Request] = []

    async def reply(self, request: Request) -> Reply:
        self.sent.append(request)
        turn = sum(message.role == "assistant" for message in request.messages)
        reply = self.replies[min(turn, len(self.replies) - 1)]
        if isinstance(reply, ModelError):
            raise reply
        return reply


def calls(*uses: tuple[str, dict[str, Any]], text: str = "", stop: str = "tool_use") -> Reply:
    blocks = [Text(text)] if text else []
    uses_ = [ToolUse(f"t{number}", name, value) for number, (name, value) in enumerate(uses)]
    return Reply((*blocks, *uses_), stop, "test", cost=MicroUsd(10))


def says(text: str, stop: str = "end") -> Reply:
    return Reply((Text(text),) if text else (), stop, "test", cost=MicroUsd(10))
