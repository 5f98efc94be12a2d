"""Branch protection in its classic form: required checks, bound to an App or to none.

https://docs.github.com/en/rest/branches/branch-protection; success, neutral and skipped pass.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator.http import GitHubError, body_of, repository_of
from app.emulator.state import Repository

Json = dict[str, Any]
_PASS = frozenset({"success", "neutral", "skipped"})


def refusal(repository: Repository, branch: str, head: str) -> str | None:
    """Why a head may not be merged into a branch, in GitHub's words; None if it may."""
    required = repository.protection.get(branch, {}).get("required_status_checks") or {}
    told = [_missing(repository, head, check) for check in required.get("checks", [])]
    unmet = [text for text in told if text]
    if not unmet:
        return None
    return unmet[0] if len(unmet) == 1 else f"{len(unmet)} of {len(told)} required status checks have not succeeded"


def _missing(repository: Repository, head: str, check: Json) -> str | None:
    context, app_id = check["context"], check.get("app_id")
    runs = [
        run
        for run in repository.check_runs.values()
        if run["head_sha"] == head and run["name"] == context and app_id in {None, -1, run["app_id"]}
    ]
    states = [status for status in repository.statuses if status["sha"] == head and status["context"] == context]
    if app_id in {None, -1} and states and not runs:
        return (
            None if states[-1]["state"] == "success" else f'Required status check "{context}" is {states[-1]["state"]}.'
        )
    if not runs:
        return f'Required status check "{context}" is expected.'
    newest = max(runs, key=lambda run: run["id"])
    if newest["status"] != "completed":
        return f'Required status check "{context}" is {newest["status"].replace("_", " ")}.'
    return None if newest["conclusion"] in _PASS else f'Required status check "{context}" is failing.'


async def put_protection(request: Request) -> Response:
    _, repository, _ = repository_of(request, "administration", "admin")
    repository.protection[request.path_params["branch"]] = await body_of(request)
    return JSONResponse(repository.protection[request.path_params["branch"]])


async def get_protection(request: Request) -> Response:
    _, repository, _ = repository_of(request, "administration", "read")
    found = repository.protection.get(request.path_params["branch"])
    if found is None:
        raise GitHubError(404, "Branch not protected")
    return JSONResponse(found)


_B = "/api/v3/repos/{owner}/{repo}/branches/{branch}/protection"
routes = [Route(_B, put_protection, methods=["PUT"]), Route(_B, get_protection, methods=["GET"])]
