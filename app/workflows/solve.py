"""From a labelled issue to a draft pull request, through the council, to one that is ready to be merged."""

from dataclasses import replace

from app.forge import effects
from app.forge.git import changed_paths
from app.forge.permissions import PUBLISH, READ, TALK
from app.forge.read import IssueFacts, read_default_branch, read_issue, read_label_actor, read_permission
from app.policy.routes import LABEL, review_request
from app.policy.values import Sha
from app.runs.engine import Context
from app.runs.state import RunState
from app.wiring import Services
from app.workflows.errors import NeedsPersonError, split_reason
from app.workflows.ground import Ground, find_ground
from app.workflows.journalled import carry_out, journalled
from app.workflows.progress import Progress, report_ended, report_stopped
from app.workflows.publishing import (
    Pull,
    commit_and_push,
    free_branch,
    open_pull_request,
    take_back_branch,
    tell_repair,
)
from app.workflows.standing import Standing, read_standing
from app.workflows.task import Asker, Task
from app.workflows.testing import run_tests, run_tests_on_old_code
from app.workflows.texts import Verification
from app.workflows.workshop import Workshop
from app.workflows.writing import repair, write

_MAY_START = frozenset({"triage", "write", "maintain", "admin"})
"""Setting a label needs triage permission."""
_ASKED_AT_MOST = 3
_TRY_AGAIN = "See the reason above; then take the label `quorum` off and set it again."


async def solve(ctx: Context, services: Services) -> None:
    """Work on the issue that `ctx.run` names; ends quietly when it is not wanted (closed, unlabelled, a stranger)."""
    repo, number = ctx.run.repo, ctx.run.number
    read, talk = services.forge.on(repo, READ), services.forge.on(repo, TALK)
    issue = await journalled(ctx, "issue", IssueFacts, lambda: read_issue(read, number))
    asker = await journalled(ctx, "asker", Asker, lambda: _read_asker(ctx, services))
    if issue.is_pull or issue.state != "open" or LABEL not in issue.labels or asker.permission not in _MAY_START:
        return
    await carry_out(ctx, "eyes", effects.reaction(talk, number, "eyes"))
    progress = await Progress.begin(ctx, talk)
    base_ref = await journalled(ctx, "base", str, lambda: read_default_branch(read))
    ground = await journalled(ctx, "ground", Ground, lambda: find_ground(services, repo, base_ref))
    branch = await journalled(ctx, "branch", str, lambda: free_branch(services, repo, issue))
    task = Task(issue, asker, ground, ground.policy(), branch)
    workshop = Workshop.of(services, ctx.run, ground.base_sha)
    try:
        await _work_on(ctx, services, progress, task, workshop)
    finally:
        await workshop.remove()


async def settle_solve(ctx: Context, services: Services, reason: str) -> None:
    """Say on the issue why the run ended; that somebody closed the issue or stopped the work needs no person."""
    await take_back_branch(ctx, services)
    if ctx.run.ending == "cancelled":
        await report_ended(ctx, services.forge.on(ctx.run.repo, TALK), reason)
        return
    told, remedy = split_reason(reason)
    await report_stopped(ctx, services.forge.on(ctx.run.repo, TALK), told, remedy or _TRY_AGAIN)


async def _work_on(ctx: Context, services: Services, progress: Progress, task: Task, workshop: Workshop) -> None:
    before = await run_tests(ctx, services, "tests-before", task.policy.test, workshop)
    await progress.stage("reading", f"Read the issue. The project's tests at the start: {before.line}")
    written = await write(ctx, services, task, workshop, before)
    head = await commit_and_push(ctx, services, task, workshop, written, parent=task.ground.base_sha, round_=1)
    after = "passed"
    if before.result == "failed":
        after = (await run_tests(ctx, services, "tests-after", task.policy.test, workshop)).line
    old = await run_tests_on_old_code(ctx, services, task.policy.test, workshop, task.ground.base_sha)
    pull = await open_pull_request(ctx, services, task, written, Verification(before.line, after, old.line))
    await progress.stage("opened", f"Opened draft pull request #{pull.number} with commit {head[:12]}")
    for round_ in range(1, task.policy.max_rounds + 1):
        standing = await _hear_council(ctx, services, task, pull, head, round_)
        if standing.approved:
            break
        await progress.stage(f"council-{round_}", f"Council, round {round_}: {standing.line}")
        _give_up_if_hopeless(task, pull, head, standing, round_)
        written = await repair(ctx, services, task, workshop, before, standing.findings, round_)
        head = await commit_and_push(ctx, services, task, workshop, written, parent=head, round_=round_ + 1)
        await tell_repair(ctx, services, pull, written, round_)
        await progress.stage(f"repaired-{round_}", f"Repaired what was found, commit {head[:12]}")
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    await carry_out(ctx, "ready", effects.ready_for_review(publish, pull.number, pull.node_id))
    await progress.done(f"The council approved; pull request #{pull.number} is ready for a person to look at and merge")


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
        changed = await changed_paths(services.mirrors.path(ctx.run.repo), task.ground.base_sha, head)
        return await read_standing(services.database, ctx.run.repo.id, pull.number, head, task.policy, changed)

    return await journalled(ctx, f"standing-{round_}", Standing, read)


def _give_up_if_hopeless(task: Task, pull: Pull, head: Sha, standing: Standing, round_: int) -> None:
    if not standing.findings:
        raise NeedsPersonError(
            f"The council could not judge {head[:12]}: {standing.line}.",
            "Look at the check runs of the pull request, then comment `@quorum review` there.",
        )
    if round_ == task.policy.max_rounds:
        raise NeedsPersonError(
            f"After {round_} rounds the council still asks for changes: {standing.line}.",
            f"Take over pull request #{pull.number}, or close it.",
        )


async def _read_asker(ctx: Context, services: Services) -> Asker:
    """Who set the label, and what they may do now; a bot may start nothing."""
    gh = services.forge.on(ctx.run.repo, READ)
    login, kind = await read_label_actor(gh, ctx.run.number, LABEL)
    permission = await read_permission(gh, login) if kind == "User" else "none"
    return Asker(login, permission)
