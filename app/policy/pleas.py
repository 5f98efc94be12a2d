"""Text in a change that speaks to whoever reviews it: a person, an agent, or Quorum itself. Pure, in linear time.

Such a plea is a fault by itself, whatever the change is worth: reviews are for those who did not write it. Only what is
addressed to the reviewers of this change is meant. Who writes about such words quotes them, or says so: documents on
prompt injection, prompts and test data are left alone, and so is a plea that disguises itself as one of these. What is
hidden from people has nothing to say in its favour.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.policy.changed_text import Line
from app.policy.kinds import kinds_of
from app.policy.plea_forms import decoded, hides, plain
from app.policy.plea_words import HINTS, REPORTED, SAID, Words
from app.policy.testfiles import is_test
from app.policy.weakened.definitions import family_of

MOST = 20
_QUOTE_CHARS = 300
_QUOTED_BEFORE = 100
_MARKS = re.compile(r"^\s*(?:#+!?|//+!?|/\*+|\*+/?|<!--+|--+|;+|%+|\"\"\"|'''|[-*] |> ?)?\s*")
_COMMENT = re.compile(r"^\s*(?:#|//|/\*|\*|--|<!--)")
_CITED = re.compile(r"^\s*>")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_BEFORE_CHARS, _AFTER_CHARS = 200, 80
_JOINED = 3
"""Lines over which a sentence may run."""


@dataclass(frozen=True)
class Plea:
    """`quote` stands at `line` of the file at the head."""

    line: int
    quote: str
    because: str


@dataclass(frozen=True)
class _Told:
    """A line as it is read; `hidden`: by what its words are hidden, as the end of a sentence."""

    line: Line
    text: str
    hidden: str | None
    cited: bool


def pleas(added: Sequence[Line], path: str = "") -> tuple[Plea, ...]:
    """At most one for each of the file's added lines, no more than `MOST`. `path` tells documents and tests apart."""
    told = list(_told(added, path))
    found: list[Plea] = []
    unread = 0
    for index in range(len(told)):
        said = _plea(told, index, path) if index >= unread and len(found) < MOST else None
        if said is not None:
            plea, lines = said
            found.append(plea)
            unread = index + lines
    return tuple(found)


def _told(added: Sequence[Line], path: str) -> Iterator[_Told]:
    """The lines, with what is known of each from those above it: open comments of HTML, fences of code."""
    commented = fenced = False
    before = 0
    docs = "docs" in kinds_of(path)
    for line in added:
        if line.number != before + 1:
            commented = fenced = False
        before = line.number
        opened = commented or "<!--" in line.text
        commented = line.text.rfind("<!--") > line.text.rfind("-->") or (commented and "-->" not in line.text)
        fenced ^= bool(_FENCE.match(line.text))
        hidden = hides(line.text) or ("in a comment that the page does not show" if opened else None)
        cited = docs and (fenced or bool(_CITED.match(line.text)))
        yield _Told(line, plain(_MARKS.sub("", line.text, count=1)).lower().strip(), hidden, cited)


def _plea(told: Sequence[_Told], index: int, path: str) -> tuple[Plea, int] | None:
    """A plea that begins on the line, and over how many lines it runs."""
    here = told[index]
    inside = "" if is_test(path) else next((each for each in decoded(here.line.text) if _first(each) is not None), "")
    if inside:
        return _made(here, _first(inside), "written in Base64"), 1
    following = [each.text for each in _following(told, index)]
    text = " ".join(following)
    if not any(hint in text for hint in HINTS):
        return None
    for words in SAID:
        for found in words.pattern.finditer(text):
            if found.start() >= max(len(here.text), 1):
                break
            if _is_meant(told, index, found, words, path):
                lines = sum(found.end() > start for start in accumulate(map(len, following), initial=0)) or 1
                return _made(here, words, here.hidden, found.start()), min(lines, len(following))
    return None


def _following(told: Sequence[_Told], index: int) -> Iterator[_Told]:
    """The line and those that go on right below it."""
    first = told[index].line.number
    for step, each in enumerate(told[index : index + _JOINED]):
        if each.line.number != first + step:
            return
        yield each


def _first(text: str) -> Words | None:
    return next((words for words in SAID if words.pattern.search(text.lower())), None)


def _is_meant(told: Sequence[_Told], index: int, found: re.Match[str], words: Words, path: str) -> bool:
    """Whether the words are addressed to the reader, and not shown to him."""
    here = told[index]
    if is_test(path):
        if family_of(path) is None or not _COMMENT.match(here.line.text):
            return False  # what lies among tests is data
    elif here.hidden is not None:
        return True
    if here.cited or _is_reported(told, index, found):
        return False
    docs = "docs" in kinds_of(path)
    if docs and "@quorum" in found[0]:
        return False  # a manual
    return not _is_quoted(here.text, found.start()) or (words.strong and not docs and not is_test(path))


def _is_reported(told: Sequence[_Told], index: int, found: re.Match[str]) -> bool:
    above = " ".join(each.text[-_BEFORE_CHARS:] for each in told[max(0, index - 2) : index])
    before = f"{above} {found.string[: found.start()]}"[-_BEFORE_CHARS:]
    behind = found.string[found.end() : found.end() + _AFTER_CHARS]
    return bool(REPORTED.search(before) or REPORTED.search(behind))


def _is_quoted(text: str, position: int) -> bool:
    """Whether an odd number of marks of one kind stands before it; an apostrophe within a word is none."""
    before = re.sub(r"(?<=\w)'(?=\w)", "", text[:position])
    return any(before.count(mark) % 2 for mark in ('"', "'", "`", "/")) or before.count("“") > before.count("”")


def _made(told: _Told, words: Words | None, hidden: str | None, position: int = 0) -> Plea:
    """`position`: about where it stands in the line; of a long one the part around it is quoted."""
    text = told.line.text.strip()
    start = max(0, min(position - _QUOTED_BEFORE, len(text) - _QUOTE_CHARS))
    because = words.because if words is not None else "it speaks to whoever reviews"
    return Plea(told.line.number, text[start : start + _QUOTE_CHARS], f"{because}, {hidden}" if hidden else because)
