"""From a finished work tree to commits, a branch and a pull request. Nothing here listens to a model."""

import re
from dataclasses import dataclass

from app.forge import effects
from app.forge.clean import clean_markdown
from app.forge.git import commit_tree, diff
from app.forge.permissions import PUBLISH
from app.policy.values import Sha
from app.runs.engine import Context
from app.sandbox.patches import validate
from app.wiring import Services
from app.workflows.errors import NeedsPersonError
from app.workflows.journalled import carry_out, journalled
from app.workflows.task import Task
from app.workflows.testing import Tests
from app.workflows.texts import one_line, render_pull_body
from app.workflows.workshop import Workshop
from app.workflows.writing import Written


@dataclass(frozen=True)
class Pull:
    number: int
    node_id: str


async def commit_and_push(
    ctx: Context, services: Services, task: Task, workshop: Workshop, written: Written, *, parent: Sha, round_: int
) -> Sha:
    """Commit the tree as it stands on top of `parent` and push it. Raises `NeedsPersonError` for a refused change."""
    patch = await diff(workshop.mirror, parent, workshop.tree)
    refusals = validate(patch)
    if refusals or not patch:
        listed = "; ".join(f"`{refusal.path}`: {refusal.reason}" for refusal in refusals[:10]) or "no file changed"
        raise NeedsPersonError(
            f"The change cannot be pushed: {listed}.",
            "Make this part by hand, or say in the issue that it is not wanted, and set the label again.",
        )

    async def make() -> str:
        message = render_message(written, ctx.run.id, task.asker.login)
        author, at = services.forge.author, ctx.run.created_at
        return await commit_tree(workshop.mirror, workshop.tree, [parent], message, author, at)

    commit = Sha(await journalled(ctx, f"commit-{round_}", str, make))
    await make()  # the same commit, should another machine have made it
    expected = None if round_ == 1 else parent
    await carry_out(ctx, f"push-{round_}", services.mirrors.push(ctx.run.repo, commit, branch_name(task), expected))
    return commit


async def open_pull_request(ctx: Context, services: Services, task: Task, written: Written, before: Tests) -> Pull:
    body = render_pull_body(
        summary=clean_markdown(written.summary),
        issue=task.issue.number,
        test=task.policy.test,
        before=before.line,
        after="passed" if task.policy.test else "",
        run_id=ctx.run.id,
    )
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    title = one_line(clean_markdown(written.title))
    effect = effects.pull_request(publish, branch_name(task), task.ground.base_ref, title, body)
    receipt = await carry_out(ctx, "pull-request", effect)
    return Pull(int(str(receipt["number"])), str(receipt["node_id"]))


def branch_name(task: Task) -> str:
    """`quorum/issue-N-slug`: one branch for an issue, named after it."""
    slug = re.sub(r"[^a-z0-9]+", "-", task.issue.title.lower()).strip("-")[:40].strip("-")
    return f"quorum/issue-{task.issue.number}-{slug or 'change'}"


def render_message(written: Written, run_id: str, asker: str) -> str:
    """The commit's message: what the agent said, then trailers that name the run and who asked."""
    body = clean_markdown(written.summary).strip()
    return f"{one_line(clean_markdown(written.title))}\n\n{body}\n\nQuorum-Run: {run_id}\nRequested-by: {asker}\n"
