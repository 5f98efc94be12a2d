"""Drafts begin and end by mutations only: https://docs.github.com/en/graphql/reference/mutations."""

from typing import Any

from app.emulator.auth import check
from app.emulator.issue_events import record, tell_of
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]


async def end_draft(world: World, repository: Repository, actor: Actor, issue: Json, _told: Json) -> Json:
    return _set(world, repository, actor, issue, draft=False)


async def begin_draft(world: World, repository: Repository, actor: Actor, issue: Json, _told: Json) -> Json:
    return _set(world, repository, actor, issue, draft=True)


def _set(world: World, repository: Repository, actor: Actor, issue: Json, *, draft: bool) -> Json:
    check(repository, actor, "pull_requests", "write")
    if issue["pull"]["draft"] != draft:
        issue["pull"]["draft"] = draft
        record(world, repository, issue, "convert_to_draft" if draft else "ready_for_review", actor.user)
        tell_of(world, repository, issue, "converted_to_draft" if draft else "ready_for_review", actor.user)
    return {"pullRequest": {"id": f"PR_{issue['id']}", "number": issue["number"], "isDraft": draft}}


mutations = {"markPullRequestReadyForReview": end_draft, "convertPullRequestToDraft": begin_draft}
