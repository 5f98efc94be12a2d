"""Issues and their timeline: https://docs.github.com/en/rest/issues/issues."""

from typing import Any, Literal, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import repository_of
from app.emulator.http import GitHubError, body_of, invalid, listed
from app.emulator.issue_events import close, record, tell_of
from app.emulator.labels import label
from app.emulator.render_issues import render_issue
from app.emulator.state import Repository, User, World, now

Json = dict[str, Any]
BODY_CHARS = 65_536


class NewIssue(TypedDict):
    title: str
    body: NotRequired[str | None]
    labels: NotRequired[list[str]]


class Change(TypedDict, total=False):
    title: str
    body: str | None
    state: Literal["open", "closed"]
    state_reason: Literal["completed", "not_planned", "duplicate", "reopened"] | None


def find_issue(repository: Repository, number: int) -> Json:
    if number not in repository.issues:
        raise GitHubError(404, "Not Found")
    return repository.issues[number]


def new_issue(world: World, repository: Repository, user: User, title: str, body: str, pull: Json | None) -> Json:
    """Raises `GitHubError` for an empty title or a body that is too long."""
    resource = "PullRequest" if pull else "Issue"
    if not title.strip():
        raise invalid(resource, "title", "missing_field")
    if len(body) > BODY_CHARS:
        raise invalid(resource, "body", "custom", f"body is too long (maximum is {BODY_CHARS} characters)")
    number = max(repository.issues, default=0) + 1
    issue: Json = {
        "id": world.next_id(),
        "number": number,
        "title": title,
        "body": body,
        "state": "open",
        "user": user,
        "labels": [],
        "created_at": (at := now()),
        "updated_at": at,
        "pull": pull,
    }
    repository.issues[number] = issue
    return issue


def change_issue(world: World, repository: Repository, issue: Json, actor: User, body: Change) -> None:
    was = {key: issue[key] for key in ("title", "body") if key in body and body.get(key) != issue[key]}
    issue.update({key: body.get(key) or "" for key in was})
    if "body" in was:
        issue.update(last_edited_at=now(), editor=actor)
    if "title" in was:
        rename = {"from": was["title"], "to": issue["title"]}
        record(world, repository, issue, "renamed", actor, rename=rename)
    if was:
        changes = {key: {"from": value} for key, value in was.items()}
        tell_of(world, repository, issue, "edited", actor, changes=changes)
    if body.get("state") == "closed" and issue["state"] == "open":
        close(world, repository, issue, actor, body.get("state_reason") or "completed")
    elif body.get("state") == "open" and issue["state"] == "closed":
        issue.update(state="open", state_reason=None if issue["pull"] else "reopened", closed_at=None)
        record(world, repository, issue, "reopened", actor)
        tell_of(world, repository, issue, "reopened", actor)


async def list_issues(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    state, labels = request.query_params.get("state", "open"), request.query_params.get("labels", "")
    wanted = {each.lower() for each in labels.split(",") if each}
    items = [
        render_issue(world, repository, issue)
        for issue in sorted(repository.issues.values(), key=lambda issue: -issue["number"])
        if state in {"all", issue["state"]} and wanted <= {each.lower() for each in issue["labels"]}
    ]
    return listed(request, items)


async def create_issue(request: Request) -> Response:
    world, repository, actor = repository_of(request, "issues", "write")
    body = await body_of(request, NewIssue)
    issue = new_issue(world, repository, actor.user, body["title"], body.get("body") or "", None)
    tell_of(world, repository, issue, "opened", actor.user)
    label(world, repository, actor, issue, body.get("labels", []))
    return JSONResponse(render_issue(world, repository, issue), 201)


async def get_issue(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    return JSONResponse(render_issue(world, repository, find_issue(repository, request.path_params["number"])))


async def update_issue(request: Request) -> Response:
    world, repository, actor = repository_of(request, "issues", "write")
    issue, body = find_issue(repository, request.path_params["number"]), await body_of(request, Change)
    change_issue(world, repository, issue, actor.user, body)
    return JSONResponse(render_issue(world, repository, issue))


async def list_events(request: Request) -> Response:
    _, repository, _ = repository_of(request, "issues", "read")
    number = find_issue(repository, request.path_params["number"])["number"]
    events = [event for event in repository.issue_events if event["issue"] == number]
    return listed(request, [{key: value for key, value in event.items() if key != "issue"} for event in events])


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(f"{_R}/issues", list_issues, methods=["GET"]),
    Route(f"{_R}/issues", create_issue, methods=["POST"]),
    Route(f"{_R}/issues/{{number:int}}", get_issue, methods=["GET"]),
    Route(f"{_R}/issues/{{number:int}}", update_issue, methods=["PATCH"]),
    Route(f"{_R}/issues/{{number:int}}/events", list_events, methods=["GET"]),
]
