"""The work tree as it is now, as a commit in a repository of our own. The person's repository is only read.

The index is a copy: what git knows of unchanged files is not found out anew, and what a sparse checkout leaves out, or
a filter such as Git LFS keeps elsewhere, is not taken for changed. New objects go into our repository, old ones are
found in theirs (https://git-scm.com/docs/gitrepository-layout#Documentation/gitrepository-layout.txt-objectsinfoalternates).
"""

import asyncio
import os
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.cli.reviewing.base import Base
from app.cli.reviewing.habits import read_habits
from app.cli.reviewing.project import Project
from app.forge.git import commit_tree
from app.gitcmd import git
from app.policy.values import Sha

_AUTHOR = "nobody <nobody@localhost>"
_FILE_BYTES = 50 * 1024**2
# Looking for what is dirty within a submodule would start git by the submodule's own configuration.
_DIFF = ("diff-files", "-z", "--name-status", "--no-renames", "--ignore-submodules=dirty")
_OTHERS = ("ls-files", "-z", "--others", "--exclude-standard")
_UPDATE = ("update-index", "-z")


@dataclass(frozen=True)
class Snapshot:
    """`head` holds the files as they are, on top of the base. `left_out` are files that were not taken, and why."""

    mirror: Path
    head: Sha
    left_out: tuple[str, ...]


async def take_snapshot(project: Project, base: Base, folder: Path) -> Snapshot:
    """All tracked files and those that are new and not ignored. `folder` is ours, and empty."""
    mirror, index = folder / "mirror.git", folder / "index"
    await git("init", "--quiet", "--bare", f"--object-format={project.object_format}", "--template=", str(mirror))
    await asyncio.to_thread(_lend, project, mirror, index)
    there = partial(git, *await read_habits(project), git_dir=mirror, work_tree=project.root, index=index)
    gone, changed = _read_states(project.root, await there(*_DIFF))
    new, left_out = await asyncio.to_thread(_sort, project.root, _names(await there(*_OTHERS)))
    await there(*_UPDATE, "--force-remove", "--stdin", stdin=_listed(gone))
    await there(*_UPDATE, "--add", "--stdin", stdin=_listed([*changed, *new]))
    tree = (await git("write-tree", git_dir=mirror, index=index)).decode().strip()
    head = await commit_tree(mirror, tree, [base.commit], "The work tree", _AUTHOR, 0)
    return Snapshot(mirror, head, tuple(left_out))


def _lend(project: Project, mirror: Path, index: Path) -> None:
    """Let our repository see their objects and ignored files, and have a copy of their index."""
    (mirror / "objects" / "info").mkdir(exist_ok=True)
    (mirror / "objects" / "info" / "alternates").write_bytes(os.fsencode(project.common / "objects") + b"\n")
    (mirror / "info").mkdir(exist_ok=True)
    for name in ("exclude", "attributes"):
        if (project.common / "info" / name).is_file():
            shutil.copyfile(project.common / "info" / name, mirror / "info" / name)
    if project.index.is_file():
        # With its time: git holds it against those of files, to know which may have changed since.
        shutil.copy2(project.index, index)
    for shared in project.git_dir.glob("sharedindex.*"):
        shutil.copy2(shared, mirror / shared.name)


def _read_states(root: Path, told: bytes) -> tuple[list[str], list[str]]:
    """Tracked files that are gone, and those that are changed; of a conflict, as the file stands there."""
    fields = _names(told)
    gone: list[str] = []
    changed: list[str] = []
    for state, path in zip(fields[::2], fields[1::2], strict=True):
        is_gone = state == "D" or (state == "U" and not os.path.lexists(root / path))
        (gone if is_gone else changed).append(path)
    return gone, changed


def _sort(root: Path, new: Sequence[str]) -> tuple[list[str], list[str]]:
    """New files that are taken, and what is not: other repositories, and what is too large to be read by anybody."""
    taken, left_out = [], []
    for path in new:
        about = (root / path).lstat()
        if path.endswith("/"):
            left_out.append(f"{path}: it is a repository of its own")
        elif stat.S_ISREG(about.st_mode) and about.st_size > _FILE_BYTES:
            left_out.append(f"{path}: it is larger than {_FILE_BYTES // 1024**2} MB")
        else:
            taken.append(path)
    return taken, left_out


def _names(told: bytes) -> list[str]:
    return [each for each in told.decode("utf-8", "surrogateescape").split("\0") if each]


def _listed(paths: Sequence[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)
