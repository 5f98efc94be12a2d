"""After a word that may have come days later: the work begins from the base branch and the issue of now."""

from dataclasses import replace

from app.forge.permissions import READ
from app.forge.read import IssueFacts, read_issue
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.ground import Ground, find_ground
from app.workflows.journalled import journalled
from app.workflows.task import Task
from app.workflows.testing import Tests, run_tests
from app.workflows.workshop import Workshop


async def freshen(
    ctx: Context, services: Services, task: Task, workshop: Workshop, before: Tests
) -> tuple[Task, Tests]:
    """The task and its tests as they are now. The tests run again only where the base branch has moved."""
    repo, base_ref = ctx.run.repo, task.ground.base_ref
    read = services.forge.on(repo, READ)
    ground = await journalled(ctx, "ground-after-go", Ground, lambda: find_ground(services, repo, base_ref))
    issue = await journalled(ctx, "issue-after-go", IssueFacts, lambda: read_issue(read, ctx.run.number))
    known, policy = task.ground.base_sha, ground.policy()
    # A command that was found out for want of one in the policy holds as long as the policy has none.
    policy = policy.model_copy(update={"test": policy.test or task.policy.test})
    task = replace(task, ground=ground, issue=issue, policy=policy)
    if ground.base_sha != known:
        workshop.begin_anew(ground.base_sha)
        before = await run_tests(ctx, services, "tests-after-go", task.policy.test, workshop)
    return task, before
