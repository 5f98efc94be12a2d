"""What landed on a branch, stretch by stretch, and whether each is what the gate had approved.

Judged by content, not by what a page says: a pull request's landing counts only if the commits on the branch are its
change put onto what stood there, and nothing else.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from app.forge.errors import NotFoundError, RefusedError
from app.forge.git import fingerprint, has_commit, is_replay, merge_base
from app.forge.history import first_parents
from app.forge.landed import MergedPull, read_merged_pulls
from app.forge.permissions import READ
from app.policy.values import Repo, Sha
from app.store.decisions import StoredDecision, decisions_of_head
from app.store.landings import Landing
from app.wiring import Services

_MOST = 1_000
"""Commits of one stretch whose pull requests are looked for: a busy week. What is not listed costs a request each."""


@dataclass(frozen=True)
class Stretch:
    """A part of a branch's history: from one of its commits to a later one."""

    repo: Repo
    branch: str
    before: Sha
    after: Sha


async def judge_stretch(services: Services, stretch: Stretch) -> list[Landing]:
    """The landings that a stretch consists of, oldest first: each merged pull request, and what lies between."""
    mirror, before = services.mirrors.path(stretch.repo), stretch.before
    commits = await first_parents(mirror, before, stretch.after, _MOST + 1)
    if len(commits) > _MOST:
        reason = f"more than {_MOST} commits came at once"
        return [await _landing(services, stretch, (before, stretch.after), reason)]
    read = services.forge.on(stretch.repo, READ)
    merged = await read_merged_pulls(read, stretch.branch, commits) if commits else {}
    found: list[Landing] = []
    since = [before]
    for commit in commits:
        if commit in merged:
            found += await _landed(services, stretch, merged[commit], since, commit)
            since = [commit]
        else:
            since.append(commit)
    if len(since) > 1:
        found.append(await _pushed(services, stretch, since[0], since[-1]))
    return found


async def judge_replaced(services: Services, stretch: Stretch) -> Landing:
    """For a history that has nothing in common with the one before it: nobody can have approved that."""
    reason = f"the history of {stretch.branch} was replaced by another one"
    return await _landing(services, stretch, (stretch.before, stretch.after), reason)


async def _landed(
    services: Services, stretch: Stretch, pull: MergedPull, since: Sequence[Sha], commit: Sha
) -> list[Landing]:
    """A pull request that ends at a commit, and what was pushed before it.

    `since`: the end of the landing before and what came behind it. A rebase lands several commits, so that the earliest
    is looked for behind which the change is whole: put onto a part of itself, it merges without a trace.
    """
    decision, fetched = await _decision(services, stretch, pull), await _fetch_head(services, stretch.repo, pull)
    for start in since if fetched else ():
        seen_from = decision.base_sha if decision else start
        if await _is_the_change(services, stretch.repo, (seen_from, pull.head_sha), (start, commit)):
            pushed = [await _pushed(services, stretch, since[0], start)] if start != since[0] else []
            return [*pushed, await _as_decided(services, stretch, pull, (start, commit), decision)]
    reason = f"what landed is not what #{pull.number} held when it was judged"
    return [await _landing(services, stretch, (since[0], commit), reason, pull)]


async def _fetch_head(services: Services, repo: Repo, pull: MergedPull) -> bool:
    try:
        await services.mirrors.fetch(repo, f"refs/pull/{pull.number}/head")
    except NotFoundError:
        return False
    return await has_commit(services.mirrors.path(repo), pull.head_sha)


async def _is_the_change(services: Services, repo: Repo, seen: tuple[Sha, Sha], landed: tuple[Sha, Sha]) -> bool:
    """Whether what a head changes was put there, and nothing else. `seen`: from which tip of the base branch, and it.

    It must be the tip that it was judged by: what lands next is another change, if the head holds a part of it already.
    """
    mirror = services.mirrors.path(repo)
    try:
        base = await merge_base(mirror, *seen)
    except RefusedError:
        return False
    return await is_replay(mirror, base, seen[1], *landed)


async def _as_decided(
    services: Services, stretch: Stretch, pull: MergedPull, ends: tuple[Sha, Sha], decision: StoredDecision | None
) -> Landing:
    """What landed is the pull request's change; whether that was approved is on record."""
    if decision is None:
        reason = f"no decision about #{pull.number} at {pull.head_sha[:12]} is on record"
    elif decision.status != "approved":
        reason = f"#{pull.number} was merged past the gate: {decision.title}"
    else:
        reason = f"#{pull.number} was approved at {pull.head_sha[:12]}"
    return await _landing(services, stretch, ends, reason, pull, decision)


async def _decision(services: Services, stretch: Stretch, pull: MergedPull) -> StoredDecision | None:
    """The newest about this pull request, at this head, for this branch."""
    async with services.database.connect() as db:
        found = await decisions_of_head(db, stretch.repo.id, pull.head_sha)
    mine = [each for each in found if (each.pull, each.base_ref) == (pull.number, stretch.branch)]
    return mine[-1] if mine else None


async def _pushed(services: Services, stretch: Stretch, before: Sha, after: Sha) -> Landing:
    reason = f"it was pushed to {stretch.branch} without a pull request"
    return await _landing(services, stretch, (before, after), reason)


async def _landing(
    services: Services,
    stretch: Stretch,
    ends: Sequence[Sha],
    reason: str,
    pull: MergedPull | None = None,
    decision: StoredDecision | None = None,
) -> Landing:
    """Without a decision that approves it is not approved, for this reason."""
    before, after = ends
    return Landing(
        repo_id=stretch.repo.id,
        branch=stretch.branch,
        before_sha=before,
        after_sha=after,
        pull=pull.number if pull else None,
        head_sha=pull.head_sha if pull else after,
        fingerprint=await fingerprint(services.mirrors.path(stretch.repo), before, after),
        approved=decision is not None and decision.status == "approved",
        reason=reason,
        security=decision is not None and decision.security,
        policy_hash=decision.policy_hash if decision else "",
        policy_sha=decision.base_sha if decision else None,
        approved_at=decision.at if decision else None,
        at=time.time(),
    )
