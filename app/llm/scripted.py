"""A model whose replies come from a file, for the demo and for tests. It never passes for a real one.

The reply is chosen by the role, a text that the first message must hold, and how many replies the conversation has
already: the same request always gets the same reply, so that a resumed run goes on as it would have.
"""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.llm.errors import ScriptError
from app.llm.messages import Block, Reply, Request, Text, Thought, ToolResult, ToolUse, Usage
from app.policy.values import Json

MODEL = "scripted"
_CHARACTERS_A_TOKEN = 4


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ScriptedCall(_Strict):
    name: str
    input: Json = Field(default_factory=dict)


class ScriptedReply(_Strict):
    """`expect`: texts that the newest message must hold, so that a script notices when it is not listened to."""

    text: str = ""
    tools: list[ScriptedCall] = Field(default_factory=list)
    expect: list[str] = Field(default_factory=list)
    stop: Literal["end", "tool_use", "max_tokens", "refusal"] | None = None


class Conversation(_Strict):
    role: str
    when: str = ""
    replies: list[ScriptedReply] = Field(min_length=1)


class Script(_Strict):
    label: str
    conversations: list[Conversation]


class Scripted:
    """A `Model`."""

    def __init__(self, script: Script) -> None:
        self._script = script

    @classmethod
    def load(cls, path: Path) -> "Scripted":
        """Read a script. Raises `ScriptError` that names the file and the fault."""
        try:
            return cls(Script.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, yaml.YAMLError, ValidationError) as error:
            raise ScriptError(f"the script {path} cannot be used: {error}") from error

    async def reply(self, request: Request) -> Reply:
        conversation = self._find(request)
        turn = sum(message.role == "assistant" for message in request.messages)
        if turn >= len(conversation.replies):
            raise ScriptError(
                f"the script for {request.role} has {len(conversation.replies)} replies; one more is asked"
            )
        scripted = conversation.replies[turn]
        newest = "\n".join(_text(block) for block in request.messages[-1].content)
        for expected in scripted.expect:
            if expected not in newest:
                raise ScriptError(f"the script for {request.role}, reply {turn + 1}, expects to be shown {expected!r}")
        blocks: list[Block] = [Text(scripted.text)] if scripted.text else []
        blocks += [
            ToolUse(f"toolu_{turn:03}_{index}", call.name, call.input) for index, call in enumerate(scripted.tools)
        ]
        stop = scripted.stop or ("tool_use" if scripted.tools else "end")
        return Reply(tuple(blocks), stop, MODEL, _estimate(request, blocks))

    def _find(self, request: Request) -> Conversation:
        opening = request.shared + request.part + "\n".join(_text(block) for block in request.messages[0].content)
        for conversation in self._script.conversations:
            if conversation.role == request.role and conversation.when in opening:
                return conversation
        raise ScriptError(f"the script has no conversation for {request.role} that begins like this: {opening[-300:]}")


def _estimate(request: Request, blocks: list[Block]) -> Usage:
    sent = len(request.system) + len(request.shared) + len(request.part)
    sent += sum(len(_text(block)) for message in request.messages for block in message.content)
    answered = sum(len(_text(block)) for block in blocks)
    return Usage(input=sent // _CHARACTERS_A_TOKEN, output=answered // _CHARACTERS_A_TOKEN)


def _text(block: Block) -> str:
    match block:
        case Text(text):
            return text
        case ToolResult(_, content, _):
            return content
        case Thought():
            return ""
        case ToolUse(_, name, input):
            return f"{name} {input}"
