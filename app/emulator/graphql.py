"""The mutations that REST has no word for, known by their names: https://docs.github.com/en/graphql."""

from typing import Any, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import actor_of, check
from app.emulator.http import body_of, world_of
from app.emulator.issue_events import record, tell_of
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]
_DRAFTS = {"markPullRequestReadyForReview": False, "convertPullRequestToDraft": True}


class Query(TypedDict):
    query: str
    variables: NotRequired[dict[str, Any] | None]


async def graphql(request: Request) -> Response:
    """The first variable is the pull request's node id. Refusals are answered with 200, as GraphQL does."""
    world, actor, body = world_of(request), actor_of(request), await body_of(request, Query)
    name = next((each for each in _DRAFTS if each in body["query"]), None)
    wanted = str(next(iter((body.get("variables") or {}).values()), ""))
    for repository in world.repositories.values():
        for issue in repository.issues.values():
            if name and issue["pull"] and f"PR_{issue['id']}" == wanted:
                check(repository, actor, "pull_requests", "write")
                _set_draft(world, repository, actor, issue, _DRAFTS[name])
                return JSONResponse({"data": {name: {"pullRequest": {"isDraft": _DRAFTS[name]}}}})
    errors = [{"type": "NOT_FOUND", "message": f"Could not resolve to a node with the global id of '{wanted}'"}]
    return JSONResponse({"data": None, "errors": errors})


def _set_draft(world: World, repository: Repository, actor: Actor, issue: Json, draft: bool) -> None:
    if issue["pull"]["draft"] != draft:
        issue["pull"]["draft"] = draft
        record(world, repository, issue, "convert_to_draft" if draft else "ready_for_review", actor.user)
        tell_of(world, repository, issue, "converted_to_draft" if draft else "ready_for_review", actor.user)


routes = [Route("/api/graphql", graphql, methods=["POST"])]
