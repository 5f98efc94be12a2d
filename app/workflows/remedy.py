"""*Fix it* on a person's pull request: a tested repair that they may take. Nothing is ever pushed into their branch.

Where the branch is one of this repository the repair is a pull request into it, on a branch of its own. To a fork none
can be opened from here, and pushing its commits would start workflows on a stranger's code with this repository's
rights: there the repair is a patch in a comment.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.forge import effects
from app.forge.git import changed_paths, diff
from app.forge.permissions import PUBLISH, READ, TALK
from app.forge.read import IssueFacts, PullFacts, read_pull
from app.policy.values import Sha
from app.runs.engine import Context
from app.runs.errors import RunEndingError
from app.runs.state import RunState
from app.wiring import Services
from app.workflows.commit_text import render_subject
from app.workflows.errors import NeedsPersonError, split_reason
from app.workflows.journalled import carry_out, journalled
from app.workflows.mend import Start, find_start
from app.workflows.progress import report_ended, report_stopped
from app.workflows.publishing import commit_and_push, require_no_objection, take_back_branch
from app.workflows.remedy_bounds import out_of_bounds
from app.workflows.remedy_texts import Remedy, render_offer, render_offered, render_patch
from app.workflows.setting_up import set_up
from app.workflows.stacked import PREFIX, close_offers, withdraw_offer
from app.workflows.standing import Voiced
from app.workflows.task import Asker, Task
from app.workflows.understanding import find_tests
from app.workflows.verifying import Verification, verify
from app.workflows.workshop import Workshop
from app.workflows.writing import Written, repair

_ROUND = 1
"""Of the commit: it makes a branch."""
_BRANCHES = 9
_TRY_AGAIN = "Repair it yourself, or press *Fix it* again."


async def remedy(ctx: Context, services: Services) -> None:
    """Repair what blocks `ctx.run.number` at `ctx.run.head_sha` and offer that.

    Ends as superseded when that is no longer its head: a repair of what nobody has any more is of no use.
    """
    pull = await _read_wanted(ctx, services, "pull")
    start = await journalled(ctx, "start", Start, lambda: find_start(ctx, services, pull))
    asked = ctx.run.cause["perspectives"]
    found = [each for each in start.standing.findings if isinstance(asked, list) and each.perspective in asked]
    if not found:
        raise NeedsPersonError(
            f"Nothing that blocks {pull.head_sha[:12]} is on record: {start.standing.line}.",
            f"Comment `@{services.forge.slug} review` to have it read again.",
        )
    branch = await journalled(ctx, "branch", str, lambda: _free_branch(ctx, services, pull))
    asker = Asker(str(ctx.run.cause["sender"]), str(ctx.run.cause["permission"]))
    # What is repaired is the change since it left its base branch; the policy is that of the branch as it is now.
    ground, manners = replace(start.ground, base_sha=start.base), start.manners
    task = Task(_as_issue(pull), asker, ground, start.ground.in_force(), branch="", manners=manners)
    workshop = Workshop.of(services, ctx.run, pull.head_sha)
    try:
        services, _told = await set_up(ctx, services, task.policy, start.ground.base_sha, pull.base_ref)
        task, written, verified = await _work(ctx, services, task, workshop, found)
        await _read_wanted(ctx, services, "pull-again")
        made = Remedy(
            parent=pull.number,
            head=pull.head_sha,
            perspectives=tuple(dict.fromkeys(each.perspective for each in found)),
            summary=written.summary,
            test=task.policy.test,
            verified=verified,
            run_id=ctx.run.id,
        )
        if pull.from_here:
            await _offer_pull(ctx, services, (pull, replace(task, branch=branch), workshop, written), made)
        else:
            patch = await diff(workshop.mirror, pull.head_sha, workshop.tree)
            await _say(ctx, services, render_patch(made, patch))
    finally:
        await workshop.remove()


async def settle_remedy(ctx: Context, services: Services, reason: str) -> None:
    """Say in the pull request why the repair ended; a head that is no longer there needs no word, and no offer."""
    if ctx.run.ending != RunState.FAILED:
        await withdraw_offer(ctx, services)
    await take_back_branch(ctx, services)
    if ctx.run.ending == RunState.SUPERSEDED:
        return
    talk = services.forge.on(ctx.run.repo, TALK)
    if ctx.run.ending == RunState.CANCELLED:
        await report_ended(ctx, talk, reason)
        return
    told, remedy_ = split_reason(reason)
    await report_stopped(ctx, talk, told, remedy_ or _TRY_AGAIN)


async def _read_wanted(ctx: Context, services: Services, name: str) -> PullFacts:
    """The pull request, if it still is open at the head that is to be repaired. An event that says so may be late."""
    read = services.forge.on(ctx.run.repo, READ)
    pull = await journalled(ctx, name, PullFacts, lambda: read_pull(read, ctx.run.number))
    if pull.state != "open" or pull.head_sha != ctx.run.head_sha:
        raise RunEndingError(RunState.SUPERSEDED, f"the pull request is {pull.state} at {pull.head_sha[:12]}")
    return pull


async def _free_branch(ctx: Context, services: Services, pull: PullFacts) -> str:
    """`quorum/fix-N-HEAD`, with a number behind it while one of an earlier try is there; empty for a fork's."""
    if not pull.from_here:
        return ""
    name = f"{PREFIX}{pull.number}-{pull.head_sha[:7]}"
    for candidate in (name, *(f"{name}-{number}" for number in range(2, _BRANCHES + 1))):
        if await services.mirrors.remote_ref(ctx.run.repo, f"refs/heads/{candidate}") is None:
            return candidate
    raise NeedsPersonError(f"There are {_BRANCHES} branches named {name} already.", "Delete those that are not wanted.")


