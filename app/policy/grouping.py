"""The files of a large change by the folders that they lie in, as a reader is led through them. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.policy.changed import ChangedFile
from app.policy.risk import lines_to_read

LARGE_FILES, LARGE_LINES = 12, 400
"""From so many on a change is told group by group; whoever reads less sees it at a glance."""
MOST_GROUPS = 12
_ROOT = "(root)"


@dataclass(frozen=True)
class Group:
    """`name`: a folder, a stranger's word. Lines are counted as git counts them."""

    name: str
    files: int
    added: int
    removed: int


def is_large(files: Sequence[ChangedFile]) -> bool:
    """Whether a person is glad of a walkthrough."""
    return len(files) >= LARGE_FILES or lines_to_read(files) >= LARGE_LINES


def groups_of(files: Sequence[ChangedFile]) -> tuple[Group, ...]:
    """By folders as deep as gives at most `MOST_GROUPS`, the one with most lines first; the rest in one at the end."""
    deepest = max((file.path.count("/") for file in files), default=0)
    for depth in range(deepest, 0, -1):
        if len({folder_of(file.path, depth) for file in files}) <= MOST_GROUPS:
            return _ranked(files, depth)
    ranked = _ranked(files, 1)
    rest = ranked[MOST_GROUPS - 1 :]
    if len(rest) <= 1:
        return ranked
    others = Group(
        "(other folders)", *(sum(getattr(each, of) for each in rest) for of in ("files", "added", "removed"))
    )
    return (*ranked[: MOST_GROUPS - 1], others)


def folder_of(path: str, depth: int) -> str:
    """The first `depth` folders that a file lies in."""
    return "/".join(path.split("/")[:-1][:depth]) or _ROOT


def _ranked(files: Sequence[ChangedFile], depth: int) -> tuple[Group, ...]:
    by_folder: dict[str, list[ChangedFile]] = defaultdict(list)
    for file in files:
        by_folder[folder_of(file.path, depth)].append(file)
    groups = [
        Group(name, len(own), sum(each.added for each in own), sum(each.removed for each in own))
        for name, own in by_folder.items()
    ]
    return tuple(sorted(groups, key=lambda each: (-each.added - each.removed, each.name)))
