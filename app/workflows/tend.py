"""Stay with an own pull request until it is merged or closed: look what it needs now, and see to it."""

from app.forge.permissions import READ
from app.forge.read import PullFacts, read_issue, read_own_pulls, read_pull
from app.policy.tend_requests import tend_request
from app.policy.values import JsonValue
from app.policy.work_requests import LABEL
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store.tended import Origin, find_origin
from app.store.work import work
from app.wiring import Services
from app.workflows.draft import tend_draft
from app.workflows.journalled import journalled
from app.workflows.tend_checks import tend_checks
from app.workflows.tend_conflict import tend_conflict
from app.workflows.tend_end import tidy_up
from app.workflows.tend_reviews import tend_reviews


async def tend(ctx: Context, services: Services) -> None:
    """See to `ctx.run.number`; to all that are ours if it is 0. What is not ours, or not wished any more, is left."""
    if ctx.run.number == 0:
        await _look_round(ctx, services)
        return
    read = services.forge.on(ctx.run.repo, READ)
    pull = await journalled(ctx, "pull", PullFacts, lambda: read_pull(read, ctx.run.number))
    if pull.author != services.forge.login or not pull.from_here:
        return
    origin = await journalled(ctx, "origin", list[Origin], lambda: _find_origin(ctx, services, pull))
    if pull.state != "open":
        await tidy_up(ctx, services, pull, known=bool(origin))
    elif origin:
        await tend_conflict(ctx, services, pull, origin[0])
        await tend_reviews(ctx, services, pull, origin[0])
        await tend_checks(ctx, services, pull, origin[0])
        await tend_draft(ctx, services, pull, origin[0])


async def _find_origin(ctx: Context, services: Services, pull: PullFacts) -> list[Origin]:
    """None for a branch that nobody remembers, and for an issue that is closed or lost its label: it is let go."""
    async with services.database.connect() as db:
        found = await find_origin(db, ctx.run.repo.id, pull.head_ref)
    if found is None or pull.state != "open":
        return [] if found is None else [found]
    issue = await read_issue(services.forge.on(ctx.run.repo, READ), found.issue)
    return [found] if issue.state == "open" and LABEL in issue.labels else []


async def _look_round(ctx: Context, services: Services) -> None:
    """A base branch moved: each own pull request into it is looked at by itself."""
    branch = ctx.run.cause.get("branch")
    read = services.forge.on(ctx.run.repo, READ)

    async def ask() -> JsonValue:
        found = await read_own_pulls(read, None if branch is None else str(branch))
        async with work(services.database) as db:
            for number in found:
                await request_run(db, tend_request(ctx.run.repo, number, ctx.run.cause))
        return len(found)

    await ctx.step("asked", ask)
