"""A provider with a prompt cache as https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching tells it."""

import asyncio
import hashlib
import json
from itertools import accumulate
from typing import Any

from app.llm.messages import Reply, Request, ToolUse, Usage
from app.llm.providers import open_model
from app.settings import Settings

_CHARACTERS_A_TOKEN = 4
_LEAST_TOKENS = 1_024
_LOOK_BACK = 20
"""Blocks before a breakpoint at which an earlier request's cache is still looked for."""
REPORT = {"verdict": "approve", "confidence": 0.9, "summary": "Read. " * 40, "findings": []}


class Caching:
    """A `Model` that reads for `turns` turns and reports. What a request writes can be read once it was answered.

    `calls`: files that it reads in one turn.
    """

    def __init__(self, turns: int, calls: int = 1) -> None:
        self._turns = turns
        self._calls = calls
        self._renders = open_model("anthropic:claude-sonnet-4-5", "", Settings()).wire
        self._cached: set[str] = set()
        self.usage = Usage()

    async def reply(self, request: Request) -> Reply:
        blocks = _blocks(self._renders._render(request))
        sizes = [len(text) // _CHARACTERS_A_TOKEN for text, _ in blocks]
        upto = list(accumulate(sizes))
        prefixes = [
            each.hexdigest() for each in accumulate((text for text, _ in blocks), _digest, initial=_digest()) if each
        ][1:]
        breaks = [number for number, (_, marked) in enumerate(blocks) if marked and upto[number] >= _LEAST_TOKENS]
        near = {number for end in breaks for number in range(max(0, end - _LOOK_BACK), end + 1)}
        read = max((upto[number] for number in near if prefixes[number] in self._cached), default=0)
        written = max((upto[number] for number in breaks), default=0)
        await asyncio.sleep(0)  # those that were asked at the same time are on their way as well
        self._cached |= {prefixes[number] for number in breaks}
        used = Usage(upto[-1] - max(read, written), read, max(0, written - read))
        self.usage = Usage(
            *(getattr(self.usage, name) + getattr(used, name) for name in ("input", "cache_read", "cache_write"))
        )
        turn = 1 + sum(message.role == "assistant" for message in request.messages)
        if turn >= self._turns:
            also = [{**REPORT, "perspective": name} for name in request.role.split("+")[1:]]
            return Reply((ToolUse(f"t{turn}", "report", {**REPORT, "also": also}),), "tool_use", "caching", used)
        paths = [f"src/{request.role}/m{turn}-{number}.py" for number in range(self._calls)]
        asked = tuple(ToolUse(f"t{turn}-{number}", "read_file", {"path": path}) for number, path in enumerate(paths))
        return Reply(asked, "tool_use", "caching", used)


def _digest(before: Any = None, text: str = "") -> Any:
    after = hashlib.sha256() if before is None else before.copy()
    after.update(f"{len(text)}:{text}".encode())
    return after


def _blocks(body: dict[str, Any]) -> list[tuple[str, bool]]:
    """Every block in the order of the cache, and whether it is a breakpoint."""
    blocks = [
        *body.get("tools", []),
        *body["system"],
        *(block for each in body["messages"] for block in each["content"]),
    ]
    return [(json.dumps({**block, "cache_control": None}), "cache_control" in block) for block in blocks]
