"""A branch gets another name: https://docs.github.com/en/rest/branches/branches#rename-a-branch."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import git
from app.emulator.auth import check, repository_of
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of
from app.emulator.issue_events import close
from app.emulator.pushes import NOTHING, after_push
from app.emulator.repos import render_branch
from app.emulator.retargeting import retarget
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]


class NewName(TypedDict):
    new_name: str


async def rename_branch(request: Request) -> Response:
    """What is protected, and the default branch, only administrators rename."""
    world, repository, actor = repository_of(request, "contents", "write")
    old, new = request.path_params["branch"], (await body_of(request, NewName))["new_name"]
    if old == repository.default_branch or old in repository.protection:
        check(repository, actor, "administration", "admin" if actor.installation is None else "write")
    async with repository.lock:
        sha = await git.rev(repository.path, f"refs/heads/{old}")
        if sha is None:
            raise GitHubError(404, "Branch not found")
        await _must_be_free(repository, new)
        await _rename(world, repository, actor, (old, new), sha)
    return JSONResponse(await render_branch(world, repository, new, sha), 201)


async def _must_be_free(repository: Repository, name: str) -> None:
    try:
        await git.run_git(repository.path, "check-ref-format", "--branch", name)
    except git.GitFailedError as error:
        raise GitHubError(422, f"{name} is not a valid branch name") from error
    if await git.rev(repository.path, f"refs/heads/{name}") is not None:
        raise GitHubError(422, f"Branch {name} already exists")


async def _rename(world: World, repository: Repository, actor: Actor, names: tuple[str, str], sha: str) -> None:
    """Pull requests onto the branch, its protection and the default branch follow; those from it are closed.

    https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-branches-in-your-repository/renaming-a-branch
    """
    old, new = names
    await git.run_git(repository.path, "update-ref", f"refs/heads/{new}", sha)
    await git.run_git(repository.path, "update-ref", "-d", f"refs/heads/{old}", sha)
    repository.renamed_branches[old] = new
    repository.renamed_branches.pop(new, None)
    if old in repository.protection:
        repository.protection[new] = repository.protection.pop(old)
    if old == repository.default_branch:
        await move_default(world, repository, actor, new)
    for issue in [each for each in repository.issues.values() if each["pull"] and each["state"] == "open"]:
        if issue["pull"]["head_ref"] == old:
            close(world, repository, issue, actor.user)
        elif issue["pull"]["base_ref"] == old:
            await retarget(world, repository, actor, issue, new)
    await after_push(world, repository, actor, f"refs/heads/{new}", NOTHING, sha)
    await after_push(world, repository, actor, f"refs/heads/{old}", sha, NOTHING)


async def move_default(world: World, repository: Repository, actor: Actor, branch: str) -> None:
    """To be called with the repository's lock held."""
    was, repository.default_branch = repository.default_branch, branch
    await git.run_git(repository.path, "symbolic-ref", "HEAD", f"refs/heads/{branch}")
    tell(world, repository, "repository", "edited", actor.user, {"changes": {"default_branch": {"from": was}}})


routes = [Route("/api/v3/repos/{owner}/{repo}/branches/{branch:path}/rename", rename_branch, methods=["POST"])]
