"""The conversation of an agent with its model: it grows at its end, and its middle is shortened in few, large steps.

Every change of the middle has the provider read all that follows anew, so it is done rarely and thoroughly. What is
shortened follows from the messages alone: a replay makes the same requests, to the byte.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.agents.listening import Said, render_said
from app.llm.messages import Block, Message, Text, Thought, ToolResult, ToolUse

BUDGET = 400_000
"""Characters of all messages; about 130,000 tokens of code, which leaves room in a window of 200,000."""
TARGET = 160_000
"""What is left after shortening. The wider the gap, the rarer it is done."""
_RECENT, _NEWEST = 12, 2
"""Messages at the end that stay as they are; the newest stay even if all else is not enough."""
_HEAD, _TAIL, _NOT_WORTH_IT = 300, 500, 200
_LEFT_OUT = "\n[... {} characters of this old output are left out; look again if you need them ...]\n"


class Transcript:
    """Begins with the task, which stays as it is, as does whatever people said later."""

    def __init__(self, task: str) -> None:
        self._messages = [Message("user", (Text(task),))]
        self._size = len(task)
        self._limit = BUDGET

    def messages(self, said: Sequence[Said] = ()) -> tuple[Message, ...]:
        """As they are sent, with what people said behind the newest."""
        return (*self._messages[:-1], _with(self._messages[-1], said))

    def hear(self, said: Sequence[Said]) -> None:
        self._messages[-1] = _with(self._messages[-1], said)
        self._size += sum(len(each.text) for each in said)

    def add(self, answer: Message, told: Message) -> None:
        """An answer of the model, and what it is told in turn."""
        self._messages += [answer, told]
        self._size += size_of([answer, told])
        if self._size > self._limit:
            self._shorten(TARGET, BUDGET)

    def shorten_by_half(self) -> bool:
        """For a model that could not take it all. Says whether there was anything to shorten."""
        return self._shorten(self._size // 2, self._size // 2)

    def _shorten(self, target: int, most: int) -> bool:
        before = self._size
        self._messages = shortened(self._messages, target, most)
        self._size = size_of(self._messages)
        # Where little could be taken out, it is not tried again at each turn.
        self._limit = max(BUDGET, self._size + BUDGET - TARGET)
        return self._size < before


def shortened(messages: Sequence[Message], target: int, most: int) -> list[Message]:
    """Old outputs of tools cut to their head and tail, the oldest first, until `target` characters are left or none.

    The first message, every word that is no tool's output and the recent messages stay; where more than `most`
    characters would be left, only the newest of these. Pure.
    """
    found, size = list(messages), size_of(messages)
    for untouched in (_RECENT, _NEWEST):
        for at in range(1, len(found) - untouched):
            if size <= target:
                return found
            cut = replace(found[at], content=tuple(map(_cut, found[at].content)))
            size -= size_of([found[at]]) - size_of([cut])
            found[at] = cut
        if size <= most:
            break
    return found


def size_of(messages: Sequence[Message]) -> int:
    """Characters, near enough."""
    return sum(_size(block) for message in messages for block in message.content)


def _size(block: Block) -> int:
    match block:
        case Text(text):
            return len(text)
        case ToolResult(_, content, _):
            return len(content)
        case Thought(_, raw):
            return len(str(raw))
        case ToolUse(_, name, given):
            return len(name) + sum(len(key) + len(str(value)) for key, value in given.items())


def _cut(block: Block) -> Block:
    if not isinstance(block, ToolResult):
        return block
    if len(block.content) - _HEAD - _TAIL <= _NOT_WORTH_IT:
        return block
    head, tail = _to_line_end(block.content[:_HEAD]), _from_line_start(block.content[-_TAIL:])
    told = _LEFT_OUT.format(len(block.content) - len(head) - len(tail))
    return replace(block, content=f"{head}{told}{tail}")


def _to_line_end(text: str) -> str:
    """As it is where no line ends in it."""
    return text.rpartition("\n")[0] or text


def _from_line_start(text: str) -> str:
    return text.partition("\n")[2] or text


def _with(message: Message, said: Sequence[Said]) -> Message:
    return replace(message, content=(*message.content, Text(render_said(said)))) if said else message
