"""What the work is held against."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from app.cli.reviewing.errors import ReviewError
from app.cli.reviewing.project import Project, find_commit
from app.forge.errors import RefusedError
from app.forge.git import merge_base
from app.gitcmd import git
from app.policy.values import Sha

_REMOTE = "refs/remotes/"
_USUAL = ("refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master")


@dataclass(frozen=True)
class Base:
    """`tip` is the commit that `name` stands for, `commit` the newest one that the work has in common with it.

    `why` says why this one was taken. `branch`: the branch that it is, if it is known to be one.
    """

    name: str
    tip: Sha
    commit: Sha
    why: str
    branch: str | None = None


async def find_base(project: Project, wanted: str) -> Base:
    """The revision that is `wanted`; without a wish the branch that the work goes into, as far as one can tell.

    Raises `ReviewError`.
    """
    head = await find_commit(project, "HEAD")
    if head is None:
        raise ReviewError(f"{project.root}: there is no commit yet", "Commit once, so that there is something before.")
    if wanted:
        tip = await find_commit(project, wanted)
        if tip is None:
            raise ReviewError(f"--base {wanted}: {project.root} has no such commit", "Name a branch, tag or commit.")
        return Base(wanted, tip, await _common(project, wanted, tip, head), "as asked for")
    async for ref, why in _candidates(project):
        tip = await find_commit(project, ref)
        if tip is not None:
            name = ref.removeprefix(_REMOTE).removeprefix("refs/heads/")
            branch = name.partition("/")[2] if ref.startswith(_REMOTE) else name
            return Base(name, tip, await _common(project, name, tip, head), why, branch)
    return Base("HEAD", head, head, "no branch main or master is there, so only uncommitted work is reviewed")


async def _candidates(project: Project) -> AsyncIterator[tuple[str, str]]:
    """Refs and why they are taken, the best first."""
    told = await git("for-each-ref", "--format=%(refname)%00%(symref)", "refs/remotes/*/HEAD", git_dir=project.git_dir)
    heads = [line.split("\0") for line in told.decode("utf-8", "surrogateescape").splitlines()]
    for ref, target in sorted(heads, key=lambda each: each[0] != "refs/remotes/origin/HEAD"):
        if target:
            yield target, f"the default branch of {ref.split('/')[2]}"
    for ref in _USUAL:
        yield ref, "the usual name, as no remote tells its default branch"


async def _common(project: Project, name: str, tip: Sha, head: Sha) -> Sha:
    try:
        return await merge_base(project.git_dir, tip, head)
    except RefusedError as error:
        told = f"{name} and HEAD of {project.root} have no commit in common"
        raise ReviewError(told, "Name another one with --base, or fetch more of the history.") from error
