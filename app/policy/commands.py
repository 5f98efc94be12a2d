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

from app.policy.command_words import is_steering, one_line_of, read_behind

Verb = Literal[
    "explain",
    "review",
    "status",
    "retry",
    "stop",
    "help",
    "override",
    "veto",
    "withdraw",
    "dismiss",
    "unknown",
    "fix",
    "go",
    "redo",
    "tell",
    "pause",
    "resume",
    "priority",
    "budget",
    "autonomy",
    "remember",
    "forget",
]

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
    "override": "override",
    "veto": "veto",
    "hold": "veto",
    "withdraw": "withdraw",
    "unhold": "withdraw",
    "dismiss": "dismiss",
    "fix": "fix",
    "repair": "fix",
    "go": "go",
    "redo": "redo",
    "tell": "tell",
    "pause": "pause",
    "resume": "resume",
    "unpause": "resume",
    "priority": "priority",
    "budget": "budget",
    "autonomy": "autonomy",
    "remember": "remember",
    "forget": "forget",
}
_SLASHES = frozenset({"explain", "review", "status", "retry", "retest", "stop", "help", "hold", "unhold"})
_WORD = re.compile(r"[a-z][a-z-]{0,30}(?![\w-])")
_TARGET = re.compile(r"\s+([a-z0-9][a-z0-9-]{0,39})(?![\w-])")
_ONE_WORD = re.compile(r"\s+([a-z0-9][a-z0-9-]{0,39})[\s.!]*")
_AT = re.compile(r"\s+(?:at|@)\s+([0-9a-f]{7,40})(?!\w)")
_BECAUSE = re.compile(r"[\s,:]*(?:because|since|as|reason)\b[\s,:]*(.*)", re.DOTALL)
_REASON_CHARS = 500
_SLASH = re.compile(r"/([a-z-]{1,20})(?![\w/-])")

_FENCE = re.compile(r"(`{3,})[^`]*\Z|(~{3,})")
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*\Z")
_DOUBTFUL_FENCE = re.compile(r" {1,3}(?:```|~~~)")
_MAYBE_HTML = re.compile(r"<(?!https?://)[A-Za-z/!?]")
_TAINTS = re.compile(r"`|\$\$|^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*>")


@dataclass(frozen=True)
class Command:
    """`text` is the word that was not understood, cleaned; it is empty for every known verb.

    `target`: the perspective or finding that the verb is about; of a review, a word that may be a perspective; a level,
    an amount, a note's number, empty where what was written is none.
    `commit`: the first digits of the commit that was looked at, if it is named. `reason`: the person's own words.
    """

    verb: Verb
    text: str = ""
    target: str = ""
    commit: str = ""
    reason: str = ""


def parse_command(body: str, slug: str) -> Command | None:
    """The first plain line that starts with `@slug` or with a slash and a known verb."""
    for line in _plain_lines(body):
        text = unicodedata.normalize("NFKC", line)
        mention = _mention(slug).match(text)
        if mention:
            return _command(text[mention.end() :])
        slash = _SLASH.match(text.lower())
        if slash and slash[1] in _SLASHES:
            command = _about(_VERBS[slash[1]], text[slash.end() :])
            if command.verb != "unknown":  # words behind a slash that are not ours are not said to us
                return command
    return None


def is_talk(command: Command, body: str, slug: str) -> bool:
    """Whether what was said is no word of the set but words all the same, in whatever language; one alone is a slip."""
    said = _mention(slug).sub(" ", unicodedata.normalize("NFKC", body))
    words = [word for word in said.split() if any(map(str.isalnum, word))]
    return command.verb == "unknown" and (len(words) > 1 or not "".join(words).isascii())


def is_addressed(body: str, slug: str) -> bool:
    """A first, generous look, without Markdown: whether it is worth reading the comment again."""
    return bool(_mention(slug).search(unicodedata.normalize("NFKC", body))) or parse_command(body, slug) is not None


def _command(rest: str) -> Command:
    """What follows the verb is talk. There are no options that it could set."""
    rest = _without(rest.lstrip(" \t:,-"), "please ")
    rest = _without(rest, "full ") if rest.lower().startswith("full review") else rest
    word = _WORD.match(rest.lower())
    if word is None:
        return Command("unknown")
    verb = _VERBS.get(word[0])
    return Command("unknown", word[0]) if verb is None else _about(verb, rest[word.end() :])


def _about(verb: Verb, rest: str) -> Command:
    """What an override, a veto, a withdrawal or a dismissal is about, and why; of a review the one word behind it.

    That word may be talk (`again`): whether it is a perspective is for who knows their names. A word that steers work
    is one only if the line says nothing else.
    """
    if is_steering(verb):
        behind = read_behind(verb, rest)
        if behind is None:
            return Command("unknown", verb)
        return Command(verb, target=behind.target, reason=behind.reason)
    if verb == "review":
        word = _ONE_WORD.fullmatch(rest.lower())
        return Command(verb, target=word[1] if word else "")
    if verb not in {"override", "veto", "withdraw", "dismiss"}:
        return Command(verb)
    lowered = rest.lower()
    target = None if verb == "veto" or _BECAUSE.match(lowered) else _TARGET.match(lowered)
    position = target.end() if target else 0
    commit = _AT.match(lowered, position)
    position = commit.end() if commit else position
    because = _BECAUSE.match(rest, position) or _BECAUSE.match(lowered, position)
    reason = rest[because.start(1) :] if because else ""
    return Command(
        verb,
        target=target[1] if target else "",
        commit=commit[1] if commit else "",
        reason=one_line_of(reason, _REASON_CHARS),
    )


def _without(text: str, word: str) -> str:
    return text[len(word) :].lstrip() if text.lower().startswith(word) else text


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
