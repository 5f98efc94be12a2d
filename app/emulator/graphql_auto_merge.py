"""Auto-merge on and off: https://docs.github.com/en/graphql/reference/mutations#enablepullrequestautomerge."""

from typing import Any

from app.emulator import auto_merge
from app.emulator.auth import check
from app.emulator.http import GitHubError
from app.emulator.merging import METHODS, Merge, must_be_the_head
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]


async def enable(world: World, repository: Repository, actor: Actor, issue: Json, told: Json) -> Json:
    check(repository, actor, "contents", "write")
    async with repository.lock:
        if told.get("expectedHeadOid"):
            must_be_the_head(issue, told["expectedHeadOid"])
        await auto_merge.enable(world, repository, actor, issue, _wish(told))
        return _render(issue, actor)


async def disable(world: World, repository: Repository, actor: Actor, issue: Json, _told: Json) -> Json:
    check(repository, actor, "contents", "write")
    async with repository.lock:
        if issue["pull"]["merged"] or not issue["pull"].get("auto_merge"):
            raise GitHubError(422, "Can't disable auto-merge for this pull request")
        auto_merge.disable(world, repository, actor, issue, "Manually disabled by user")
        return _render(issue, actor)


def _wish(told: Json) -> Merge:
    method = told.get("mergeMethod") or "MERGE"
    if method not in METHODS:
        raise GitHubError(422, f"mergeMethod is none of {', '.join(METHODS)}: {str(method)[:40]}")
    return {
        "merge_method": METHODS[method],
        "commit_title": told.get("commitHeadline"),
        "commit_message": told.get("commitBody"),
    }


def _render(issue: Json, actor: Actor) -> Json:
    """https://docs.github.com/en/graphql/reference/objects#automergerequest."""
    auto, shown = issue["pull"]["auto_merge"], None
    if auto is not None:
        wish = auto["wish"]
        shown = {"enabledBy": {"login": auto["actor"].user.login}, "mergeMethod": wish["merge_method"].upper()}
        shown |= {"commitHeadline": wish["commit_title"], "commitBody": wish["commit_message"]}
    pull = {"id": f"PR_{issue['id']}", "number": issue["number"], "autoMergeRequest": shown}
    return {"actor": {"login": actor.user.login}, "pullRequest": pull}


mutations = {"enablePullRequestAutoMerge": enable, "disablePullRequestAutoMerge": disable}
