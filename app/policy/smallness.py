"""Whether an issue is so small that nobody needs a plan for it, told without asking a model. Pure."""

import re
from collections.abc import Collection

_SMALL = frozenset({"typo", "small", "trivial", "size: small", "size/xs", "size/s", "good first issue"})
_LARGE = frozenset({"epic", "large", "breaking change", "breaking-change", "size: large", "size/l", "size/xl"})
_CHARS = 1500
_POINTS = 6
_FILES = 3
_FENCED = re.compile(r"^(`{3,}|~{3,}).*?(?:^\1|\Z)", re.DOTALL | re.MULTILINE)
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_POINT = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+\S", re.MULTILINE)
_FILE = re.compile(r"(?<![\w./-])(?:[\w.-]+/)*[\w-][\w.-]*\.[a-zA-Z]\w{0,5}(?![\w/])")
_NO_FILE = re.compile(r"(?:e\.g|i\.e|etc|vs|\d[\d.]*\w*|[\w.-]+\.(?:com|org|net|io))\.?", re.IGNORECASE)


def is_small(title: str, body: str, labels: Collection[str]) -> bool:
    """By its labels, else by how much is asked for: words, points of lists, files that are named.

    What stands in fences is mostly output and says little of the work. A wrong answer costs money or care and no more.
    """
    named = {label.casefold() for label in labels}
    if named & _LARGE:
        return False
    if named & _SMALL:
        return True
    text = _FENCED.sub("", _HIDDEN.sub("", f"{title}\n{body}".replace("\r\n", "\n")))
    return len(text) <= _CHARS and len(_POINT.findall(text)) <= _POINTS and len(files_named(text)) <= _FILES


def files_named(text: str) -> frozenset[str]:
    """What looks like the name of a file, with or without its folders."""
    return frozenset(each for each in _FILE.findall(text) if not _NO_FILE.fullmatch(each))
