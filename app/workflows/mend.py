"""*Fix it*: one more round of repair of an own pull request, for a person who asked for it."""

from dataclasses import dataclass, replace

from app.forge.changed import changed_files
from app.forge.git import changed_paths, only_merge_base
from app.forge.permissions import READ, TALK
from app.forge.read import IssueFacts, PullFacts, read_issue, read_pull
from app.policy.values import Sha
from app.policy.work_requests import review_request
from app.runs.engine import Context
from app.runs.errors import RunEndingError
from app.runs.state import RunState
from app.wiring import Services
from app.workflows.advising import advice_told
from app.workflows.answering import answer_findings, find_answers, without_thread
from app.workflows.draft import end_draft
from app.workflows.errors import NeedsPersonError, split_reason
from app.workflows.ground import Ground, find_ground
from app.workflows.journalled import journalled
from app.workflows.manners import Manners, read_manners
from app.workflows.objecting import look_outside
from app.workflows.progress import report_ended, report_stopped
from app.workflows.publishing import Pull, commit_and_push, tell_repair
from app.workflows.pull_text import render_repair, render_since
from app.workflows.refusals import WHERE_IT_MAY, told_to_people
from app.workflows.setting_up import set_up
from app.workflows.standing import Standing, read_standing
from app.workflows.task import Asker, Task
from app.workflows.texts import sentence
from app.workflows.understanding import find_tests
from app.workflows.verifying import verify
from app.workflows.work_check import WorkCheck, leave_no_check_open
from app.workflows.workshop import Workshop
from app.workflows.writing import repair

_ROUND = 2
"""Of the commit: the first one makes a branch, and this branch is there."""
_TRIED = "The repair's own tests were tried on {}, the head before it: below that is the old code."
_TRY_AGAIN = (
    "This was not foreseen: whoever runs Quorum finds more under the run's id in the worker's log. Press *Fix it* "
    "again to try once more, or take over the pull request."
)


@dataclass(frozen=True)
class Start:
    """What is repaired: `base` is where the change begins, and `ground` what it is judged by."""

    ground: Ground
    base: Sha
    standing: Standing
    manners: Manners = Manners()


async def mend(ctx: Context, services: Services) -> None:
    """Repair what blocks `ctx.run.number` at `ctx.run.head_sha`, push it, and end the draft if the council agrees.

    Ends as superseded when that is no longer its head; nothing is pushed over what came meanwhile.
    """
    with told_to_people(ctx.run):
        await _mend(ctx, services)


