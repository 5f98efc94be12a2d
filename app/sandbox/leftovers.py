"""What a set-up left in a work tree beside the project's own files, taken out of it to be shown to later commands."""

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

MOST = 60
"""Each costs every later command a mount, and those cost by the square of their number."""
_USELESS = frozenset({".git", "__pycache__"})
_MODULES = "node_modules"
CACHES = (".cache", ".vite", ".vite-temp")
"""Where programs of JavaScript write beside their packages, and fail if they cannot: Vite, Vitest, Babel."""


def take_leftovers(worktree: Path, tracked: Collection[str], into: Path) -> tuple[str, ...]:
    """Move the topmost folders that hold none of the `tracked` files to the same paths below `into`; name them.

    No command runs meanwhile; links are followed nowhere. Single files stay behind: they could not be told later from
    what a change brings. Of more than `MOST` folders the first are taken, by name.
    """
    known = {part for path in tracked for part in _folders_of(path)}
    found = sorted(_untracked(worktree, "", known))[:MOST]
    for path in found:
        place = into / path
        place.parent.mkdir(parents=True, exist_ok=True)
        (worktree / path).rename(place)
        if place.name == _MODULES:
            _make_caches(place)
    return tuple(found)


def _make_caches(modules: Path) -> None:
    """Places to mount over, as none can be made later."""
    for name in CACHES:
        with suppress(FileExistsError):  # a link among them, which nothing is mounted over
            (modules / name).mkdir(mode=0o755)


def _folders_of(path: str) -> Iterator[str]:
    folder = os.path.dirname(path)  # noqa: PTH120 - of a path in a tree, not of one here
    while folder:
        yield folder
        folder = os.path.dirname(folder)  # noqa: PTH120


def _untracked(worktree: Path, below: str, known: Collection[str]) -> Iterator[str]:
    for entry in os.scandir(worktree / below):
        path = f"{below}/{entry.name}" if below else entry.name
        if entry.name in _USELESS or not entry.is_dir(follow_symlinks=False):
            continue
        if path in known:
            yield from _untracked(worktree, path, known)
        elif "\n" not in path:
            yield path
