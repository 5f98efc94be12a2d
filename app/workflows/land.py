"""Keep the record of what landed on a branch: after a push, after a merge, and before something is deployed."""

import time
from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncConnection

from app.forge.errors import NotFoundError, RefusedError
from app.forge.git import merge_base
from app.forge.history import is_ancestor
from app.forge.permissions import READ
from app.forge.read import read_default_branch
from app.policy.values import Json, JsonValue, Repo, Sha
from app.runs.engine import Context
from app.store import audit
from app.store.landings import Landing, forget_landing, position, record_landing, strays_since
from app.store.work import work
from app.wiring import Services
from app.workflows.landing import Stretch, judge_replaced, judge_stretch

_YOUNG_S = 900.0
"""So long GitHub may take to say which pull request a commit came from."""


async def land(ctx: Context, services: Services) -> None:
    """Judge what came onto the branch since the record was last brought up to it."""
    branch, before = str(ctx.run.cause["branch"]), ctx.run.cause.get("before")
    began = Sha(before) if isinstance(before, str) else None

    async def record() -> JsonValue:
        return await record_landings(services, ctx.run.repo, branch, began)

    await ctx.step("landings", record)


async def record_landings(services: Services, repo: Repo, branch: str, began: Sha | None = None) -> int:
    """Bring a branch's record up to its newest commit; returns how many landings are new.

    `began`: where a push says that it started. That is where the record begins, if there is none yet; a branch that is
    not the default one begins where it left that.
    """
    try:
        head = await services.mirrors.fetch(repo, f"refs/heads/{branch}")
    except NotFoundError:
        return 0
    count = await _judge_strays_again(services, repo, branch)
    start = await _start(services, repo, branch, head, began)
    if start is None:
        return await _write(services, repo, [_baseline(repo, branch, head)])
    try:
        common = await merge_base(services.mirrors.path(repo), start, head)
    except RefusedError:
        found = [await judge_replaced(services, Stretch(repo, branch, start, head))]
    else:
        found = await judge_stretch(services, Stretch(repo, branch, common, head))
    return count + await _write(services, repo, found)


async def _start(services: Services, repo: Repo, branch: str, head: Sha, began: Sha | None) -> Sha | None:
    """Where the record ends; None if nothing is known, so that it begins at the branch's head.

    After a forced push that is not on the branch any more: then the newest commit that both have counts.
    """
    async with services.database.connect() as db:
        known = await position(db, repo.id, branch)
    if known is not None:
        return known
    default = await read_default_branch(services.forge.on(repo, READ))
    if branch != default:
        return await services.mirrors.fetch(repo, f"refs/heads/{default}")
    if began is None or not await is_ancestor(services.mirrors.path(repo), began, head):
        return None
    await _write(services, repo, [_baseline(repo, branch, began)])
    return began


async def _judge_strays_again(services: Services, repo: Repo, branch: str) -> int:
    """A merge can be on the branch before GitHub says of which pull request it is."""
    async with services.database.connect() as db:
        strays = await strays_since(db, repo.id, branch, time.time() - _YOUNG_S)
    count = 0
    for stray in strays:
        found = await judge_stretch(services, Stretch(repo, branch, stray.before_sha, stray.after_sha))
        if any(each.pull is not None for each in found):
            count += await _write(services, repo, found, instead_of=stray)
    return count


async def _write(services: Services, repo: Repo, found: list[Landing], instead_of: Landing | None = None) -> int:
    """Landings and what the audit log says of them, together. Returns how many are new."""
    async with work(services.database) as db:
        if instead_of is not None and not await forget_landing(db, instead_of):
            return 0
        new = [each for each in found if await record_landing(db, each)]
        for each in new:
            await _tell(db, repo, each)
    return len(new)


async def _tell(db: AsyncConnection, repo: Repo, landing: Landing) -> None:
    said = "record begins" if landing.is_baseline else "landing approved" if landing.approved else "landing refused"
    detail: Json = {key: value for key, value in asdict(landing).items() if key not in {"repo_id", "at"}}
    await audit.append(db, "quorum", said, repo.subject(landing.pull or 0), detail)


def _baseline(repo: Repo, branch: str, sha: Sha) -> Landing:
    return Landing(
        repo_id=repo.id,
        branch=branch,
        before_sha=sha,
        after_sha=sha,
        pull=None,
        head_sha=sha,
        fingerprint="",
        approved=False,
        reason="it stood there when Quorum came",
        security=False,
        policy_hash="",
        policy_sha=None,
        approved_at=None,
        at=time.time(),
    )
