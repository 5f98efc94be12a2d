"""Git references: https://docs.github.com/en/rest/git/refs."""

from typing import Any, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import git
from app.emulator.auth import repository_of
from app.emulator.guard import move_ref
from app.emulator.http import GitHubError, body_of, listed
from app.emulator.pushes import NOTHING
from app.emulator.render import api_of
from app.emulator.state import Repository, World

Json = dict[str, Any]
_SHOWN = ("refs/heads/", "refs/tags/", "refs/pull/")


class NewRef(TypedDict):
    ref: str
    sha: str


class Move(TypedDict):
    sha: str
    force: NotRequired[bool]


async def get_ref(request: Request) -> Response:
    world, repository, _ = repository_of(request, "contents", "read")
    ref = f"refs/{request.path_params['ref']}"
    sha = await _resolve(repository, ref)
    if sha == NOTHING:
        raise GitHubError(404, "Not Found")
    return JSONResponse(_render(world, repository, ref, sha))


async def list_matching(request: Request) -> Response:
    """Every ref that begins like this."""
    world, repository, _ = repository_of(request, "contents", "read")
    wanted = f"refs/{request.path_params['ref']}"
    told = await git.run_git(repository.path, "for-each-ref", "--format=%(refname) %(objectname)")
    pairs = [line.split(" ", 1) for line in told.splitlines()]
    found = [(ref, sha) for ref, sha in pairs if ref.startswith(wanted) and ref.startswith(_SHOWN)]
    return listed(request, [_render(world, repository, ref, sha) for ref, sha in found])


async def create_ref(request: Request) -> Response:
    world, repository, actor = repository_of(request, "contents", "write")
    body = await body_of(request, NewRef)
    ref = body["ref"]
    async with repository.lock:
        await _must_be_a_name(repository, ref)
        if await _resolve(repository, ref) != NOTHING:
            raise GitHubError(422, "Reference already exists")
        await _must_be_an_object(repository, body["sha"])
        await move_ref(world, repository, actor, ref, NOTHING, body["sha"])
    return JSONResponse(_render(world, repository, ref, body["sha"]), 201)


async def update_ref(request: Request) -> Response:
    """Without `force` only forward."""
    world, repository, actor = repository_of(request, "contents", "write")
    ref, body = f"refs/{request.path_params['ref']}", await body_of(request, Move)
    async with repository.lock:
        before = await _resolve(repository, ref)
        if before == NOTHING:
            raise GitHubError(422, "Reference does not exist")
        await _must_be_an_object(repository, body["sha"])
        if not body.get("force") and not await git.is_ancestor(repository.path, before, body["sha"]):
            raise GitHubError(422, "Update is not a fast forward")
        if before != body["sha"]:
            await move_ref(world, repository, actor, ref, before, body["sha"])
    return JSONResponse(_render(world, repository, ref, body["sha"]))


async def delete_ref(request: Request) -> Response:
    world, repository, actor = repository_of(request, "contents", "write")
    ref = f"refs/{request.path_params['ref']}"
    async with repository.lock:
        before = await _resolve(repository, ref)
        if before == NOTHING:
            raise GitHubError(422, "Reference does not exist")
        await move_ref(world, repository, actor, ref, before, NOTHING)
    return Response(status_code=204)


async def _resolve(repository: Repository, ref: str) -> str:
    return await git.rev(repository.path, ref) or NOTHING


async def _must_be_a_name(repository: Repository, ref: str) -> None:
    try:
        await git.run_git(repository.path, "check-ref-format", ref)
    except git.GitFailedError as error:
        raise GitHubError(422, "Reference name is not valid") from error
    if not ref.startswith(("refs/heads/", "refs/tags/")):
        raise GitHubError(422, "Reference name is not valid")


async def _must_be_an_object(repository: Repository, sha: str) -> None:
    if len(sha) != len(NOTHING) or await git.rev(repository.path, sha) is None:
        raise GitHubError(422, "Object does not exist")


def _render(world: World, repository: Repository, ref: str, sha: str) -> Json:
    api = api_of(world, repository)
    target = {"type": "commit", "sha": sha, "url": f"{api}/git/commits/{sha}"}
    return {"ref": ref, "node_id": f"REF_{ref}", "url": f"{api}/git/{ref}", "object": target}


_G = "/api/v3/repos/{owner}/{repo}/git"
routes = [
    Route(f"{_G}/ref/{{ref:path}}", get_ref, methods=["GET"]),
    Route(f"{_G}/matching-refs/{{ref:path}}", list_matching, methods=["GET"]),
    Route(f"{_G}/refs", create_ref, methods=["POST"]),
    Route(f"{_G}/refs/{{ref:path}}", update_ref, methods=["PATCH"]),
    Route(f"{_G}/refs/{{ref:path}}", delete_ref, methods=["DELETE"]),
]
