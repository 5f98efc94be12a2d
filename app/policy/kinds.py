"""What kinds of file a path names, so that rules can speak of `workflows` or `migrations`. Pure.

A kind more is the strict side: it asks for one more approval, and a change is "only docs" if nothing else is in it.
So what is not known is code, a file system that knows no case is reckoned with, and only `docs` and `tests`, which
ask for less, go by the exact name.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, cast

from app.policy.globindex import candidates, index_of
from app.policy.globs import matches
from app.policy.kind_tables import ALSO, CONFIGURATION, DOCS, DOCS_NAMES, NO_DOCS, WHOLLY
from app.policy.testfiles import is_named_as_test, is_test

Kind = Literal[
    "code", "tests", "docs", "infrastructure", "workflows", "policy", "dependencies", "migrations", "configuration",
    "ownership",
]  # fmt: skip
"""These words stand in policy files."""

_KNOWN: tuple[tuple[str, Kind, bool], ...] = tuple(
    (glob, cast("Kind", kind), wholly)
    for table, wholly in ((WHOLLY, True), (ALSO, False))
    for kind, globs in table.items()
    for glob in globs
)
_INDEX = index_of(glob for glob, _, _ in _KNOWN)


@lru_cache(maxsize=8192)
def kinds_of(path: str) -> frozenset[Kind]:
    """Every kind that fits; there is always one."""
    found = _known(plain_path(path))
    kinds: frozenset[Kind] = frozenset(kind for kind, _ in found)
    if is_test(path):
        kinds |= {"tests"}
    if is_named_as_test(path) or any(wholly for _, wholly in found):
        return kinds
    content = _content(path.rpartition("/")[2])
    # Settings among tests or manifests are settings of these, which the folder tells already.
    return kinds if kinds and content == "configuration" else kinds | {content}


def all_kinds(paths: Iterable[str]) -> frozenset[Kind]:
    """Every kind that a change has."""
    return frozenset(kind for path in paths for kind in kinds_of(path))


def plain_path(path: str) -> str:
    """A path as the least careful file system compares it: HFS+ and NTFS fold case and drop what nobody sees.

    https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreprotectHFS and `core.protectNTFS` beside it.
    """
    folded = path.lower() if path.isascii() else _folded(path)
    return "/".join(part.rstrip(" .") or "_" for part in re.split(r"[/\\]", folded))


def _folded(path: str) -> str:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _known(plain: str) -> list[tuple[Kind, bool]]:
    """What the tables say, and whether that is all there is to say."""
    parts = plain.split("/")
    tried = (_KNOWN[position] for position in candidates(_INDEX, parts))
    return [(kind, wholly) for glob, kind, wholly in tried if matches(glob, plain, inside=glob.endswith("/"))]


def _content(name: str) -> Kind:
    """What a file is by the ending of its name, to the letter: a name that only resembles one is no text."""
    ending = name.rpartition(".")[2] if "." in name else ""
    if name in DOCS_NAMES:
        return "docs"
    if not ending.isascii() or name.lower() in NO_DOCS:
        return "code"
    return "docs" if ending.lower() in DOCS else "configuration" if ending.lower() in CONFIGURATION else "code"
