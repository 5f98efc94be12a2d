"""Who moved which branch from where to where: https://docs.github.com/en/rest/repos/repos#list-repository-activities."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator.auth import repository_of
from app.emulator.render import render_user
from app.emulator.state import Actor, Repository, World, now

Json = dict[str, Any]
_MOST = 100


def remember(world: World, repository: Repository, actor: Actor, kind: str, told: Json) -> None:
    """`told`: ref, before and after of a move."""
    entry = {**told, "id": world.next_id(), "timestamp": now(), "activity_type": kind, "user": actor.user}
    repository.activities.append(entry)


async def list_activities(request: Request) -> Response:
    """Newest first. GitHub goes through more than a hundred by cursors; nobody here has asked for more."""
    world, repository, _ = repository_of(request, "contents", "read")
    ref, wanted = request.query_params.get("ref"), int(request.query_params.get("per_page", "30"))
    names = {None, ref} if ref is None else {ref, f"refs/heads/{ref}"}
    found = [each for each in reversed(repository.activities) if ref is None or each["ref"] in names]
    return JSONResponse([_render(world, each) for each in found[: min(wanted, _MOST)]])


def _render(world: World, entry: Json) -> Json:
    told = {key: value for key, value in entry.items() if key != "user"}
    return {**told, "node_id": f"A_{entry['id']}", "actor": render_user(world, entry["user"])}


routes = [Route("/api/v3/repos/{owner}/{repo}/activity", list_activities, methods=["GET"])]
