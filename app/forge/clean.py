"""What agents wrote, made harmless before it is published: no images, no links, no mentions, nothing hidden.

Words stay readable and code stays exact. What GitHub would act on is parted by a character that shows as nothing, and
mentions by a blank. Names of which Markdown would take the underscores away become code.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

from app.forge.markdown import Fenced, Spans, split_blocks
from app.forge.visible import only_visible

_JOINER = "\N{WORD JOINER}"
_PARTED = re.compile(
    r"""
      (?<=!)(?=\[) | (?<=\])(?=[(:])   # images, links, and what defines a link or a footnote
    | (?<=<)(?=[A-Za-z/!?])            # tags, comments, links in angle brackets
    | (?<=&)(?=\#?\w{1,40};)           # a character by its number or name: it may be an @
    | (?<=:)(?=\\?/\\?/) | (?<=www)(?=\\?\.)    # addresses that become links by themselves
    | (?<=[A-Za-z0-9]@)(?=[\w-])       # addresses of mail
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MENTION = re.compile(r"(?<![A-Za-z0-9])@(?=[\w-])")
"""Parted by a blank: a decorator or a package is copied, and what stands in it unseen is found by nobody."""
# https://docs.github.com/en/issues/tracking-your-work-with-issues/linking-a-pull-request-to-an-issue, and whatever
# Markdown may put between the word and the number.
_CLOSING = re.compile(
    r"(?<![A-Za-z0-9])((?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)[\W_]{0,40}?(?:[\w.-]{1,100}/[\w.-]{1,100})?(?:#|GH-))"
    r"(?=\d)",
    re.IGNORECASE,
)
# What a commit, or the title and description that a squash makes one of, would keep workflows from running by:
# https://docs.github.com/en/actions/managing-workflow-runs-and-deployments/managing-workflow-runs/skipping-workflow-runs,
# and CI elsewhere reads the like.
_SKIPPING = re.compile(
    r"(?<=\[)(?=[ \t]{0,9}(?:(?:skip|no)[ \t_-]{0,9}(?:ci|actions)|(?:ci|actions)[ \t_-]{0,9}skip)[ \t]{0,9}\])"
    r"|(?<=skip-checks)(?=[ \t]{0,9}:)|(?<=\*\*\*NO)(?=_CI\*\*\*)",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"""
      (?P<escape>\\[!-/:-@\[-`{-~])
    | (?P<ticks>`+)
    | (?P<tildes>~{3,})
    | (?P<comment><!--)
    | (?P<link>!?\[(?P<label>[^\[\]\n`\\<]{0,300})\]\((?P<target>[^()\s`<>|\[\]\\]{0,1000})(?:[ ]"[^"\n`]{0,200}")?\))
    | (?P<url>(?<![A-Za-z])(?:https?|ftp)://[^\s<>`|\[\]\\]+)
    # A rule, or a line in italics.
    | (?P<meant>^[ \t]{0,9}(?:[-*+>][ \t]{1,9}){0,9}(?:_{3,}|_(?=\S[^_\n` ]{0,100}[ ])[^_\n`]{3,300}_[.:]?)[ \t]{0,9}$)
    | (?P<name>(?<![\w./])[\w./]*_[\w./]*(?:\(\))?)
    | (?P<underscores>(?<![^\W_])_+|_+(?![^\W_]))
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_TRAILING = ".,;:!?'\")*_~"


def clean_markdown(text: str) -> str:
    """For comments, reviews and check runs. What is surely code is left exact; links become code, to be seen.

    A fenced block at either end gets a line feed, so that text which is put beside it leaves it whole.
    """
    parts = []
    blocks = list(split_blocks(only_visible(text)))
    for number, block in enumerate(blocks):
        if isinstance(block, Fenced):
            first, last = number == 0, number == len(blocks) - 1
            parts.append("\n" * first + block.render() + "\n" * last)
        else:
            parts.append(_Prose(block.text).clean())
    return "\n".join(parts)


def clean_description(text: str) -> str:
    """For a pull request: a squash makes its description a commit's message, where code closes issues like prose."""
    return _SKIPPING.sub(_JOINER, _CLOSING.sub(rf"\1{_JOINER}", clean_markdown(text)))


def clean_plain(text: str) -> str:
    """For titles, commit messages and annotations, which are no Markdown: a backtick protects nothing there.

    Nor does what they say decide whether the workflows run that a change has to pass.
    """
    return _SKIPPING.sub(_JOINER, _part(only_visible(text)))


def _part(text: str) -> str:
    return _PARTED.sub(_JOINER, _MENTION.sub("@ ", _CLOSING.sub(rf"\1{_JOINER}", text)))


class _Prose:
    """One walk over a text without fenced blocks. Plain text is gathered, so that it is parted in one piece."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = Spans(text)
        self._comments = True
        self._plain: list[str] = []
        self._pieces: list[tuple[str, str]] = []
        """Each with the backticks around it; none for plain text."""

    def clean(self) -> str:
        self._walk(self._text)
        self._flush()
        return "".join(self._rendered())

    def _walk(self, text: str) -> None:
        position = 0
        while (found := _TOKEN.search(text, position)) is not None:
            self._plain.append(text[position : found.start()])
            position = getattr(self, f"_{found.lastgroup}")(found)
        self._plain.append(text[position:])

    def _escape(self, found: re.Match[str]) -> int:
        self._plain.append(found[0])
        return found.end()

    def _ticks(self, found: re.Match[str]) -> int:
        end = self._spans.end_of(found.start(), len(found[0]))
        if end is None:
            self._plain.append("\\`" * len(found[0]))
            return found.end()
        self._code(self._text[found.end() : end], found[0])
        return end + len(found[0])

    def _tildes(self, found: re.Match[str]) -> int:
        """No fence; split_blocks has taken out those that are."""
        self._plain.append("\\~" * len(found[0]))
        return found.end()

    def _comment(self, found: re.Match[str]) -> int:
        """Left out up to its end, without joining what stood around it.

        One without an end is shown; then none of those behind it has one either.
        """
        end = self._text.find("-->", found.start() + 2) if self._comments else -1
        if end < 0:
            self._comments = False
            self._plain.append(found[0])
            return found.end()
        self._gap(found.start(), end + 3)
        return end + 3

    def _gap(self, start: int, end: int) -> None:
        around = self._text[max(start - 1, 0) : start], self._text[end : end + 1]
        self._plain.append("" if any(not each or each.isspace() for each in around) else " ")

    def _link(self, found: re.Match[str]) -> int:
        self._walk(found["label"])
        if not found["label"]:
            self._gap(found.start(), found.end())
        if found["target"] and not found[0].startswith("!"):
            self._plain.append(" (")
            self._code(found["target"], "`")
            self._plain.append(")")
        return found.end()

    def _url(self, found: re.Match[str]) -> int:
        url = found[0].rstrip(_TRAILING)
        if url.endswith("//"):
            self._plain.append(found[0])
            return found.end()
        self._code(url, "`")
        return found.start() + len(url)

    def _meant(self, found: re.Match[str]) -> int:
        self._plain.append(found[0])
        return found.end()

    def _name(self, found: re.Match[str]) -> int:
        """What programs call something, of which Markdown would take underscores for emphasis: `__init__`."""
        name = found[0].rstrip("./")
        parts = [part for part in re.split(r"[./()]", name) if part]
        if not any(part.strip("_") for part in parts):
            self._plain.append(name.replace("_", "\\_"))
        elif any(part[0] == "_" or part[-1] == "_" for part in parts):
            self._code(name, "`")
        else:
            self._plain.append(name)
        return found.start() + len(name)

    def _underscores(self, found: re.Match[str]) -> int:
        self._plain.append("\\_" * len(found[0]))
        return found.end()

    def _code(self, content: str, bar: str) -> None:
        """Another piece; `_rendered` decides whether it is surely a span."""
        self._flush()
        self._pieces.append((content, bar))

    def _flush(self) -> None:
        self._pieces.append(("".join(self._plain), ""))
        self._plain = []

    def _rendered(self) -> Iterator[str]:
        """A table's cells come before code: on a line where code holds a bar, all of it is parted like prose."""
        lines = list(accumulate(0 if bar else text.count("\n") for text, bar in self._pieces))
        in_cells = {line for line, (text, bar) in zip(lines, self._pieces, strict=True) if bar and "|" in text}
        before = ""
        for line, (text, bar) in zip(lines, self._pieces, strict=True):
            # A definition comes before code as well, but parting it is the end of it.
            surely = bar and line not in in_cells and "]:" not in text
            told = f"{bar}{text if surely else _part(text)}{bar}"
            if bar and before.endswith(("`", "\\")):
                yield " "
            before = told or before
            yield told
