"""Noticing that an agent goes round in circles. Pure: calls and their outputs in, advice out."""

from collections import deque
from dataclasses import dataclass

from app.agents.tool import ToolOutput
from app.llm.messages import ToolUse

_SAME = 4
_PAIRS = 3
_ADVICE = (
    "You have seen this before: the same calls gave the same results several times. "
    "Stop repeating them. Say what you now know, and try something different."
)


@dataclass(frozen=True)
class WatchVerdict:
    stuck: bool = False
    why: str = ""


class Watch:
    """Nudges at the first sign of a circle (same call and result four times, or A-B-A-B-A-B), stops at the second."""

    def __init__(self) -> None:
        self._seen: deque[tuple[str, str, str]] = deque(maxlen=2 * _PAIRS)
        self._nudged = False

    def saw(self, use: ToolUse, output: ToolOutput) -> WatchVerdict:
        self._seen.append((use.name, repr(sorted(use.input.items())), output.text))
        if not self._circles():
            return WatchVerdict()
        if self._nudged:
            return WatchVerdict(stuck=True, why="the agent kept repeating the same calls with the same results")
        self._nudged = True
        self._seen.clear()
        return WatchVerdict(why=_ADVICE)

    def _circles(self) -> bool:
        recent = list(self._seen)
        if len(recent) >= _SAME and len(set(recent[-_SAME:])) == 1:
            return True
        return len(recent) == 2 * _PAIRS and len(set(recent[::2])) == 1 and len(set(recent[1::2])) == 1
