"""Whole conversations in a file, one reply a line, and a model that answers from such a file: for reports of faults.

What looks like a key is taken out; the code and the words that models were shown are in it, so it is for people who may
see them.
"""

import asyncio
import hashlib
import json
import os
from collections import defaultdict
from pathlib import Path

from pydantic import ValidationError

from app.llm.codec import dump_reply, load_reply
from app.llm.errors import ScriptError
from app.llm.messages import Reply, Request, Text, ToolResult
from app.telemetry import redact

_Key = tuple[str, str, int]


class Recorder:
    """Appends to `path`, which nobody but us can read; what is in it already stays."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._one = asyncio.Lock()

    async def record(self, request: Request, reply: Reply) -> None:
        """Raises `OSError` when it cannot be written: who wants a record wants a whole one."""
        role, opening, turn = _key(request)
        told = {"role": role, "opening": opening, "turn": turn, "asked": _newest(request), "reply": dump_reply(reply)}
        if turn == 0:
            told["shown"] = [request.system, request.shared, request.part]
        line = json.dumps(_hide(told), ensure_ascii=False) + "\n"
        async with self._one:
            await asyncio.to_thread(self._append, line.encode(errors="replace"))

    def _append(self, line: bytes) -> None:
        # One write a line: several processes may append to one file.
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)


class Replayed:
    """A `Model`. The same conversation gets the same replies; of several that began alike, in their order."""

    def __init__(self, path: Path, replies: dict[_Key, list[Reply]]) -> None:
        self._path = path
        self._replies = replies

    @classmethod
    def load(cls, path: Path) -> "Replayed":
        """Raises `ScriptError` that names the file and the line."""
        replies: dict[_Key, list[Reply]] = defaultdict(list)
        lines = 0
        try:
            for line in path.read_text(encoding="utf-8").splitlines():
                lines += 1
                told = json.loads(line)
                key = (str(told["role"]), str(told["opening"]), int(told["turn"]))
                replies[key].append(load_reply(told["reply"]))
        except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
            raise ScriptError(f"the recording {path} cannot be replayed, line {lines}: {error}") from error
        return cls(path, dict(replies))

    async def reply(self, request: Request) -> Reply:
        """Raises `ScriptError` for what was not recorded."""
        recorded = self._replies.get(_key(request), [])
        if not recorded:
            turn = _key(request)[2] + 1
            told = f"{self._path} has no reply {turn} for {request.role} to a conversation that begins like this"
            raise ScriptError(f"{told}: {_newest(request)[-300:]}")
        return recorded.pop(0) if len(recorded) > 1 else recorded[0]


def _key(request: Request) -> _Key:
    """Who asks, how the conversation began, and how far it is: outputs of tools may differ a little each time."""
    first = [block.text for block in request.messages[0].content if isinstance(block, Text)]
    opening = "\0".join([request.system, request.shared, request.part, *first])
    digest = hashlib.sha256(opening.encode(errors="replace")).hexdigest()[:32]
    return request.role, digest, sum(message.role == "assistant" for message in request.messages)


def _hide(value: object) -> object:
    """Text by text: over a whole line, what looks like the beginning of a key could take the rest of it along."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact(str(name)): _hide(each) for name, each in value.items()}
    return [_hide(each) for each in value] if isinstance(value, list | tuple) else value


def _newest(request: Request) -> str:
    texts = (
        block.text if isinstance(block, Text) else block.content
        for block in request.messages[-1].content
        if isinstance(block, Text | ToolResult)
    )
    return "\n".join(texts)
