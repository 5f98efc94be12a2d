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
    if not tree.is_dir():
        return
    # By descriptors: a command can leave names so far down that no path would reach them.
    for _folder, folders, files, at in os.fwalk(tree, topdown=False, follow_symlinks=False):
        for name in [*folders, *files]:
            mode = os.stat(name, dir_fd=at, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                continue  # it had its own turn
            os.chown(name, 0, 0, dir_fd=at, follow_symlinks=False)
            if stat.S_ISREG(mode):
                os.chmod(name, 0o755 if mode & 0o111 else 0o644, dir_fd=at)
        os.fchmod(at, 0o755)
        os.fchown(at, 0, 0)
