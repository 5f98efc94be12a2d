"""Pull requests: opening, reading and changing. https://docs.github.com/en/rest/pulls/pulls."""

from typing import Any, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import diffs, git
from app.emulator.auth import repository_of
from app.emulator.commits import read_commits, render_commit
from app.emulator.http import GitHubError, body_of, invalid, listed
from app.emulator.issue_events import tell_of
from app.emulator.issues import Change, change_issue, find_issue, new_issue
from app.emulator.render_pulls import render_listed_pull, render_pull
from app.emulator.retargeting import retarget
from app.emulator.state import Repository

Json = dict[str, Any]


class NewPull(TypedDict):
    title: str
    head: str
    base: str
    body: NotRequired[str | None]
    draft: NotRequired[bool]


class PullChange(Change, total=False):
    base: str


async def list_pulls(request: Request) -> Response:
    world, repository, _ = repository_of(request, "pull_requests", "read")
    query = request.query_params
    state, head, base = query.get("state", "open"), query.get("head"), query.get("base")
    items = [
        render_listed_pull(world, repository, issue)
        for issue in sorted(repository.issues.values(), key=lambda issue: -issue["number"])
        if issue["pull"]
        and state in {"all", issue["state"]}
        and head in {None, f"{repository.owner.login}:{issue['pull']['head_ref']}"}
        and base in {None, issue["pull"]["base_ref"]}
    ]
    return listed(request, items)


async def create_pull(request: Request) -> Response:
    world, repository, actor = repository_of(request, "pull_requests", "write")
    body = await body_of(request, NewPull)
    head_ref, base_ref = body["head"].rsplit(":", 1)[-1], body["base"]
    async with repository.lock:
        head, base = await _ends(repository, head_ref, base_ref)
        pull: Json = {"head_ref": head_ref, "base_ref": base_ref, "head_sha": head, "base_sha": base}
        pull |= {"draft": bool(body.get("draft")), "merged": False, "merged_at": None, "merge_commit_sha": None}
        pull |= {"mergeable": None, "size": await diffs.size(repository, base, head)}
        issue = new_issue(world, repository, actor.user, body["title"], body.get("body") or "", pull)
        await git.run_git(repository.path, "update-ref", f"refs/pull/{issue['number']}/head", head)
    tell_of(world, repository, issue, "opened", actor.user)
    return JSONResponse(render_pull(world, repository, issue), 201)


async def _ends(repository: Repository, head_ref: str, base_ref: str) -> tuple[str, str]:
    """The two commits. Raises `GitHubError` when there is nothing to open, or it is open already."""
    head = await git.rev(repository.path, f"refs/heads/{head_ref}")
    base = await git.rev(repository.path, f"refs/heads/{base_ref}")
    for issue in repository.issues.values():
        pull = issue["pull"]
        if pull and issue["state"] == "open" and (pull["head_ref"], pull["base_ref"]) == (head_ref, base_ref):
            raise _custom(f"A pull request already exists for {repository.owner.login}:{head_ref}.")
    if head is None or base is None:
        raise invalid("PullRequest", "head" if head is None else "base")
    if await git.is_ancestor(repository.path, head, base):
        raise _custom(f"No commits between {base_ref} and {head_ref}")
    return head, base


def _custom(message: str) -> GitHubError:
    return GitHubError(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": message}])


async def get_pull(request: Request) -> Response:
    """Mergeability is worked out by the first look and shown by the next, as GitHub does."""
    world, repository, _ = repository_of(request, "pull_requests", "read")
    issue = find_pull(repository, request)
    shown = render_pull(world, repository, issue)
    pull = issue["pull"]
    if pull["mergeable"] is None and not pull["merged"]:
        base = await git.rev(repository.path, f"refs/heads/{pull['base_ref']}")
        pull["mergeable"] = (
            base is not None and await git.merge_tree(repository.path, base, pull["head_sha"]) is not None
        )
    return JSONResponse(shown)


async def update_pull(request: Request) -> Response:
    world, repository, actor = repository_of(request, "pull_requests", "write")
    issue, body = find_pull(repository, request), await body_of(request, PullChange)
    if body.get("state") == "open" and issue["pull"]["merged"]:
        raise _custom("Cannot reopen a merged pull request")
    if body.get("base", issue["pull"]["base_ref"]) != issue["pull"]["base_ref"]:
        async with repository.lock:
            await retarget(world, repository, actor, issue, body["base"])
    change_issue(world, repository, issue, actor.user, body)
    return JSONResponse(render_pull(world, repository, issue))


async def list_files(request: Request) -> Response:
    world, repository, _ = repository_of(request, "pull_requests", "read")
    pull = find_pull(repository, request)["pull"]
    return listed(request, await diffs.files(world, repository, pull["base_sha"], pull["head_sha"]))


async def list_commits(request: Request) -> Response:
    world, repository, _ = repository_of(request, "pull_requests", "read")
    pull = find_pull(repository, request)["pull"]
    found = await read_commits(repository, f"{pull['base_sha']}..{pull['head_sha']}")
    return listed(request, [render_commit(world, repository, each) for each in found])


def find_pull(repository: Repository, request: Request) -> Json:
    issue = find_issue(repository, request.path_params["number"])
    if not issue["pull"]:
        raise GitHubError(404, "Not Found")
    return issue


_P = "/api/v3/repos/{owner}/{repo}/pulls"
routes = [
    Route(_P, list_pulls, methods=["GET"]),
    Route(_P, create_pull, methods=["POST"]),
    Route(f"{_P}/{{number:int}}", get_pull, methods=["GET"]),
    Route(f"{_P}/{{number:int}}", update_pull, methods=["PATCH"]),
    Route(f"{_P}/{{number:int}}/files", list_files, methods=["GET"]),
    Route(f"{_P}/{{number:int}}/commits", list_commits, methods=["GET"]),
]
