"""What may stand behind the words that steer work, so that a sentence which only begins with one is no command. Pure.

`stop` ends work and `stop using tabs` is a wish; `go` approves a plan and `go and read the parser` does not. Where it
could be either, it is no command: what is said in plain words is answered in plain words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

WORDS_CHARS = 1000
"""Of what somebody wants the work to know."""
_SPACE = re.compile(r"\s+")
_FILLERS = frozenset(
    [
        "please",
        "now",
        "again",
        "it",
        "this",
        "that",
        "here",
        "working",
        "on",
        "with",
        "for",
        "today",
        "everything",
        "all",
        "at",
        "once",
        "the",
        "issue",
        "pull",
        "request",
        "pr",
        "work",
        "finding",
        "findings",
        "plan",
        "thanks",
    ]
)
_OF_THE_GATE = frozenset(
    [
        "the",
        "a",
        "gate",
        "decision",
        "council",
        "verdict",
        "verdicts",
        "is",
        "was",
        "isn't",
        "does",
        "did",
        "this",
        "it",
        "that",
        "still",
        "not",
        "blocked",
        "red",
        "closed",
        "refused",
        "failing",
        "failed",
        "pending",
        "waiting",
        "green",
        "approved",
        "open",
        "please",
    ]
)
_BECAUSE = frozenset({"because", "since", "as"})
_AHEAD = frozenset({"ahead", "on", "for it"})
_MARKS = " ,;:.!?\u2013\u2014-"
_PAUSES = ",;:.!\u2013\u2014-"
_LEVELS = frozenset({"high", "normal", "low"})
_NUMBER = re.compile(r"\$? ?([0-9]{1,6}(?:\.[0-9]{1,6})?) ?(?:\$|usd|dollars?)?")
_LIKE_A_NUMBER = re.compile(r"[-+]?[$\u20ac\u00a3]?[-+]?\.?\d")
_NOTE_NUMBER = re.compile(r"#?([0-9]{1,9})")


@dataclass(frozen=True)
class Behind:
    """`target`: what the word is about. `reason`: the person's own words."""

    target: str = ""
    reason: str = ""


def read_behind(verb: str, rest: str) -> Behind | None:
    """What stands behind a word that steers; None: it was no command after all."""
    return _READERS[verb](_SPACE.sub(" ", rest))


def is_steering(verb: str) -> bool:
    return verb in _READERS


def one_line_of(text: str, most: int = WORDS_CHARS) -> str:
    """Words as they are kept: printable, on one line, no longer than `most` characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:most].rstrip()


def _alone(rest: str) -> Behind | None:
    """Nothing but words without a meaning of their own; or those and a reason."""
    words = rest.split()
    for position, word in enumerate(words):
        plain = word.strip(_MARKS).lower()
        if plain in _BECAUSE:
            return Behind(reason=one_line_of(" ".join(words[position + 1 :]).lstrip(_MARKS)))
        if plain and plain not in _FILLERS:
            return None
    return Behind()


def _alone_or_paused(rest: str) -> Behind | None:
    """What follows a comma or a colon is the reason: whoever wants it to end is not to be misunderstood."""
    said = _alone(rest)
    if said is None and rest.lstrip()[:1] in set(_PAUSES):
        return Behind(reason=one_line_of(rest.lstrip(_MARKS)))
    return said


def _go(rest: str) -> Behind | None:
    after = rest.strip()
    ahead = next((each for each in _AHEAD if after.lower().startswith(each)), "")
    after = after[len(ahead) :].strip() if not after[len(ahead) : len(ahead) + 1].isalnum() else after
    if after.lower().startswith(("with ", "but ")):
        return Behind(reason=one_line_of(after))
    return _alone_or_paused(after)


def _explain(rest: str) -> Behind | None:
    words = (word.strip(_MARKS).lower().replace("\u2019", "'") for word in rest.split())
    return Behind() if all(not word or word in _OF_THE_GATE for word in words) else None


def _priority(rest: str) -> Behind | None:
    words = [word for each in rest.split() if (word := each.strip(_MARKS).lower())]
    if len(words) > 1:
        return None
    return Behind(words[0] if words and words[0] in _LEVELS else "")


def _number(rest: str) -> Behind | None:
    told = rest.strip(" :=").rstrip(".! ").lower()
    number = _NUMBER.fullmatch(told)
    if number:
        return Behind(number[1])
    return Behind() if not told or _LIKE_A_NUMBER.match(told) else None


def _remember(rest: str) -> Behind:
    told = rest.lstrip(" :,-")
    return Behind(reason=one_line_of(told[5:] if told.lower().startswith("that ") else told))


def _forget(rest: str) -> Behind:
    number = _NOTE_NUMBER.fullmatch(rest.strip(" :.!"))
    return Behind(number[1]) if number else _remember(rest)


def _tell(rest: str) -> Behind | None:
    first = rest.split(maxsplit=1)[:1]
    return None if first and first[0].lower() in {"me", "us"} else _remember(rest)


_READERS: dict[str, Callable[[str], Behind | None]] = {
    "explain": _explain,
    "stop": _alone_or_paused,
    "pause": _alone,
    "resume": _alone,
    "fix": _alone,
    "go": _go,
    "redo": _alone_or_paused,
    "priority": _priority,
    "budget": _number,
    "autonomy": _number,
    "remember": _remember,
    "forget": _forget,
    "tell": _tell,
}
