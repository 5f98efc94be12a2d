"""Whose files are: under root, a work tree is given to the user that its commands run as, and taken back from it."""

import os
import stat
from pathlib import Path


def owns(folder: Path, uid: int) -> bool:
    """By its topmost folder: done again only when it was laid out anew."""
    return os.getuid() != 0 or folder.stat().st_uid == uid


def own(tree: Path, uid: int) -> None:
    """Give the files to the user that commands run as, the topmost folder last."""
    for folder, _folders, files in os.walk(tree, topdown=False):
        for name in files:
            os.chown(Path(folder) / name, uid, uid, follow_symlinks=False)
        os.chown(folder, uid, uid, follow_symlinks=False)


def take_back(tree: Path) -> None:
    """Make the files root's own, readable for every user and writable for none; the topmost folder last.

    No bit but these is left: what was a user's program with that user's rights would have become root's. No command
    that could exchange a file may still run.
    """
    for folder, folders, files in os.walk(tree, topdown=False):
        for name in [*folders, *files]:
            path = Path(folder) / name
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                continue  # it had its own turn
            os.chown(path, 0, 0, follow_symlinks=False)
            if stat.S_ISREG(mode):
                path.chmod(0o755 if mode & 0o111 else 0o644)
        Path(folder).chmod(0o755)
        os.chown(folder, 0, 0)
