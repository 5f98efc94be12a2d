"""Where commands may work: work trees of runs below one folder, and nothing that a command could have put there.

A tree is always ROOT/RUN/TREE. What commands write lies below that, so that neither of the two names is theirs to make
a link of between the look and the mount. What projects' set-ups left lies below another folder, and while they are made
so does their tree, to be moved from there: each of the two may be a volume of its own.
"""

import stat
from pathlib import Path

from app.sandbox import lasting
from app.sandbox.box import Prepared
from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.prepared import WORK

OTHER_FOLDER = (
    "A worker and its `quorum sandbox` need the same QUORUM_DATA_DIR, and the same folders `worktrees` and `prepared`"
    " there: mount one volume at each place for both."
)


def tree_in(root: Path, path: Path) -> Path:
    """The work tree that is meant. `root` is free of links.

    Raises `SandboxUnavailableError` for what is no folder of a run's in there, links included.
    """
    run, name = path.parent.name, path.name
    tree = root / run / name
    if not _names(run, name) or name == lasting.FOLDER or _resolved(path.parent.parent) != root:
        raise SandboxUnavailableError(f"{path} is no work tree of a run in {root}", OTHER_FOLDER)
    if not (_is_folder(tree.parent) and _is_folder(tree)):
        raise SandboxUnavailableError(f"{path} is not there, or is a link", OTHER_FOLDER)
    return tree


def place_in(root: Path, path: Path, tree: Path) -> Path:
    """The folder for a lasting command in `tree`. Raises as `tree_in` where it is none beside the run's trees."""
    folder = tree.parent / lasting.FOLDER
    meant = (path.parent.parent.name, path.parent.name) == (tree.parent.name, lasting.FOLDER)
    if not meant or not _names(path.name) or _resolved(path.parent.parent.parent) != root:
        raise SandboxUnavailableError(f"{path} is no place for a command that works in {tree}", OTHER_FOLDER)
    for there in (folder, folder / path.name):
        if there.is_symlink():
            raise SandboxUnavailableError(f"{there} is a link", OTHER_FOLDER)
    return folder / path.name


def prepared_in(root: Path, prepared: Prepared) -> Prepared:
    """What is meant of the folders in there, and the proxy's socket in one. `root` is free of links.

    Raises `SandboxUnavailableError` for what lies elsewhere, or is not there, or behind a link that leads out.
    """
    place = _resolved(prepared.place)
    if place is None or place == root or not place.is_relative_to(root):
        raise SandboxUnavailableError(f"{prepared.place} is not what a set-up left in {root}", OTHER_FOLDER)
    if prepared.through is None:
        return Prepared(place)
    socket = _resolved(prepared.through)
    if socket is None or socket.parent.parent != place or not socket.is_socket():
        raise SandboxUnavailableError(f"{prepared.through} is no socket of a way out of {place}", OTHER_FOLDER)
    return Prepared(place, socket)


def tree_of(prepared: Prepared, path: Path) -> Path | None:
    """The work tree of a set-up that goes on, if that is meant. `prepared` is as `prepared_in` returns it."""
    tree = prepared.place / WORK
    return tree if prepared.through is not None and _resolved(path) == tree and _is_folder(tree) else None


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
