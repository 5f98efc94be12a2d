"""What an attempt that came to nothing did, told from its conversation by code: for whoever tries next. Pure."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from app.agents.failing import failing_tests
from app.llm.messages import Message, Text, ToolResult, ToolUse

_MOST_COMMANDS = 15
_MOST_TESTS = 20
_COMMAND_CHARACTERS = 200
_LAST_WORDS = 1_000


def tell_attempt(messages: Sequence[Message]) -> str:
    """Files edited, commands run and how they ended, which tests failed last, and its last words.

    All of it is strangers' and models' words: to be shown as data.
    """
    calls = list(_calls(messages))
    edited = Counter(str(use.input.get("path")) for use, told in calls if use.name == "edit" and not told.is_error)
    lines = [f"- edited {path}{_times(count)}" for path, count in edited.items()]
    ran = Counter((_shown(use), _ending(told)) for use, told in calls if use.name == "bash")
    lines += [
        f"- ran `{command}`{_times(count)}: {how}" for (command, how), count in list(ran.items())[-_MOST_COMMANDS:]
    ]
    failing = next((names for _, told in reversed(calls) if (names := failing_tests(told.content))), frozenset())
    if failing:
        lines.append(f"- when tests were run last and failed, these did: {', '.join(sorted(failing)[:_MOST_TESTS])}")
    words = _last_words(messages)
    return "\n".join([*(lines or ["- nothing was edited or run"]), *([f"Its last words: {words}"] if words else [])])


def _calls(messages: Sequence[Message]) -> Iterator[tuple[ToolUse, ToolResult]]:
    """Each call with its result, which stands in the next message."""
    for asked, answered in itertools.pairwise(messages):
        results = {block.tool_use_id: block for block in answered.content if isinstance(block, ToolResult)}
        for use in asked.content:
            if isinstance(use, ToolUse) and use.id in results:
                yield use, results[use.id]


def _shown(use: ToolUse) -> str:
    return " ".join(str(use.input.get("command", "")).split())[:_COMMAND_CHARACTERS]


def _ending(told: ToolResult) -> str:
    """A result of a command ends with `[exit code N]` or `[ended: HOW after N s]` where it was not well."""
    marked = [line for line in told.content.splitlines() if line.startswith(("[exit code ", "[ended: "))]
    if marked:
        return marked[-1].strip("[]")
    return "failed" if told.is_error else "it went well"


def _last_words(messages: Sequence[Message]) -> str:
    said = (
        block.text
        for message in reversed(messages)
        if message.role == "assistant"
        for block in message.content
        if isinstance(block, Text) and block.text.strip()
    )
    return next(said, "")[:_LAST_WORDS]


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""
