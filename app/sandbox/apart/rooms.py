"""Where commands may work: work trees of runs below one folder, and nothing that a command could have put there.

A tree is always ROOT/RUN/TREE. What commands write lies below that, so that neither of the two names is theirs to make
a link of between the look and the mount.
"""

import stat
from pathlib import Path

from app.sandbox import lasting


def tree_in(root: Path, path: Path) -> Path:
    """The work tree that is meant. Raises `ValueError` for what is no folder of a run's below `root`, links included.

    `root` is free of links.
    """
    run, name = path.parent.name, path.name
    tree = root / run / name
    if not _names(run, name) or name == lasting.FOLDER or _resolved(path.parent.parent) != root:
        raise ValueError(f"{path} is no work tree of a run in {root}")
    if not (_is_folder(tree.parent) and _is_folder(tree)):
        raise ValueError(f"{path} is not there, or is a link")
    return tree


def place_in(root: Path, path: Path, tree: Path) -> Path:
    """The folder for a lasting command in `tree`. Raises `ValueError` where it is not one beside the run's trees."""
    folder = tree.parent / lasting.FOLDER
    meant = (path.parent.parent.name, path.parent.name) == (tree.parent.name, lasting.FOLDER)
    if not meant or not _names(path.name) or _resolved(path.parent.parent.parent) != root:
        raise ValueError(f"{path} is no place for a command that works in {tree}")
    for there in (folder, folder / path.name):
        if there.is_symlink():
            raise ValueError(f"{there} is a link")
    return folder / path.name


def _names(*parts: str) -> bool:
    return all(part not in {"", ".", ".."} for part in parts)


def _resolved(path: Path) -> Path | None:
    try:
        return path.resolve(strict=True) if path.is_absolute() else None
    except (OSError, RuntimeError):  # a loop of links
        return None


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False
