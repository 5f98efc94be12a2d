"""Issues that wait for others: https://docs.github.com/en/rest/issues/issue-dependencies. Within a repository only."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import repository_of
from app.emulator.http import GitHubError, body_of, invalid, listed
from app.emulator.issues import find_issue
from app.emulator.render_issues import render_issue


class NewDependency(TypedDict):
    issue_id: int


async def list_blocking(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    issue = find_issue(repository, request.path_params["number"])
    found = [repository.issues[number] for number in issue.get("blocked_by", [])]
    return listed(request, [render_issue(world, repository, each) for each in found])


async def add_blocking(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "write")
    issue, body = find_issue(repository, request.path_params["number"]), await body_of(request, NewDependency)
    other = next((each for each in repository.issues.values() if each["id"] == body["issue_id"]), None)
    if other is None or other["pull"] or issue["pull"]:
        raise GitHubError(404, "Not Found")
    blocking = issue.setdefault("blocked_by", [])
    if other is issue or other["number"] in blocking:
        raise invalid("Issue", "issue_id", "invalid")
    blocking.append(other["number"])
    return JSONResponse(render_issue(world, repository, issue), 201)


_PLACE = "/api/v3/repos/{owner}/{repo}/issues/{number:int}/dependencies/blocked_by"
routes = [Route(_PLACE, list_blocking, methods=["GET"]), Route(_PLACE, add_blocking, methods=["POST"])]
