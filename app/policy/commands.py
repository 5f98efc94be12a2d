"""What a person asks for in a comment: one verb of a closed set, on a plain line, without options.

Plain means that the page shows the line as the writer's own words. Where Markdown can be read in two ways, the line
is not a command: a request that is not taken can be repeated, one taken from a quotation cannot be taken back.
Block structure: https://github.github.com/gfm/
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Verb = Literal["explain", "review", "status", "retry", "stop", "help", "unknown"]

_VERBS: dict[str, Verb] = {
    "explain": "explain",
    "why": "explain",
    "review": "review",
    "re-review": "review",
    "status": "status",
    "retry": "retry",
    "rerun": "retry",
    "retest": "retry",
    "stop": "stop",
    "cancel": "stop",
    "help": "help",
}
_SLASHES = frozenset({"explain", "review", "status", "retry", "retest", "stop", "help"})
_WORD = re.compile(r"[a-z][a-z-]{0,30}(?![\w-])")
_SLASH = re.compile(r"/([a-z-]{1,20})(?![\w/-])")

_FENCE = re.compile(r"(`{3,})[^`]*\Z|(~{3,})")
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*\Z")
_DOUBTFUL_FENCE = re.compile(r" {1,3}(?:```|~~~)")
_MAYBE_HTML = re.compile(r"<(?!https?://)[A-Za-z/!?]")
_TAINTS = re.compile(r"`|\$\$|^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*>")


@dataclass(frozen=True)
class Command:
    """`text` is the word that was not understood, cleaned; it is empty for every known verb."""

    verb: Verb
    text: str = ""


def parse_command(body: str, slug: str) -> Command | None:
    """The first plain line that starts with `@slug` or with a slash and a known verb."""
    for line in _plain_lines(body):
        text = unicodedata.normalize("NFKC", line)
        mention = _mention(slug).match(text)
        if mention:
            return _command(text[mention.end() :].lower())
        slash = _SLASH.match(text.lower())
        if slash and slash[1] in _SLASHES:
            return Command(_VERBS[slash[1]])
    return None


def is_addressed(body: str, slug: str) -> bool:
    """A first, generous look, without Markdown: whether it is worth reading the comment again."""
    return bool(_mention(slug).search(unicodedata.normalize("NFKC", body))) or parse_command(body, slug) is not None


def _command(rest: str) -> Command:
    """What follows the verb is talk. There are no options that it could set."""
    rest = rest.lstrip(" \t:,-").removeprefix("please ").lstrip()
    rest = rest.removeprefix("full ") if rest.startswith("full review") else rest
    word = _WORD.match(rest)
    if word is None:
        return Command("unknown")
    verb = _VERBS.get(word[0])
    return Command("unknown", word[0]) if verb is None else Command(verb)


@lru_cache(maxsize=16)
def _mention(slug: str) -> re.Pattern[str]:
    """`@quorum`, `@Quorum` and `@quorum[bot]`; not `@quorum-two`, `@quorum/team`, `me@quorum`."""
    return re.compile(rf"(?<![\w@/.-])@{re.escape(slug)}(?:\[bot\])?(?![\w/-])", re.IGNORECASE)


def _plain_lines(body: str) -> Iterator[str]:
    """Lines at the left margin, outside fences, quotations and spans of code, above anything that may be HTML.

    A fence at the margin is certain; an indented one may belong to a list, so it ends the reading. A backtick or a
    quotation sign taints the lines after it up to the next empty one, as spans and lazy quotations reach that far.
    """
    fence, tainted = "", False
    for line in re.split(r"\r\n|\r|\n", body):
        if fence:
            closing = _CLOSING.match(line)
            fence = "" if closing and closing[1].startswith(fence) else fence
            continue
        opening = _FENCE.match(line)
        if opening:
            fence, tainted = opening[1] or opening[2], False
            continue
        if _DOUBTFUL_FENCE.match(line) or _MAYBE_HTML.search(line):
            return
        if not line.strip():
            tainted = False
        elif not tainted:
            tainted = bool(_TAINTS.search(line))
            if line[0] in "@/\uff20\uff0f":
                yield line
