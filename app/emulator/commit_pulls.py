"""The pull requests that brought a commit: https://docs.github.com/en/rest/commits/commits."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.emulator import git
from app.emulator.auth import repository_of
from app.emulator.commits import sha_of
from app.emulator.http import listed
from app.emulator.render_pulls import render_listed_pull


async def list_pulls(request: Request) -> Response:
    """The merged one that the commit came onto the default branch with; else those that are open and hold it."""
    world, repository, _ = repository_of(request, "pull_requests", "read")
    sha, found = await sha_of(repository, request.path_params["ref"]), []
    for issue in repository.issues.values():
        pull = issue["pull"]
        if not pull:
            continue
        merged = pull["merged"] and pull["merge_commit_sha"] == sha
        holds = await git.is_ancestor(repository.path, sha, pull["head_sha"])
        if merged or (holds and not await git.is_ancestor(repository.path, sha, pull["base_sha"])):
            found.append(render_listed_pull(world, repository, issue))
    return listed(request, found)


routes = [Route("/api/v3/repos/{owner}/{repo}/commits/{ref:path}/pulls", list_pulls, methods=["GET"])]