def _as_issue(pull: PullFacts) -> IssueFacts:
    """What the change is for, as its author says it."""
    return IssueFacts(
        pull.number, pull.title, pull.body, pull.state, pull.author, pull.labels, is_pull=True, comments=()
    )


async def _work(
    ctx: Context, services: Services, task: Task, workshop: Workshop, found: Sequence[Voiced]
) -> tuple[Task, Written, Verification]:
    """What was left unfinished is nobody's: the change is a person's, and goes nowhere but where they put it."""
    parent = Sha(str(ctx.run.head_sha))
    at_parent = replace(task.ground, base_sha=parent)
    try:
        task, before = await find_tests(ctx, services, task, workshop)
        written = await repair(ctx, services, task, workshop, before, found, _ROUND)
        verified = await verify(ctx, services, replace(task, ground=at_parent), workshop, before)
        await _require_harmless(ctx, services, task, workshop, parent)
    except NeedsPersonError as error:
        raise NeedsPersonError(error.reason, _TRY_AGAIN) from error
    return task, written, verified


async def _require_harmless(ctx: Context, services: Services, task: Task, workshop: Workshop, parent: Sha) -> None:
    """As for a commit of our own, and more: it is offered to somebody who may not look closely."""

    async def look() -> str:
        refusals = out_of_bounds(await diff(workshop.mirror, parent, workshop.tree))
        if not refusals:
            await require_no_objection(services, task, workshop, parent)
        return "; ".join(refusals[:10])

    refused = await journalled(ctx, "harmless", str, look)
    if refused:
        raise NeedsPersonError(f"The repair cannot be offered: {refused}.", _TRY_AGAIN)


async def _offer_pull(
    ctx: Context, services: Services, done: tuple[PullFacts, Task, Workshop, Written], made: Remedy
) -> None:
    """A branch, a pull request into the person's, and a word in theirs. What was offered for older heads is closed."""
    pull, task, workshop, written = done
    await commit_and_push(ctx, services, task, workshop, written, parent=pull.head_sha, round_=_ROUND)
    paths = await changed_paths(workshop.mirror, pull.head_sha, workshop.tree)
    publish, title = services.forge.on(ctx.run.repo, PUBLISH), render_subject(task, written.title, paths)
    effect = effects.pull_request(publish, task.branch, pull.head_ref, title, render_offer(made, pull), draft=False)
    receipt = await carry_out(ctx, "pull-request", effect)
    replaced = await close_offers(ctx, services, pull.number, but=ctx.run.id)
    await _say(ctx, services, render_offered(made, int(str(receipt["number"])), replaced))


async def _say(ctx: Context, services: Services, text: str) -> None:
    talk = services.forge.on(ctx.run.repo, TALK)
    await carry_out(ctx, "told", effects.comment(talk, ctx.run.number, f"remedy-{ctx.run.id}", text))
