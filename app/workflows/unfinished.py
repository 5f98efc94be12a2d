"""When the agents do not get there: what they had is pushed to a branch of its own, and a person is told all of it."""

from app.agents.loop import AgentOutcome
from app.forge.errors import ForgeError
from app.forge.git import commit_tree, diff
from app.gitcmd import GitError
from app.policy.render import code
from app.policy.values import Sha
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.agent_endings import ended_without
from app.workflows.errors import NeedsPersonError
from app.workflows.journalled import carry_out, journalled
from app.workflows.listening import heed_pause
from app.workflows.objecting import find_leaks
from app.workflows.task import Task
from app.workflows.workshop import Workshop


async def hand_over(
    ctx: Context, services: Services, task: Task, workshop: Workshop, outcome: AgentOutcome
) -> NeedsPersonError:
    """What is to be raised for an outcome without a result: why it ended, where the unfinished work is, what to do."""
    left = await _push(ctx, services, task, workshop, outcome)
    return ended_without(outcome, task, ctx.run.workflow, left)


async def _push(ctx: Context, services: Services, task: Task, workshop: Workshop, outcome: AgentOutcome) -> str | None:
    """Put everything so far into one commit on the base, on a branch that nothing is merged from. None: nothing is."""
    if not task.branch:
        return None
    base, tree = task.ground.base_sha, workshop.tree
    if not await diff(workshop.mirror, base, tree):
        return None
    refused = await find_leaks(workshop.mirror, base, tree)
    if refused:
        return f"What it had changed was not pushed: {code(refused[0].path)}: {refused[0].reason}."
    await heed_pause(ctx, services)
    branch = f"{task.branch}-unfinished-{ctx.run.id[-8:]}"
    message = (
        f"Unfinished: issue #{task.issue.number}\n\nNot tested and not reviewed; the work ended before it was done "
        f"({outcome.ended}).\n\nQuorum-Run: {ctx.run.id}\nRequested-by: {task.asker.login}\n"
    )

    async def make() -> str:
        return await commit_tree(workshop.mirror, tree, [base], message, services.forge.author, ctx.run.created_at)

    commit = Sha(await journalled(ctx, "unfinished-commit", str, make))
    await make()  # the same commit, should another machine have made it
    try:
        await carry_out(ctx, "unfinished-push", services.mirrors.push(ctx.run.repo, commit, branch, None))
    except (ForgeError, GitError) as error:
        if getattr(error, "unknown", False) or getattr(error, "retry_at", None) is not None:
            raise
        return f"What it had changed could not be pushed: {error}."
    return f"What it had changed is on the branch {code(branch)}, untested and unreviewed."
