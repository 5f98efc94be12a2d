"""One part of a large issue: built by a run of its own, on a branch of its own, for the run that asked for it."""

from dataclasses import replace

from pydantic import TypeAdapter

from app.agents.cut import first_lines
from app.agents.envelope import enclose
from app.forge.git import diff
from app.forge.permissions import READ, TALK
from app.forge.read import IssueFacts, read_issue
from app.policy.part_requests import PartCause
from app.policy.values import Sha
from app.runs.engine import Context
from app.runs.errors import RunEndingError
from app.runs.journal import steps_of
from app.runs.state import RunState
from app.wiring import Services
from app.workflows.agreed import STEP, Agreed
from app.workflows.errors import split_reason
from app.workflows.ground import Ground, find_ground
from app.workflows.journalled import journalled
from app.workflows.manners import Manners, read_manners
from app.workflows.progress import report_ended, report_stopped
from app.workflows.publishing import commit_and_push, free_branch, take_back_branch
from app.workflows.refusals import WHERE_IT_MAY, told_to_people
from app.workflows.setting_up import render_set_up, set_up
from app.workflows.sources import Sources, read_sources
from app.workflows.specializing import with_specialists
from app.workflows.task import Asker, Task
from app.workflows.testing import run_tests
from app.workflows.understood import Understanding
from app.workflows.workshop import Workshop
from app.workflows.writing import write

_DIFF_CHARS = 20_000
_AGAIN = (
    "This part was built before and did not merge with the other parts. They are in the files in front of you now. "
    "Build it again on top of them, keeping what they made. The earlier change, of which much may still be right:"
)
_TRY_AGAIN = "The large issue says what comes of it; to start anew, take the label `quorum` off there and set it again."


async def part(ctx: Context, services: Services) -> None:
    """Build what the sub-issue `ctx.run.number` asks for, on top of the parts it needs, and push it to its branch."""
    with told_to_people(ctx.run):
        await _build(ctx, services, PartCause.model_validate(ctx.run.cause))


async def _build(ctx: Context, services: Services, cause: PartCause) -> None:
    repo = ctx.run.repo
    read = services.forge.on(repo, READ)
    issue = await journalled(ctx, "issue", IssueFacts, lambda: read_issue(read, ctx.run.number))
    if issue.state != "open":
        raise RunEndingError(RunState.CANCELLED, "the sub-issue was closed")
    whole = await journalled(ctx, "whole", IssueFacts, lambda: read_issue(read, cause.issue))
    agreed = await journalled(ctx, "agreed", Agreed, lambda: _read_agreed(services, cause.parent))
    branch = await journalled(ctx, "branch", str, lambda: free_branch(services, repo, issue))
    task = await _task(ctx, services, cause, issue, branch)
    parts = agreed.plan.parts if agreed.plan is not None else ()
    task = replace(task, expected=parts[cause.part - 1].files if cause.part <= len(parts) else ())
    task = await with_specialists(ctx, services, None, task)
    services, prepared = await set_up(ctx, services, task.policy, Sha(cause.base), cause.base_ref)
    task = replace(task, understanding=replace(task.understanding, prepared=render_set_up(prepared)))
    workshop = Workshop.of(services, ctx.run, cause.start)
    try:
        before = await run_tests(ctx, services, "tests-before", task.policy.test, workshop)
        told = [*_told(whole, agreed, cause), *await _earlier(workshop, cause)]
        written = await write(ctx, services, task, workshop, before, told)
        await commit_and_push(ctx, services, task, workshop, written, parent=Sha(cause.start), round_=1)
    finally:
        await workshop.remove()


async def _task(ctx: Context, services: Services, cause: PartCause, issue: IssueFacts, branch: str) -> Task:
    """Its change is one of what the parts before it made; policy, guidance and manners are those of the base branch.

    Nobody is asked anything: what is wanted was settled before the issue was split.
    """
    repo, base, mirror = ctx.run.repo, Sha(cause.base), services.mirrors.path(ctx.run.repo)
    read = services.forge.on(repo, READ)
    ground = await journalled(ctx, "ground", Ground, lambda: find_ground(services, repo, cause.base_ref, base))
    sources = await journalled(ctx, "sources", Sources, lambda: read_sources(read, mirror, base, issue, cause.sender))
    manners = await journalled(ctx, "manners", Manners, lambda: read_manners(mirror, base))
    return Task(
        issue=issue,
        asker=Asker(cause.sender, cause.permission, cause.sender_id),
        ground=replace(ground, base_sha=Sha(cause.start)),
        policy=ground.policy().model_copy(update={"test": cause.test}),
        branch=branch,
        understanding=Understanding(criteria=sources.stated, guidance=sources.guidance, setup=sources.setup),
        manners=manners,
        asks=False,
        called=services.forge.slug,
    )


async def settle_part(ctx: Context, services: Services, reason: str) -> None:
    """Say on the sub-issue why its run ended; what it pushed is of no use without the rest."""
    with WHERE_IT_MAY:
        await take_back_branch(ctx, services)
    talk, (told, remedy) = services.forge.on(ctx.run.repo, TALK), split_reason(reason)
    with WHERE_IT_MAY:
        if ctx.run.ending == RunState.CANCELLED:
            await report_ended(ctx, talk, reason)
        else:
            await report_stopped(ctx, talk, told, remedy or _TRY_AGAIN)


async def _read_agreed(services: Services, parent: str) -> Agreed:
    """What the run that asked for this one agreed on with people; nothing if that run has not said."""
    async with services.database.connect() as db:
        kept = [step.value for step in await steps_of(db, parent) if step.name == STEP and step.finished_at]
    return TypeAdapter(Agreed).validate_python(kept[0]) if kept else Agreed()


def _told(whole: IssueFacts, agreed: Agreed, cause: PartCause) -> list[str]:
    parts = agreed.plan.parts if agreed.plan is not None else ()
    others = "\n".join(f"- {each.title}" for number, each in enumerate(parts, start=1) if number != cause.part)
    return [
        "It is one part of a larger issue, which is this:",
        enclose("the large issue", f"#{whole.number}: {whole.title}\n\n{whole.body}"),
        "Build this part and nothing else. Others build these, some at the same time, so keep to your own files:",
        enclose("other parts", others),
        *agreed.wanted,
        *agreed.remarks(),
    ]


async def _earlier(workshop: Workshop, cause: PartCause) -> list[str]:
    """What was made of this part before the others were joined, and did not merge with them."""
    if cause.earlier is None:
        return []
    change = first_lines((await diff(workshop.mirror, *cause.earlier)).decode("utf-8", "replace"), _DIFF_CHARS)
    return [_AGAIN, enclose("earlier change", change, rendered=False)]
