"""Merging: https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import git
from app.emulator.auth import repository_of
from app.emulator.guard import in_answer
from app.emulator.http import GitHubError, body_of
from app.emulator.issue_events import close, record
from app.emulator.pulls import find_pull
from app.emulator.pushes import after_push
from app.emulator.rules import Change, violations
from app.emulator.state import Actor, Repository, World, now

Json = dict[str, Any]
_CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)", re.IGNORECASE)


Method = Literal["merge", "squash", "rebase"]
METHODS: Mapping[str, Method] = {"MERGE": "merge", "SQUASH": "squash", "REBASE": "rebase"}
"""By the names that GraphQL and rulesets have for them."""


class Merge(TypedDict, total=False):
    sha: str
    merge_method: Method
    commit_title: str | None
    commit_message: str | None


async def merge_pull(request: Request) -> Response:
    """405 when refused, 409 when the head moved."""
    world, repository, actor = repository_of(request, "contents", "write")
    issue, body = find_pull(repository, request), await body_of(request, Merge)
    async with repository.lock:
        if body.get("sha"):
            must_be_the_head(issue, body["sha"])
        commit = await merge(world, repository, actor, issue, body)
    return JSONResponse({"sha": commit, "merged": True, "message": "Pull Request successfully merged"})


def must_be_the_head(issue: Json, sha: str) -> None:
    if sha != issue["pull"]["head_sha"]:
        raise GitHubError(409, "Head branch was modified. Review and try the merge again.")


async def merge(world: World, repository: Repository, actor: Actor, issue: Json, wish: Merge) -> str:
    """The commit that the base branch is moved to. To be called with the repository's lock held.

    Raises `GitHubError`, and then nothing has happened.
    """
    base = await must_be_allowed(repository, actor, issue)
    commit = await merge_commit(repository, issue, wish, base)
    ref = f"refs/heads/{issue['pull']['base_ref']}"
    await git.run_git(repository.path, "update-ref", ref, commit, base)
    mark_merged(world, repository, actor, issue, commit)
    await after_push(world, repository, actor, ref, base, commit, kind="pr_merge")
    return commit


def mark_merged(world: World, repository: Repository, actor: Actor, issue: Json, commit: str) -> None:
    """What becomes of a pull request, and of the issues that it names, once it is on its base branch."""
    issue["pull"].update(merged=True, merged_at=now(), merge_commit_sha=commit, merged_by=actor.user)
    record(world, repository, issue, "merged", actor.user, commit_id=commit)
    close(world, repository, issue, actor.user)
    _close_issues(world, repository, actor, issue)


async def must_be_allowed(repository: Repository, actor: Actor, issue: Json, *, queued: bool = False) -> str:
    """Where the base branch is. What goes into a queue need not be up to date. Raises `GitHubError`."""
    pull = issue["pull"]
    base = await git.rev(repository.path, f"refs/heads/{pull['base_ref']}")
    if issue["state"] != "open" or base is None:
        raise GitHubError(405, "Pull Request is not mergeable")
    behind = not queued and not await git.is_ancestor(repository.path, base, pull["head_sha"])
    change = Change("update", pull["base_ref"], pull["head_sha"], pull=issue, behind=behind, queued=queued)
    refused = violations(repository, actor, change)
    if refused is not None:
        raise GitHubError(405, in_answer(refused))
    if pull["draft"]:
        raise GitHubError(405, "Pull Request is still a draft")
    return base


async def merge_commit(
    repository: Repository, issue: Json, body: Merge, base: str, env: Mapping[str, str] | None = None
) -> str:
    """The merge commit; for `rebase` one commit for all, as the emulator squashes then too. Raises `GitHubError`."""
    pull, method = issue["pull"], body.get("merge_method", "merge")
    tree = await must_be_mergeable(repository, issue, base)
    merged = f"Merge pull request #{issue['number']} from {repository.owner.login}/{pull['head_ref']}"
    title = body.get("commit_title") or (merged if method == "merge" else f"{issue['title']} (#{issue['number']})")
    parents = ["-p", base] + (["-p", pull["head_sha"]] if method == "merge" else [])
    message = f"{title}\n\n{body.get('commit_message') or issue['title']}\n".encode()
    return (await git.run_git(repository.path, "commit-tree", tree, *parents, stdin=message, env=env)).strip()


async def must_be_mergeable(repository: Repository, issue: Json, base: str) -> str:
    """The tree of a merge without conflicts. Raises `GitHubError`."""
    tree = await git.merge_tree(repository.path, base, issue["pull"]["head_sha"])
    if tree is None:
        raise GitHubError(405, "Pull Request has merge conflicts")
    return tree


def _close_issues(world: World, repository: Repository, actor: Actor, issue: Json) -> None:
    """https://docs.github.com/en/issues/tracking-your-work-with-issues (linking a pull request to an issue)."""
    if issue["pull"]["base_ref"] != repository.default_branch:
        return
    for number in sorted({int(found) for found in _CLOSES.findall(issue["body"])} & set(repository.issues)):
        linked = repository.issues[number]
        if linked["state"] == "open" and not linked["pull"]:
            close(world, repository, linked, actor.user)


routes = [Route("/api/v3/repos/{owner}/{repo}/pulls/{number:int}/merge", merge_pull, methods=["PUT"])]
