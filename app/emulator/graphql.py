"""The mutations that REST has no word for, known by their names: https://docs.github.com/en/graphql."""

from typing import Any, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import graphql_auto_merge, graphql_drafts, graphql_queue
from app.emulator.auth import actor_of
from app.emulator.graphql_input import asked_of
from app.emulator.http import GitHubError, body_of, world_of
from app.emulator.state import Repository, World

Json = dict[str, Any]
_MUTATIONS = {**graphql_drafts.mutations, **graphql_auto_merge.mutations, **graphql_queue.mutations}
_TYPES = {403: "FORBIDDEN", 404: "NOT_FOUND"}


class Query(TypedDict):
    query: str
    variables: NotRequired[dict[str, Any] | None]


async def graphql(request: Request) -> Response:
    """One mutation, about one pull request. Refusals are answered with 200, as GraphQL does.

    All that a mutation can return is returned, whatever was selected.
    """
    world, actor, body = world_of(request), actor_of(request), await body_of(request, Query)
    name, told = asked_of(body["query"], body.get("variables") or {}, _MUTATIONS)
    if name is None:
        known = f"The emulator knows these mutations only: {', '.join(_MUTATIONS)}"
        return JSONResponse({"data": None, "errors": [{"message": known}]})
    try:
        repository, issue = _find(world, str(told.get("pullRequestId") or told.get("id")))
        shown = await _MUTATIONS[name](world, repository, actor, issue, told)
    except GitHubError as error:
        refused = {"type": _TYPES.get(error.status, "UNPROCESSABLE"), "path": [name], "message": str(error)}
        return JSONResponse({"data": {name: None}, "errors": [refused]})
    return JSONResponse({"data": {name: {**shown, "clientMutationId": told.get("clientMutationId")}}})


def _find(world: World, wanted: str) -> tuple[Repository, Json]:
    for repository in world.repositories.values():
        for issue in repository.issues.values():
            if issue["pull"] and f"PR_{issue['id']}" == wanted:
                return repository, issue
    raise GitHubError(404, f"Could not resolve to a node with the global id of '{wanted}'")


routes = [Route("/api/graphql", graphql, methods=["POST"])]
