"""Branch protection in its classic form: https://docs.github.com/en/rest/branches/branch-protection."""

from typing import Any, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import git
from app.emulator.auth import repository_of
from app.emulator.http import GitHubError, body_of
from app.emulator.render import api_of
from app.emulator.state import Repository, World

Json = dict[str, Any]
_SWITCHES = (
    "allow_deletions",
    "allow_force_pushes",
    "allow_fork_syncing",
    "block_creations",
    "lock_branch",
    "required_conversation_resolution",
    "required_linear_history",
)


class RequiredCheck(TypedDict):
    context: str
    app_id: NotRequired[int | None]


class RequiredChecks(TypedDict):
    strict: bool
    contexts: NotRequired[list[str]]
    checks: NotRequired[list[RequiredCheck]]


class RequiredReviews(TypedDict):
    dismiss_stale_reviews: NotRequired[bool]
    require_code_owner_reviews: NotRequired[bool]
    require_last_push_approval: NotRequired[bool]
    required_approving_review_count: NotRequired[int]


class Protection(TypedDict, total=False):
    """GitHub wants the first four to be named, if only as null; here what is not named is null, and
    `enforce_admins` true."""

    required_status_checks: RequiredChecks | None
    enforce_admins: bool | None
    required_pull_request_reviews: RequiredReviews | None
    restrictions: None
    allow_deletions: bool
    allow_force_pushes: bool | None
    allow_fork_syncing: bool
    block_creations: bool
    lock_branch: bool
    required_conversation_resolution: bool
    required_linear_history: bool


async def put_protection(request: Request) -> Response:
    world, repository, _ = repository_of(request, "administration", "admin")
    branch = await _branch(repository, request)
    body = await body_of(request, Protection)
    required = body.get("required_status_checks")
    repository.protection[branch] = {
        **{name: bool(body.get(name)) for name in _SWITCHES},
        "enforce_admins": bool(body.get("enforce_admins", True)),
        "required_pull_request_reviews": body.get("required_pull_request_reviews"),
        "required_status_checks": None if required is None else _bound(repository, required),
    }
    return JSONResponse(_render(world, repository, branch))


def _bound(repository: Repository, required: RequiredChecks) -> Json:
    """A check without an App is bound to the one that set it last, unless -1 says that anybody may."""
    setters = {run["name"]: run["app_id"] for run in repository.check_runs.values()}
    checks = [{"app_id": setters.get(each["context"]), **each} for each in required.get("checks", [])]
    named = {each["context"] for each in checks}
    checks += [{"context": each, "app_id": None} for each in required.get("contexts", []) if each not in named]
    return {"strict": required["strict"], "checks": checks}


async def get_protection(request: Request) -> Response:
    world, repository, _ = repository_of(request, "administration", "read")
    branch = await _branch(repository, request)
    if branch not in repository.protection:
        raise GitHubError(404, "Branch not protected")
    return JSONResponse(_render(world, repository, branch))


async def delete_protection(request: Request) -> Response:
    _, repository, _ = repository_of(request, "administration", "admin")
    if repository.protection.pop(await _branch(repository, request), None) is None:
        raise GitHubError(404, "Branch not protected")
    return Response(status_code=204)


async def _branch(repository: Repository, request: Request) -> str:
    branch: str = request.path_params["branch"]
    if await git.rev(repository.path, f"refs/heads/{branch}") is None:
        raise GitHubError(404, "Branch not found")
    return branch


def _render(world: World, repository: Repository, branch: str) -> Json:
    held, url = repository.protection[branch], f"{api_of(world, repository)}/branches/{branch}/protection"
    shown: Json = {"url": url, **{name: {"enabled": held[name]} for name in _SWITCHES}}
    shown["enforce_admins"] = {"url": f"{url}/enforce_admins", "enabled": held["enforce_admins"]}
    required, reviews = held["required_status_checks"], held["required_pull_request_reviews"]
    if required is not None:
        below = f"{url}/required_status_checks"
        contexts = {"contexts": [each["context"] for each in required["checks"]], "contexts_url": f"{below}/contexts"}
        checks = [{**each, "app_id": None if each["app_id"] == -1 else each["app_id"]} for each in required["checks"]]
        shown["required_status_checks"] = {"url": below, **required, **contexts, "checks": checks}
    if reviews is not None:
        flags = ("dismiss_stale_reviews", "require_code_owner_reviews", "require_last_push_approval")
        empty = {**dict.fromkeys(flags, False), "required_approving_review_count": 1}
        shown["required_pull_request_reviews"] = {"url": f"{url}/required_pull_request_reviews", **empty, **reviews}
    return shown


_B = "/api/v3/repos/{owner}/{repo}/branches/{branch:path}/protection"
routes = [
    Route(_B, put_protection, methods=["PUT"]),
    Route(_B, get_protection, methods=["GET"]),
    Route(_B, delete_protection, methods=["DELETE"]),
]
