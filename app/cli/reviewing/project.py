"""Somebody's repository, as it lies on this machine. It is only ever read."""

import re
from dataclasses import dataclass
from pathlib import Path

from app.cli.reviewing.errors import ReviewError
from app.gitcmd import GitError, git
from app.policy.values import Sha


@dataclass(frozen=True)
class Project:
    """`root` holds the work tree, `git_dir` its state, and `common` what all work trees of the repository share."""

    root: Path
    git_dir: Path
    common: Path
    index: Path
    object_format: str


async def open_project(folder: Path) -> Project:
    """The repository that a folder belongs to. Raises `ReviewError`.

    Git refuses a repository that another account owns (https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory),
    as its configuration may start programs. Here none of that is used, so it may be read.
    """
    asked = ("--show-toplevel", "--absolute-git-dir", "--git-common-dir", "--git-path", "index")
    try:
        told = await git("-C", str(folder), "-c", "safe.directory=*", "rev-parse", "--path-format=absolute", *asked)
        root, git_dir, common, index = (Path(line) for line in told.decode("utf-8", "surrogateescape").split("\n")[:4])
        form = (await git("rev-parse", "--show-object-format", git_dir=git_dir)).decode().strip()
    except GitError as error:
        raise ReviewError(f"{folder}: {_in_short(error)}", "Start it in the work tree of a git repository.") from error
    return Project(root, git_dir, common, index, form)


async def find_commit(project: Project, name: str) -> Sha | None:
    """The commit that a name stands for, in the repository's own words."""
    try:
        told = await git(
            *("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"), git_dir=project.git_dir
        )
    except GitError:
        return None
    return Sha(told.decode().strip())


async def branch_of(project: Project) -> str:
    """The branch that is checked out; empty for none."""
    try:
        told = await git("symbolic-ref", "--quiet", "--short", "HEAD", git_dir=project.git_dir)
    except GitError:
        return ""
    return told.decode("utf-8", "replace").strip()


async def messages_since(project: Project, base: Sha) -> str:
    """The messages of the commits that are not in `base`, the oldest first; the latest fifty.

    Signatures are not verified: the configuration says by which program.
    """
    command = ("log", "--no-show-signature", "--reverse", "-n50", "--format=%B", "--end-of-options", f"{base}..HEAD")
    told = await git(*command, git_dir=project.git_dir)
    return re.sub(r"\n{3,}", "\n\n", told.decode("utf-8", "replace")).strip()


def _in_short(error: GitError) -> str:
    return error.stderr.strip().partition("\n")[0] or str(error)
