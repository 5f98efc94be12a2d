"""Where the code is in a text that GitHub will read as Markdown. Pure, and linear in the text's length.

Only what is code in every reading counts as code; https://github.github.com/gfm/ is long. Fenced blocks are taken out
of lists and written anew at the beginning of a line, where nothing can be before them that changes what they are.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

_OPENING = re.compile(r"([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}(?=[^`]*\Z)|~{3,})(.*)")
_INFO = re.compile(r"[ \t]*([A-Za-z0-9_+#.-]{1,30})(?=[ \t]|\Z)")
_DRAWN = frozenset({"mermaid", "geojson", "topojson", "stl", "math"})
"""GitHub draws these: https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/creating-diagrams."""
_TICKS = re.compile(r"`+|\n")


@dataclass(frozen=True)
class Prose:
    text: str


@dataclass(frozen=True)
class Fenced:
    """`info` is one plain word or empty. No line is not an empty line: as a suggestion it takes lines away."""

    info: str
    lines: tuple[str, ...]

    def render(self) -> str:
        longest = max((len(run) for line in self.lines for run in re.findall("`+", line)), default=0)
        bar = "`" * max(3, longest + 1)
        return "\n".join([f"{bar}{self.info}", *self.lines, bar])


def split_blocks(text: str) -> Iterator[Prose | Fenced]:
    """Prose and fenced code in turn. A fence that is not closed holds the rest; one in a quotation is prose."""
    prose: list[str] = []
    lines = iter(text.split("\n"))
    for line in lines:
        opening = _OPENING.match(line)
        if opening is None:
            prose.append(line)
            continue
        if prose:
            yield Prose("\n".join(prose))
            prose = []
        yield Fenced(_info(opening[3]), tuple(_inside(lines, opening[2], len(opening[1]))))
    if prose:
        yield Prose("\n".join(prose))


def _inside(lines: Iterator[str], bar: str, indent: int) -> Iterator[str]:
    """What stands before the closing fence, moved to the left by so much as the opening one stood in."""
    closing = re.compile(rf"[ \t]*{bar[0]}{{{len(bar)},}}[ \t]*\Z")
    edge = re.compile(rf"[ \t]{{0,{indent}}}")
    for line in lines:
        if closing.match(line):
            return
        yield edge.sub("", line, count=1)


def _info(text: str) -> str:
    found = _INFO.match(text)
    return found[1] if found and found[1].lower() not in _DRAWN else ""


class Spans:
    """Code spans of a text that are closed on the line on which they begin. Longer ones may not be spans at all."""

    def __init__(self, text: str) -> None:
        self._closings: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self._breaks: list[int] = []
        for run in _TICKS.finditer(text):
            if run[0] == "\n":
                self._breaks.append(run.start())
            else:
                self._closings[len(self._breaks), len(run[0])].append(run.start())

    def end_of(self, opening: int, length: int) -> int | None:
        """Where the closing run begins for an opening run of so many backticks."""
        starts = self._closings.get((bisect_left(self._breaks, opening), length), [])
        index = bisect_left(starts, opening + length)
        return starts[index] if index < len(starts) else None
