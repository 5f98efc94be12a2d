"""From a labelled issue to a draft pull request, through the council, to one that is ready to be merged."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.forge import effects
from app.forge.changed import changed_files
from app.forge.git import changed_paths
from app.forge.permissions import READ, TALK
from app.forge.read import IssueFacts, read_default_branch, read_issue, read_label_actor, read_permission
from app.policy.values import Sha
from app.policy.work_requests import LABEL, review_request
from app.runs.engine import Context
from app.runs.state import RunState
from app.wiring import Services
from app.workflows.advising import advice_told
from app.workflows.answering import answer_findings, find_answers, without_thread
from app.workflows.assent import check_assent
from app.workflows.draft import end_draft
from app.workflows.errors import NeedsPersonError, split_reason
from app.workflows.failed_before import named_to_people, remedy, told_to_workers
from app.workflows.freshening import freshen
from app.workflows.ground import Ground, find_ground
from app.workflows.in_parts import Assembly
from app.workflows.journalled import carry_out, journalled
from app.workflows.listening import heed_pause, late_words
from app.workflows.manners import Manners, read_manners
from app.workflows.measuring import measure_change, render_measured
from app.workflows.planning import agree_on_plan
from app.workflows.progress import Progress, report_ended, report_stopped
from app.workflows.publishing import (
    Pull,
    commit_and_push,
    free_branch,
    open_pull_request,
    retell,
    take_back_branch,
)
from app.workflows.pull_text import after_repair, render_repair
from app.workflows.refusals import WHERE_IT_MAY, leaves_its_branch, told_to_people
from app.workflows.restarting import MAY_START
from app.workflows.setting_up import render_set_up, set_up
from app.workflows.specializing import with_specialists
from app.workflows.splitting import settle_parts, tell_parts
from app.workflows.standing import Standing, Voiced, read_standing
from app.workflows.taking import take_suggestions, without_a_test
from app.workflows.task import MOST_AUTONOMY, Asker, Task
from app.workflows.testing import Tests
from app.workflows.texts import sentence
from app.workflows.understanding import understand, write_when_clear
from app.workflows.understood import Understanding
from app.workflows.verifying import verify
from app.workflows.watched import was_begun_by_policy
from app.workflows.wishes import newest_wish
from app.workflows.work_check import leave_no_check_open
from app.workflows.workshop import Workshop
from app.workflows.writing import repair, write

_ASKED_AT_MOST = 3
_TRY_AGAIN = (
    "This was not foreseen: whoever runs Quorum finds more under the run's id in the worker's log. Write "
    "`@{slug} retry`, or take the label `quorum` off and set it again, to try once more."
)


async def solve(ctx: Context, services: Services) -> None:
    """Work on the issue that `ctx.run` names; ends quietly when it is not wanted (closed, unlabelled, a stranger)."""
    with told_to_people(ctx.run):
        await _solve(ctx, services)


async def _solve(ctx: Context, services: Services) -> None:
    repo, number = ctx.run.repo, ctx.run.number
    read, talk = services.forge.on(repo, READ), services.forge.on(repo, TALK)
    issue = await journalled(ctx, "issue", IssueFacts, lambda: read_issue(read, number))
    asker = await journalled(ctx, "asker", Asker, lambda: _read_asker(ctx, services))
    if issue.is_pull or issue.state != "open" or LABEL not in issue.labels or asker.permission not in MAY_START:
        return
    await check_assent(ctx, services)
    await carry_out(ctx, "eyes", effects.reaction(talk, number, "eyes"))
    progress = await Progress.begin(ctx, talk)
    base_ref = await journalled(ctx, "base", str, lambda: read_default_branch(read))
    ground = await journalled(ctx, "ground", Ground, lambda: find_ground(services, repo, base_ref))
    branch = await journalled(ctx, "branch", str, lambda: free_branch(services, repo, issue))
    manners = await journalled(ctx, "manners", Manners, lambda: _read_manners(ctx, services, ground))
    policy = ground.policy()
    policy = policy.model_copy(update={"autonomy": min(policy.autonomy, asker.autonomy)})
    task = Task(issue, asker, ground, policy, branch, manners=manners, called=services.forge.slug)
    workshop = Workshop.of(services, ctx.run, ground.base_sha)
    try:
        services, prepared = await set_up(ctx, services, policy, ground.base_sha, ground.base_ref)
        workshop.worked_s += prepared.made.seconds
        if told := render_set_up(prepared):
            await progress.stage("set-up", told)
        task = replace(task, understanding=Understanding(prepared=told))
        await _work_on(ctx, services, progress, task, workshop)
    finally:
        await workshop.remove()


async def settle_solve(ctx: Context, services: Services, reason: str) -> None:
    """Say on the issue why the run ended; that somebody closed the issue or stopped the work needs no person."""
    if not leaves_its_branch(reason):
        with WHERE_IT_MAY:
            await take_back_branch(ctx, services)
    with WHERE_IT_MAY:
        await settle_parts(ctx, services, reason)
    talk = services.forge.on(ctx.run.repo, TALK)
    if ctx.run.ending == RunState.CANCELLED:
        with WHERE_IT_MAY:
            await leave_no_check_open(ctx, services, sentence(reason), stopped=False)
        with WHERE_IT_MAY:
            await report_ended(ctx, talk, reason)
        return
    told, remedy = split_reason(reason)
    remedy = remedy or _TRY_AGAIN.format(slug=services.forge.slug)
    with WHERE_IT_MAY:
        await leave_no_check_open(ctx, services, f"{told}\n\n{remedy}", stopped=True)
    with WHERE_IT_MAY:
        await report_stopped(ctx, talk, told, remedy)


async def _work_on(ctx: Context, services: Services, progress: Progress, task: Task, workshop: Workshop) -> None:
    task, before = await understand(ctx, services, progress, task, workshop)
    agreed = await agree_on_plan(ctx, services, progress, task, workshop)
    task = replace(task, expected=agreed.files)
    if agreed.waited:
        task, before = await freshen(ctx, services, task, workshop, before)
    task = await with_specialists(ctx, services, progress, task, plan=agreed.text)
    if agreed.splits:
        written, head = await Assembly(ctx, services, task, workshop, before, agreed).build(progress)
    else:
        task, written, before = await write_when_clear(
            *(ctx, services, progress, task, workshop, before),
            write=lambda task, before: write(ctx, services, task, workshop, before, agreed.told()),
        )
        head = await commit_and_push(ctx, services, task, workshop, written, parent=task.ground.base_sha, round_=1)
    await progress.reached("written", f"Commit {head[:12]}")
    verification = await verify(ctx, services, task, workshop, before)
    measured = await measure_change(ctx, services, written.measure, workshop, task.ground.base_sha)
    verification = replace(verification, measured=render_measured(measured))
    pull = await open_pull_request(ctx, services, task, written, verification, head)
    await tell_parts(ctx, services, pull.number, agreed)
    await progress.opened(services, pull.number, head, f"Opened draft pull request #{pull.number}")
    advised: list[Voiced] = []
    polished, last = False, task.policy.max_rounds
    for round_ in range(1, last + 2):
        standing = await _hear_council(ctx, services, task, pull, head, round_)
        settled = _to_settle(standing, polished or round_ == last)
        if standing.approved and not settled:
            break
        task = await _expecting(workshop.mirror, task, head, standing)
        await progress.stage(f"council-{round_}", f"Round {round_}: {standing.line}")
        _give_up_if_hopeless(task, pull, head, standing, before, (round_, last))
        left = last - round_ + standing.approved  # a round more reads advice that was taken
        repaired = await take_suggestions(ctx, services, task, workshop, before, settled, round_, left)
        if standing.approved:
            if repaired is None:
                break
            polished, last = True, last + 1
        if repaired is None:
            more = [*told_to_workers(task, before), *advice_told(standing.advice, advised)]
            advised += standing.advice
            repaired = await repair(ctx, services, task, workshop, before, standing.findings, round_, more, pull.body)
        again = await verify(ctx, services, task, workshop, before, round_)
        reviewed, head = (
            head,
            await commit_and_push(ctx, services, task, workshop, repaired, parent=head, round_=round_ + 1),
        )
        replies = await find_answers(ctx, services, pull, settled, repaired, (reviewed, head), round_)
        again = replace(again, measured=render_measured(measured, " (before the repairs)"))
        written = after_repair(written, repaired, render_repair(repaired, round_, without_thread(replies)))
        pull = await retell(ctx, services, task, pull, (written, repaired), again, head, round_)
        await answer_findings(ctx, services, pull, replies, head, round_)
        await progress.moved(f"repaired-{round_}", head, f"Repaired what was found, commit {head[:12]}")
    await heed_pause(ctx, services)
    await progress.approved("The council approved")
    kept = await end_draft(ctx, services, pull.number, pull.node_id, head)
    late = await late_words(ctx, services)
    await progress.done(f"{_render_end(pull.number, kept)}{late}")


def _render_end(number: int, kept: str) -> str:
    if not kept:
        return f"Pull request #{number} is ready for a person to look at and merge"
    told = f"The council approved pull request #{number}. It stays a draft while the gate is not green: {kept}"
    return f"{told}. It is marked ready when nothing is missing but the approval of people"


async def _hear_council(ctx: Context, services: Services, task: Task, pull: Pull, head: Sha, round_: int) -> Standing:
    """Wait for the review of this head, whoever asked for it, and read what was said.

    A late event can end a review as if there were a newer head; then it is asked for again.
    """
    request = review_request(ctx.run.repo, pull.number, head)
    for time in range(_ASKED_AT_MOST):
        asked = request if time == 0 else replace(request, cause={**request.cause, "for": f"time-{time}"})
        if await ctx.child(asked) != RunState.SUPERSEDED:
            break

    async def read() -> Standing:
        changed = await changed_files(services.mirrors.path(ctx.run.repo), task.ground.base_sha, head)
        policy = task.ground.policy()  # the council runs no tests but those that are configured
        return await read_standing(services.database, ctx.run.repo.id, pull.number, head, policy, changed)

    return await journalled(ctx, f"standing-{round_}", Standing, read)


async def _expecting(mirror: Path, task: Task, head: Sha, standing: Standing) -> Task:
    """What was touched before a repair is expected of it, or what the plan names; and what reviewers speak of."""
    known = task.expected or await changed_paths(mirror, task.ground.base_sha, head)
    found = [each.finding.path for each in (*standing.findings, *standing.advice)]
    return replace(task, expected=(*known, *found))


def _to_settle(standing: Standing, finished: bool) -> Sequence[Voiced]:
    """What blocks; where nothing does, advice that needs no writer: once, as what is advised of that has no end."""
    if not standing.approved:
        return standing.findings
    return [] if finished else without_a_test(standing.advice)


def _give_up_if_hopeless(
    task: Task, pull: Pull, head: Sha, standing: Standing, before: Tests, rounds: tuple[int, int]
) -> None:
    """`rounds`: this one and the last one that there may be."""
    if standing.approved:
        return
    if standing.only_tests and before.result == "failed":
        raise NeedsPersonError(
            f"The council asks for no change, but the tests fail at {head[:12]}, as they did before the change"
            f"{named_to_people(before)}; the description of #{pull.number} tells which failed before and after.",
            remedy(task),
        )
    if not standing.findings:
        raise NeedsPersonError(
            f"The council could not judge {head[:12]}: {standing.line}.",
            f"Look at the check runs of the pull request, then comment `@{task.called} review` there.",
        )
    if rounds[0] == rounds[1]:
        raise NeedsPersonError(
            f"After {rounds[0]} rounds the council still asks for changes: {standing.line}.",
            f"Take over pull request #{pull.number}, or close it.",
        )


async def _read_asker(ctx: Context, services: Services) -> Asker:
    """Who set the label, or asked to begin again, and what they may do now.

    A bot may start nothing, but we where the policy lets us.
    """
    gh = services.forge.on(ctx.run.repo, READ)
    async with services.database.connect() as db:
        wished = await newest_wish(db, ctx.run.repo.id, ctx.run.number, "autonomy")
    most = int(wished.text) if wished else MOST_AUTONOMY
    if "asker" in ctx.run.cause:
        again = str(ctx.run.cause["asker"])
        return Asker(again, await read_permission(gh, again), autonomy=most)
    login, kind, account = await read_label_actor(gh, ctx.run.number, LABEL)
    if login == services.forge.login and await was_begun_by_policy(services.database, ctx.run.repo.id, ctx.run.number):
        return Asker(login, "write", account, most)
    permission = await read_permission(gh, login) if kind == "User" else "none"
    return Asker(login, permission, account, most)


async def _read_manners(ctx: Context, services: Services, ground: Ground) -> Manners:
    return await read_manners(services.mirrors.path(ctx.run.repo), ground.base_sha)
