"""Our messages. A provider translates them on its own side; nothing above this room knows a vendor's shapes."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

from app.policy.values import Json, MicroUsd


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class ToolUse:
    id: str
    name: str
    input: Json


@dataclass(frozen=True)
class ToolResult:
    tool_use_id: str
    content: str
    is_error: bool = False


@dataclass(frozen=True)
class Thought:
    """What `model` thought before what follows it, in its provider's own shape: only that model can read it.

    It goes back to that model as it came, since some refuse a conversation without it, and is dropped for any other.
    """

    model: str
    raw: Json


Block = Text | ToolUse | ToolResult | Thought
Stop = Literal["end", "tool_use", "max_tokens", "refusal"]


@dataclass(frozen=True)
class Message:
    role: Literal["user", "assistant"]
    content: tuple[Block, ...]

    @cached_property
    def sent_bytes(self) -> int:
        """About; counted once, as each turn sends all messages before it again."""
        return sum(bytes_in(_told(block)) for block in self.content)


@dataclass(frozen=True)
class Tool:
    """`schema` is JSON Schema of the input object."""

    name: str
    description: str
    schema: Json

    @cached_property
    def sent_bytes(self) -> int:
        """About."""
        return bytes_in(f"{self}")


@dataclass(frozen=True)
class Request:
    """`role` names the table entry that picks the model (writer, reviewer, challenger...); it is not sent.

    `system` and `shared` are stable prefixes, in that order, each ended by a cache breakpoint; `shared` goes first
    in the first user message, so that reviewers of one change share it. `part` comes after it, likewise: a change
    that is read in parts has `shared` in common, and each part's reviewers the part. `stays_with`: who answered the
    conversation so far (`Reply.by`), so that it is asked again before others. `step`: its name in the journal,
    where it has one. `room`: what budgets have left for it; when tries that came to nothing have cost as much, none is
    made any more. `another_waits`: a model that stands in, so that nobody waits long for this one.
    """

    role: str
    system: str
    messages: tuple[Message, ...]
    shared: str = ""
    part: str = ""
    tools: tuple[Tool, ...] = ()
    max_tokens: int = 8_192
    must_use_tool: bool = False
    stays_with: str = ""
    step: str = ""
    room: MicroUsd | None = None
    another_waits: bool = False


@dataclass(frozen=True)
class Usage:
    """Tokens. `input` are those that were neither read from nor written to the provider's cache."""

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0


@dataclass(frozen=True)
class Reply:
    """`by`: the model as the table of roles names it, `instead_of`: those named before it, which did not answer."""

    content: tuple[Block, ...]
    stop: Stop
    model: str
    usage: Usage = field(default_factory=Usage)
    cost: MicroUsd = MicroUsd(0)
    by: str = ""
    instead_of: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.content if isinstance(block, Text))

    @property
    def tool_uses(self) -> tuple[ToolUse, ...]:
        return tuple(block for block in self.content if isinstance(block, ToolUse))


class Model(Protocol):
    """Anything that answers. Raises the errors of `app.llm.errors` and no vendor's own."""

    async def reply(self, request: Request) -> Reply: ...


def bytes_in(text: str) -> int:
    """As it is sent."""
    return len(text.encode(errors="replace"))


def _told(block: Block) -> str:
    match block:
        case Text(text):
            return text
        case ToolResult(_, content, _):
            return content
        case Thought(_, raw):
            return str(raw)
    return f"{block.name} {block.input}"
