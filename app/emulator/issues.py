"""Issues, their labels, comments, reactions and events."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator.http import GitHubError, body_of, check, listed, repository_of
from app.emulator.render import render_comment, render_issue, render_label, render_pull, render_user
from app.emulator.state import Repository, User, World, now

Json = dict[str, Any]
_BODY_CHARS = 65_536


def find_issue(repository: Repository, number: int) -> Json:
    if number not in repository.issues:
        raise GitHubError(404, "Not Found")
    return repository.issues[number]


def new_issue(world: World, repository: Repository, user: User, title: str, body: str, pull: Json | None) -> Json:
    number = max(repository.issues, default=0) + 1
    issue: Json = {
        "id": world.next_id(),
        "number": number,
        "title": title,
        "body": body,
        "state": "open",
        "user": user,
        "labels": [],
        "created_at": now(),
        "updated_at": now(),
        "pull": pull,
    }
    repository.issues[number] = issue
    return issue


def tell(world: World, repository: Repository, issue: Json, action: str, sender: User, **more: Any) -> None:
    """The `issues` or `pull_request` event of something that happened to an issue."""
    issue["updated_at"] = now()
    if issue["pull"]:
        payload = {"number": issue["number"], "pull_request": render_pull(world, repository, issue)}
        world.tell(repository, "pull_request", action, sender, {**payload, **more})
    else:
        payload = {"issue": render_issue(world, repository, issue)}
        world.tell(repository, "issues", action, sender, {**payload, **more})


def record(world: World, repository: Repository, issue: Json, event: str, actor: User, **more: Any) -> None:
    repository.issue_events.append(
        {
            "id": world.next_id(),
            "node_id": "IE",
            "url": f"{world.base_url}/api/v3/repos/{repository.full_name}/issues/events/0",
            "issue": issue["number"],
            "event": event,
            "actor": render_user(world, actor),
            "commit_id": None,
            "commit_url": None,
            "created_at": now(),
            **more,
        }
    )


def close(world: World, repository: Repository, issue: Json, actor: User) -> None:
    issue.update(state="closed", state_reason="completed", closed_at=now())
    record(world, repository, issue, "closed", actor)
    tell(world, repository, issue, "closed", actor)


async def list_issues(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    state, labels = request.query_params.get("state", "open"), request.query_params.get("labels", "")
    wanted = {label.lower() for label in labels.split(",") if label}
    items = [
        render_issue(world, repository, issue)
        for issue in sorted(repository.issues.values(), key=lambda issue: -issue["number"])
        if state in {"all", issue["state"]} and wanted <= {label.lower() for label in issue["labels"]}
    ]
    return listed(request, items)


async def create_issue(request: Request) -> Response:
    world, repository, actor = repository_of(request, "issues", "write")
    body = await body_of(request)
    if not body.get("title"):
        raise GitHubError(422, "Validation Failed", [{"resource": "Issue", "field": "title", "code": "missing_field"}])
    issue = new_issue(world, repository, actor.user, body["title"], body.get("body") or "", None)
    tell(world, repository, issue, "opened", actor.user)
    return JSONResponse(render_issue(world, repository, issue), 201)


async def get_issue(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    return JSONResponse(render_issue(world, repository, find_issue(repository, request.path_params["number"])))


async def update_issue(request: Request) -> Response:
    world, repository, actor = repository_of(request, "issues", "write")
    issue, body = find_issue(repository, request.path_params["number"]), await body_of(request)
    issue.update({key: body[key] for key in ("title", "body") if key in body})
    if body.get("state") == "closed" and issue["state"] == "open":
        close(world, repository, issue, actor.user)
    elif body.get("state") == "open" and issue["state"] == "closed":
        issue["state"] = "open"
        tell(world, repository, issue, "reopened", actor.user)
    return JSONResponse(render_issue(world, repository, issue))


async def add_labels(request: Request) -> Response:
    world, repository, actor = repository_of(request, "issues", "write")
    if actor.installation is None and repository.permissions.get(actor.user.login, "read") in {"read", "none"}:
        raise GitHubError(403, "Must have triage rights to Repository.")
    issue = find_issue(repository, request.path_params["number"])
    base = f"{world.base_url}/api/v3/repos/{repository.full_name}"
    for name in (await body_of(request)).get("labels", []):
        if name not in issue["labels"]:
            issue["labels"].append(name)
            label = render_label(base, name)
            record(world, repository, issue, "labeled", actor.user, label={"name": name, "color": "ededed"})
            tell(world, repository, issue, "labeled", actor.user, label=label)
    return JSONResponse([render_label(base, name) for name in issue["labels"]])


async def remove_label(request: Request) -> Response:
    world, repository, actor = repository_of(request, "issues", "write")
    issue, name = find_issue(repository, request.path_params["number"]), request.path_params["name"]
    if name not in issue["labels"]:
        raise GitHubError(404, "Label does not exist")
    issue["labels"].remove(name)
    base = f"{world.base_url}/api/v3/repos/{repository.full_name}"
    record(world, repository, issue, "unlabeled", actor.user, label={"name": name, "color": "ededed"})
    tell(world, repository, issue, "unlabeled", actor.user, label=render_label(base, name))
    return JSONResponse([render_label(base, each) for each in issue["labels"]])


async def list_events(request: Request) -> Response:
    _, repository, _ = repository_of(request, "issues", "read")
    number = find_issue(repository, request.path_params["number"])["number"]
    events = [event for event in repository.issue_events if event["issue"] == number]
    return listed(request, [{key: value for key, value in event.items() if key != "issue"} for event in events])


async def list_comments(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    number, since = request.path_params.get("number"), request.query_params.get("since", "")
    if number is not None:
        find_issue(repository, number)
    return listed(
        request,
        [
            render_comment(world, repository, comment)
            for comment in repository.comments.values()
            if number in {None, comment["issue"]} and comment["updated_at"] >= since
        ],
    )


async def create_comment(request: Request) -> Response:
    world, repository, actor = repository_of(request, "metadata", "read")
    issue, body = find_issue(repository, request.path_params["number"]), await body_of(request)
    check(repository, actor, "pull_requests" if issue["pull"] else "issues", "write")
    text = body.get("body") or ""
    if not text.strip() or len(text) > _BODY_CHARS:
        raise GitHubError(422, "Validation Failed", [{"resource": "IssueComment", "field": "body", "code": "invalid"}])
    comment = {"id": world.next_id(), "issue": issue["number"], "body": text, "user": actor.user}
    comment |= {"created_at": now(), "updated_at": now()}
    repository.comments[comment["id"]] = comment
    shown = render_comment(world, repository, comment)
    payload = {"issue": render_issue(world, repository, issue), "comment": shown}
    world.tell(repository, "issue_comment", "created", actor.user, payload)
    return JSONResponse(shown, 201)


async def get_comment(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    return JSONResponse(render_comment(world, repository, _find_comment(repository, request)))


async def update_comment(request: Request) -> Response:
    world, repository, actor = repository_of(request, "metadata", "read")
    comment = _find_comment(repository, request)
    if comment["user"] != actor.user:
        check(repository, actor, "issues", "admin")
    comment["body"], comment["updated_at"] = (await body_of(request)).get("body", ""), now()
    issue = repository.issues[comment["issue"]]
    shown = render_comment(world, repository, comment)
    payload = {"issue": render_issue(world, repository, issue), "comment": shown, "changes": {}}
    world.tell(repository, "issue_comment", "edited", actor.user, payload)
    return JSONResponse(shown)


async def list_reactions(request: Request) -> Response:
    _, repository, _ = repository_of(request, "issues", "read")
    number = find_issue(repository, request.path_params["number"])["number"]
    return listed(request, [each["shown"] for each in repository.reactions if each["issue"] == number])


async def create_reaction(request: Request) -> Response:
    """The same reaction by the same account is given back with 200."""
    world, repository, actor = repository_of(request, "issues", "write")
    number = find_issue(repository, request.path_params["number"])["number"]
    content = (await body_of(request)).get("content")
    for each in repository.reactions:
        if (each["issue"], each["user"], each["shown"]["content"]) == (number, actor.user.login, content):
            return JSONResponse(each["shown"])
    shown = {
        "id": world.next_id(),
        "node_id": "RE",
        "user": render_user(world, actor.user),
        "content": content,
        "created_at": now(),
    }
    repository.reactions.append({"issue": number, "user": actor.user.login, "shown": shown})
    return JSONResponse(shown, 201)


def _find_comment(repository: Repository, request: Request) -> Json:
    comment = repository.comments.get(request.path_params["id"])
    if comment is None:
        raise GitHubError(404, "Not Found")
    return comment


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(f"{_R}/issues", list_issues, methods=["GET"]),
    Route(f"{_R}/issues", create_issue, methods=["POST"]),
    Route(f"{_R}/issues/comments", list_comments, methods=["GET"]),
    Route(f"{_R}/issues/comments/{{id:int}}", get_comment, methods=["GET"]),
    Route(f"{_R}/issues/comments/{{id:int}}", update_comment, methods=["PATCH"]),
    Route(f"{_R}/issues/{{number:int}}", get_issue, methods=["GET"]),
    Route(f"{_R}/issues/{{number:int}}", update_issue, methods=["PATCH"]),
    Route(f"{_R}/issues/{{number:int}}/labels", add_labels, methods=["POST"]),
    Route(f"{_R}/issues/{{number:int}}/labels/{{name}}", remove_label, methods=["DELETE"]),
    Route(f"{_R}/issues/{{number:int}}/events", list_events, methods=["GET"]),
    Route(f"{_R}/issues/{{number:int}}/comments", list_comments, methods=["GET"]),
    Route(f"{_R}/issues/{{number:int}}/comments", create_comment, methods=["POST"]),
    Route(f"{_R}/issues/{{number:int}}/reactions", list_reactions, methods=["GET"]),
    Route(f"{_R}/issues/{{number:int}}/reactions", create_reaction, methods=["POST"]),
]
