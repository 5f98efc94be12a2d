"""Which of a project's files a text speaks of, by their paths, names or the modules that they are. Pure."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[\w.@+-]+(?:[/\\][\w.@+-]+)*")
_ENDING = re.compile(r"\.[A-Za-z]\w{0,5}$")
_MOST = 12
_TEXT_CHARS = 40_000
_WORD_CHARS = 200


def named_files(text: str, paths: Iterable[str]) -> tuple[str, ...]:
    """In the order in which they are spoken of; a name that several files have counts for none of them."""
    known = _by_end(paths)
    found: dict[str, None] = {}
    for word in (each for each in _WORD.findall(text[:_TEXT_CHARS]) if len(each) <= _WORD_CHARS):
        for key in _keys(word.replace("\\", "/").strip("./")):
            if (path := known.get(key)) is not None:
                found[path] = None
                break
        if len(found) == _MOST:
            break
    return tuple(found)


def _by_end(paths: Iterable[str]) -> dict[str, str | None]:
    """Each path by every end of it that starts at a slash; None where two files end alike."""
    known: dict[str, str | None] = {}
    for path in paths:
        parts = path.split("/")
        for number in range(len(parts)):
            end = "/".join(parts[number:])
            known[end] = path if number == 0 else (None if end in known else path)
    return known


def _keys(word: str) -> Iterable[str]:
    """A path or a file's name; or a dotted name, of which the first parts may be a module (`tally.split.evenly`)."""
    if "/" in word or _ENDING.search(word):
        yield word
        yield word.rsplit(":", 1)[0]
    parts = word.split(".")
    if "/" not in word and len(parts) > 1 and all(parts):
        for length in range(len(parts), 1, -1):
            yield "/".join(parts[:length]) + ".py"
            yield "/".join([*parts[:length], "__init__.py"])
