"""A conflict of an own pull request with its base branch: found out by git, resolved by another run."""

from app.forge.merging import merge
from app.forge.read import PullFacts
from app.policy.tend_requests import amend_key, amend_request, wished_by
from app.policy.values import JsonValue
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store.tended import Origin, attempts_of
from app.store.work import work
from app.wiring import Services
from app.workflows.checks_seen import began_at
from app.workflows.checks_text import TRIES
from app.workflows.journalled import journalled


async def tend_conflict(ctx: Context, services: Services, pull: PullFacts, origin: Origin) -> None:
    """Ask for a merge of the base branch where there is a conflict. GitHub works that out by and by; git knows now."""
    if pull.mergeable:
        return
    tips = await journalled(ctx, "conflict", list[str], lambda: _conflicting(ctx, services, pull, origin))
    if not tips:
        return
    who = wished_by(origin.asker, origin.permission, origin.account)
    what, cause = f"{pull.head_sha}:{tips[0]}", {"head": pull.head_sha, **who}
    wish = amend_request(ctx.run.repo, pull.number, origin.issue, "conflict", what, cause)

    async def ask() -> JsonValue:
        async with work(services.database) as db:
            return await request_run(db, wish)

    await ctx.step("asked-for-merge", ask)


async def _conflicting(ctx: Context, services: Services, pull: PullFacts, origin: Origin) -> list[str]:
    """The base's newest commit, where it conflicts; none where it was tried so often that a person has been asked."""
    repo, mirror = ctx.run.repo, services.mirrors.path(ctx.run.repo)
    tip = await services.mirrors.fetch(repo, f"refs/heads/{pull.base_ref}")
    head = await services.mirrors.fetch(repo, f"refs/pull/{pull.number}/head")
    if not (await merge(mirror, head, tip)).conflicts:
        return []
    since = await began_at(services, repo.id, pull, origin)
    async with services.database.connect() as db:
        tried = await attempts_of(db, repo.id, pull.number, amend_key(repo, pull.number, "conflict"), since)
    failed = [each for each in tried if each.state == "failed"]
    return [tip] if len(failed) < TRIES else []
