"""Sub-issues: https://docs.github.com/en/rest/issues/sub-issues. Only within a repository; nothing is told of them."""

from typing import NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import repository_of
from app.emulator.http import GitHubError, body_of, invalid, listed
from app.emulator.issues import Json, find_issue
from app.emulator.render_issues import render_issue
from app.emulator.state import Repository

_MOST = 100
"""https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/adding-sub-issues"""


class NewSubIssue(TypedDict):
    sub_issue_id: int
    replace_parent: NotRequired[bool]


async def list_sub_issues(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    issue = find_issue(repository, request.path_params["number"])
    return listed(request, [render_issue(world, repository, each) for each in _below(repository, issue)])


async def add_sub_issue(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "write")
    issue, body = find_issue(repository, request.path_params["number"]), await body_of(request, NewSubIssue)
    child = next((each for each in repository.issues.values() if each["id"] == body["sub_issue_id"]), None)
    if child is None or child["pull"] or issue["pull"]:
        raise GitHubError(404, "Not Found")
    if child is issue or len(_below(repository, issue)) >= _MOST:
        raise invalid("Issue", "sub_issue_id", "invalid")
    if child.get("parent") is not None and not body.get("replace_parent"):
        raise invalid("Issue", "sub_issue_id", "custom", "Sub issue may only have one parent")
    child["parent"] = issue["number"]
    return JSONResponse(render_issue(world, repository, issue), 201)


def _below(repository: Repository, issue: Json) -> list[Json]:
    return [each for each in repository.issues.values() if each.get("parent") == issue["number"]]


_PLACE = "/api/v3/repos/{owner}/{repo}/issues/{number:int}/sub_issues"
routes = [Route(_PLACE, list_sub_issues, methods=["GET"]), Route(_PLACE, add_sub_issue, methods=["POST"])]
