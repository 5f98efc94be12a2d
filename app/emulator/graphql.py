"""The mutations and the two queries that REST has no word for, known by their names: https://docs.github.com/en/graphql."""

import re
from typing import Any, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import graphql_auto_merge, graphql_drafts, graphql_issues, graphql_queue, graphql_threads
from app.emulator.auth import actor_of
from app.emulator.graphql_input import arguments_of, asked_of
from app.emulator.http import GitHubError, body_of, world_of
from app.emulator.state import Actor, Repository, World
from app.emulator.threads import find_thread

Json = dict[str, Any]
_MUTATIONS = {
    **graphql_drafts.mutations,
    **graphql_auto_merge.mutations,
    **graphql_queue.mutations,
    **graphql_threads.mutations,
}
_TYPES = {403: "FORBIDDEN", 404: "NOT_FOUND"}


class Query(TypedDict):
    query: str
    variables: NotRequired[dict[str, Any] | None]


async def graphql(request: Request) -> Response:
    """One mutation or query, about one pull request. Refusals are answered with 200, as GraphQL does.

    All that either can return is returned, whatever was selected.
    """
    world, actor, body = world_of(request), actor_of(request), await body_of(request, Query)
    name, told = asked_of(body["query"], body.get("variables") or {}, _MUTATIONS)
    if name is None:
        return _query(world, actor, (body["query"], body.get("variables") or {}))
    try:
        repository, issue = _find(world, str(told.get("pullRequestId") or told.get("threadId") or told.get("id")))
        shown = await _MUTATIONS[name](world, repository, actor, issue, told)
    except GitHubError as error:
        return _refused(name, error)
    return JSONResponse({"data": {name: {**shown, "clientMutationId": told.get("clientMutationId")}}})


def _query(world: World, actor: Actor, query: tuple[str, dict[str, Any]]) -> Response:
    """`viewer` and `node(id: …)`, and no other."""
    if re.search(r"\bviewer\s*\{", query[0]):
        return JSONResponse({"data": {"viewer": {"login": actor.user.login}}})
    asked = arguments_of(*query, "node")
    if asked is None:
        known = f"The emulator knows the queries `viewer` and `node` and these mutations only: {', '.join(_MUTATIONS)}"
        return JSONResponse({"data": None, "errors": [{"message": known}]})
    try:
        wanted = str(asked.get("id"))
        repository, issue = _find(world, wanted, issues=True)
        read = graphql_threads.read_node if issue["pull"] else graphql_issues.read_node
        node = read(repository, actor, issue, wanted, query)
    except GitHubError as error:
        return _refused("node", error)
    return JSONResponse({"data": {"node": node}})


def _refused(name: str, error: GitHubError) -> Response:
    refused = {"type": _TYPES.get(error.status, "UNPROCESSABLE"), "path": [name], "message": str(error)}
    return JSONResponse({"data": {name: None}, "errors": [refused]})


def _find(world: World, wanted: str, *, issues: bool = False) -> tuple[Repository, Json]:
    """A pull request by its own id or by that of one of its threads; an issue only for who asks for `issues`, too."""
    for repository in world.repositories.values():
        thread = find_thread(repository, wanted)
        if thread is not None:
            return repository, repository.issues[thread["review"]["pull"]]
        for issue in repository.issues.values():
            if (issue["pull"] or issues) and wanted == f"{'PR' if issue['pull'] else 'I'}_{issue['id']}":
                return repository, issue
    raise GitHubError(404, f"Could not resolve to a node with the global id of '{wanted}'")


routes = [Route("/api/graphql", graphql, methods=["POST"])]
