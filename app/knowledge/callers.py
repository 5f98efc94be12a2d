"""Where names are used in a commit, by `git grep` on the mirror: https://git-scm.com/docs/git-grep.

A word that is the same is taken for a use: a hint where to look, never a proof.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.gitcmd import GitError, git_at_most

_MOST_NAMES = 80
_MOST_USES = 40
"""A name with more of them is everybody's: a list of them would tell nothing."""
_MOST_BYTES = 1_000_000
_MOST_ROUNDS = 3
_TIMEOUT_S = 30.0
_A_FILE = 20
"""Lines of one file that are looked at, where nobody asks for more."""
_LINE_CHARACTERS = 160
_NAME = re.compile(r"[A-Za-z_$][\w$]{2,}")
_EVERYWHERE = frozenset({
    "add", "apply", "build", "call", "check", "close", "constructor", "create", "data", "delete", "equals", "execute",
    "find", "format", "get", "handle", "handler", "hashCode", "index", "init", "insert", "items", "key", "keys",
    "length", "list", "load", "log", "main", "make", "map", "name", "new", "next", "open", "parse", "path", "print",
    "push", "put", "read", "remove", "render", "reset", "run", "save", "search", "send", "set", "setUp", "setup",
    "size", "start", "stop", "string", "tearDown", "test", "tests", "text", "toString", "type", "update", "user",
    "users", "validate", "value", "values", "write",
})  # fmt: skip


def _is_telling(name: str) -> bool:
    """Whether other lines with this word are likely to mean the same thing."""
    return _NAME.fullmatch(name) is not None and name not in _EVERYWHERE and not name.startswith("__")


@dataclass(frozen=True)
class Use:
    """`text` is the line, cut when it is long."""

    name: str
    path: str
    line: int
    text: str


@dataclass(frozen=True)
class Uses:
    """`found`: in the order of git's tree. `skipped`: names that were not looked for, or are used too often to tell."""

    found: tuple[Use, ...]
    skipped: frozenset[str]


async def find_uses(
    mirror: Path, commit: str, names: Iterable[str], endings: Collection[str], a_file: int = _A_FILE
) -> Uses:
    """Every line of files with one of these endings, or globs, that has one of the names as a word.

    Of a file at most `a_file` lines, for all names together.
    """
    asked = list(dict.fromkeys(names))
    wanted = [name for name in asked if _is_telling(name)][:_MOST_NAMES]
    for _ in range(_MOST_ROUNDS):
        if not wanted:
            break
        uses, whole = await _search(mirror, commit, wanted, endings, a_file)
        counts = Counter(use.name for use in uses)
        common = {name for name in wanted if counts[name] > _MOST_USES}
        if not whole and not common:
            break
        wanted = [name for name in wanted if name not in common]
        if whole:
            found = tuple(use for use in uses if use.name not in common)
            return Uses(found, frozenset(asked) - frozenset(wanted))
    return Uses((), frozenset(asked))


async def _search(
    mirror: Path, commit: str, names: Sequence[str], endings: Collection[str], a_file: int
) -> tuple[list[Use], bool]:
    """What there is, and whether that is all."""
    patterns = [part for name in names for part in ("-e", name)]
    command = ("grep", "--no-color", "-I", "-n", "-z", "-w", "-F", "--max-count", str(a_file), *patterns, commit, "--")
    places = [f":(glob){ending if '*' in ending else f'**/*.{ending}'}" for ending in sorted(endings)]
    try:
        out, whole = await git_at_most(
            _MOST_BYTES, *command, *places, git_dir=mirror, fine=(0, 1), timeout_s=_TIMEOUT_S
        )
    except (GitError, TimeoutError):
        return [], False
    lines = out.decode("utf-8", "surrogateescape").split("\n")
    told = lines[:-1]  # after the last line feed stands nothing, or what was cut off
    return [use for line in told for use in _uses(line, frozenset(names))], whole


def _uses(line: str, names: frozenset[str]) -> list[Use]:
    """A line is `COMMIT:PATH NUL NUMBER NUL TEXT`; a path with a line feed in it makes lines that are none."""
    place, _, rest = line.partition("\0")
    number, _, text = rest.partition("\0")
    path = place.partition(":")[2]
    if not path.isprintable() or not path or not number.isdigit():
        return []
    said = names & set(_NAME.findall(text))
    shown = text.strip().encode("utf-8", "replace").decode()[:_LINE_CHARACTERS]
    return [Use(name, path, int(number), shown) for name in sorted(said)]