async def _mend(ctx: Context, services: Services) -> None:
    repo, number = ctx.run.repo, ctx.run.number
    read = services.forge.on(repo, READ)
    pull = await journalled(ctx, "pull", PullFacts, lambda: read_pull(read, number))
    if not may_mend(pull, services) or pull.head_sha != ctx.run.head_sha:
        raise RunEndingError(RunState.SUPERSEDED, f"the pull request is {pull.state} at {pull.head_sha[:12]}")
    issue_number = int(str(ctx.run.cause["issue"]))
    issue = await journalled(ctx, "issue", IssueFacts, lambda: read_issue(read, issue_number))
    start = await journalled(ctx, "start", Start, lambda: find_start(ctx, services, pull))
    if not start.standing.findings:
        raise NeedsPersonError(
            f"Nothing that blocks {pull.head_sha[:12]} is on record: {start.standing.line}.",
            f"Comment `@{services.forge.slug} review` to have it read again.",
        )
    asker = Asker(str(ctx.run.cause["sender"]), str(ctx.run.cause["permission"]))
    # What is repaired is the change since it left the base branch; the policy is that of the branch as it is now.
    ground, manners = replace(start.ground, base_sha=start.base), start.manners
    task = Task(issue, asker, ground, start.ground.in_force(), pull.head_ref, manners=manners)
    workshop, check = Workshop.of(services, ctx.run, pull.head_sha), WorkCheck.of(ctx, services)
    await check.begin(pull.head_sha, "Repairs what blocks", start.standing.line)
    try:
        services, _told = await set_up(ctx, services, task.policy, start.ground.base_sha, pull.base_ref)
        task, before = await find_tests(ctx, services, task, workshop)
        more = advice_told(start.standing.advice)
        found = start.standing.findings
        touched = await changed_paths(workshop.mirror, start.base, pull.head_sha)
        task = replace(task, expected=(*touched, *(each.finding.path for each in found)))
        written = await repair(ctx, services, task, workshop, before, found, _ROUND, more, pull.body)
        at_parent = replace(task, ground=replace(task.ground, base_sha=pull.head_sha))
        verified = await verify(ctx, services, at_parent, workshop, before)
        head = await commit_and_push(ctx, services, task, workshop, written, parent=pull.head_sha, round_=_ROUND)
    finally:
        await workshop.remove()
    await check.begin(head, "Repaired; the council reads it", f"Commit {head[:12]}.")
    ours, heads = Pull(number, pull.node_id), (pull.head_sha, head)
    replies = await find_answers(ctx, services, ours, found, written, heads, _ROUND)
    told = [render_repair(written, _ROUND, without_thread(replies)), _TRIED.format(pull.head_sha[:12])]
    told += await look_outside(services.mirrors.path(repo), task, start.base, head)
    section = render_since(task, written, verified, "\n\n".join(told))
    await tell_repair(ctx, services, ours, section, f"repair-{_ROUND}")
    await answer_findings(ctx, services, ours, replies, head, _ROUND)
    await ctx.child(review_request(repo, number, head))
    standing = await journalled(ctx, "standing", Standing, lambda: _stands(ctx, services, task, head))
    if standing.approved and pull.draft:
        await end_draft(ctx, services, number, pull.node_id, head)
    await check.end("Repaired", standing.line, "success" if standing.approved else "neutral")


async def settle_mend(ctx: Context, services: Services, reason: str) -> None:
    """Say in the pull request why the repair ended; a head that is no longer there needs no word."""
    with WHERE_IT_MAY:
        await leave_no_check_open(ctx, services, sentence(reason), stopped=ctx.run.ending == RunState.FAILED)
    if ctx.run.ending == RunState.SUPERSEDED:
        return
    talk = services.forge.on(ctx.run.repo, TALK)
    told, remedy = split_reason(reason)
    with WHERE_IT_MAY:
        if ctx.run.ending == RunState.CANCELLED:
            await report_ended(ctx, talk, reason)
        else:
            await report_stopped(ctx, talk, told, remedy or _TRY_AGAIN)


def may_mend(pull: PullFacts, services: Services) -> bool:
    """Only an open one of our own, from a branch here: into the branches of people nothing is pushed."""
    return pull.state == "open" and pull.author == services.forge.login and pull.from_here


async def find_start(ctx: Context, services: Services, pull: PullFacts) -> Start:
    """What blocks the head of a pull request, and what its change is judged by."""
    repo = ctx.run.repo
    ground = await find_ground(services, repo, pull.base_ref)
    head = await services.mirrors.fetch(repo, f"refs/pull/{pull.number}/head")
    base = await only_merge_base(services.mirrors.path(repo), ground.base_sha, head)
    changed = await changed_files(services.mirrors.path(repo), base, head)
    standing = await read_standing(services.database, repo.id, pull.number, pull.head_sha, ground.in_force(), changed)
    return Start(ground, base, standing, await read_manners(services.mirrors.path(repo), ground.base_sha))


async def _stands(ctx: Context, services: Services, task: Task, head: Sha) -> Standing:
    """What the council says of the repair, by the files that are changed now: whose words are about them must agree."""
    repo, number = ctx.run.repo, ctx.run.number
    changed = await changed_files(services.mirrors.path(repo), task.ground.base_sha, head)
    return await read_standing(services.database, repo.id, number, head, task.ground.in_force(), changed)
