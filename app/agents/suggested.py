"""A suggestion as the change of a file that a click on it makes: exactly the lines on which its comment stands. Pure.

https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/incorporating-feedback-in-your-pull-request
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.agents.envelope import without_hidden
from app.policy.finding import Finding


@dataclass(frozen=True)
class Edit:
    """Lines `first` to `last` of a file, counted from 1, become `lines`, which hold no line end."""

    path: str
    first: int
    last: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """What stands in the fence."""
        return "\n".join(self.lines)

    def overlaps(self, other: "Edit") -> bool:
        return self.path == other.path and self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Unfit:
    """`reason` why it cannot be offered, as the rest of a sentence."""

    reason: str


def fit(finding: Finding, content: bytes) -> Edit | Unfit:
    """The edit that a finding's suggestion is, on its file's content at the head. The finding has been anchored."""
    try:
        rows = content.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return Unfit("the file is not UTF-8")
    standing = [row.removesuffix("\r") for row in rows[finding.start_line - 1 : finding.end_line]]
    quote = finding.quote.strip("\n").split("\n")
    if [without_hidden(row).strip() for row in standing] != [without_hidden(row).strip() for row in quote]:
        return Unfit("it is not for the lines that the comment can stand on")
    if len({row.endswith("\r") for row in rows[:-1]}) > 1 or rows[-1].endswith("\r"):
        return Unfit("the file's lines end in different ways")
    text = (finding.suggestion or "").replace("\r\n", "\n").rstrip("\n")
    if without_hidden(text) != text:
        return Unfit("it holds characters that nobody would see")
    lines = _indented_alike(tuple(text.split("\n")) if text else (), quote, standing)
    if list(lines) == standing:
        return Unfit("it changes nothing")
    return Edit(finding.path, finding.start_line, finding.end_line, lines)


def apply(content: bytes, edits: Iterable[Edit]) -> bytes:
    """A file's content with these edits of it, none of which overlaps another. Lines end as those around them do."""
    rows = content.split(b"\n")
    ending = b"\r" if rows[0].endswith(b"\r") else b""
    for edit in sorted(edits, key=lambda each: each.first, reverse=True):
        new = [line.encode() + ending for line in edit.lines]
        if new and not rows[edit.last - 1].endswith(ending):
            new[-1] = new[-1].removesuffix(ending)  # the last line of a file, which has no end
        rows[edit.first - 1 : edit.last] = new
    return b"\n".join(rows)


def apart(edits: Sequence[Edit]) -> list[Edit]:
    """As many as can be applied together, the first ones first."""
    chosen: list[Edit] = []
    for edit in edits:
        if not any(edit.overlaps(other) for other in chosen):
            chosen.append(edit)
    return chosen


def _indented_alike(lines: tuple[str, ...], quote: Sequence[str], standing: Sequence[str]) -> tuple[str, ...]:
    """Who quoted code without the indentation that it has wrote the suggestion without it, too.

    Only where every line lacks the same, and the suggestion begins as the quote does.
    """
    pairs = [(row, said) for row, said in zip(standing, quote, strict=True) if said.strip()]
    lacking = {row.removesuffix(said) for row, said in pairs}
    if len(lacking) != 1 or not lines or not all(row.endswith(said) for row, said in pairs):
        return lines
    (blank,) = lacking
    if blank.strip() or _indent(lines[0]) != _indent(quote[0]):
        return lines
    return tuple(f"{blank}{line}" if line.strip() else line for line in lines)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
