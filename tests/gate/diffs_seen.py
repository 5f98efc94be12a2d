"""Differences between commits, by plain git; the same two commits have the same one in every repository."""

from dataclasses import dataclass
from functools import cached_property

from history import Git
from markers import Added, added_lines, identity

_DIFFS: dict[tuple[str, str], "Seen"] = {}


@dataclass(frozen=True)
class Seen:
    """`names`: every name of a changed file, both of a rename. `size`: lines added and removed."""

    text: str
    names: frozenset[str]
    size: int

    @cached_property
    def identity(self) -> str:
        return identity(self.text)

    @cached_property
    def added(self) -> list[Added]:
        return added_lines(self.text)


def seen(git: Git, base: str, head: str) -> Seen:
    """The difference of `head` from where it left `base`."""
    start = git.merge_base(base, head)
    if (start, head) not in _DIFFS:
        _DIFFS[start, head] = _read(git, start, head)
    return _DIFFS[start, head]


def _read(git: Git, start: str, head: str) -> Seen:
    plain = ("diff-tree", "-r", "-M", "--no-color", "--no-ext-diff")
    text = git.run(*plain, "-p", "-U3", "--src-prefix=a/", "--dst-prefix=b/", start, head)
    names = git.run(*plain, "--name-status", start, head).splitlines()
    lines = git.run(*plain, "--numstat", start, head).splitlines()
    size = sum(int(count) for line in lines for count in line.split("\t")[:2])
    return Seen(text, frozenset(name for line in names for name in line.split("\t")[1:]), size)
