"""A pull request gets another base: https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request."""

from typing import Any

from app.emulator import diffs, git
from app.emulator.http import invalid
from app.emulator.issue_events import record, tell_of
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]


async def retarget(world: World, repository: Repository, actor: Actor, issue: Json, branch: str) -> None:
    """To be called with the repository's lock held. Raises `GitHubError` when there is no such branch."""
    pull, sha = issue["pull"], await git.rev(repository.path, f"refs/heads/{branch}")
    if sha is None or issue["state"] != "open":
        raise invalid("PullRequest", "base")
    was = {"ref": {"from": pull["base_ref"]}, "sha": {"from": pull["base_sha"]}}
    pull.update(base_ref=branch, base_sha=sha, mergeable=None)
    pull["size"] = await diffs.size(repository, sha, pull["head_sha"])
    record(world, repository, issue, "base_ref_changed", actor.user)
    tell_of(world, repository, issue, "edited", actor.user, changes={"base": was})
