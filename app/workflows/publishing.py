"""From a finished work tree to commits, a branch and a pull request. Nothing here listens to a model."""

import re
from dataclasses import dataclass

from app.forge import effects
from app.forge.clean import clean_description, clean_plain
from app.forge.git import commit_tree, diff
from app.forge.permissions import PUBLISH
from app.forge.read import IssueFacts, has_pull
from app.policy.values import Repo, Sha
from app.runs.engine import Context
from app.sandbox.patches import validate
from app.wiring import Services
from app.workflows.errors import NeedsPersonError
from app.workflows.journalled import carry_out, journalled
from app.workflows.task import Task
from app.workflows.texts import Verification, one_line, render_pull_body
from app.workflows.workshop import Workshop
from app.workflows.writing import Written

_ATTEMPTS = 20


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
    await carry_out(ctx, f"push-{round_}", services.mirrors.push(ctx.run.repo, commit, task.branch, expected))
    return commit


async def open_pull_request(
    ctx: Context, services: Services, task: Task, written: Written, verification: Verification
) -> Pull:
    body = render_pull_body(
        summary=clean_description(written.summary),
        issue=task.issue.number,
        test=task.policy.test,
        verification=verification,
        run_id=ctx.run.id,
    )
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    title = one_line(clean_plain(written.title))
    effect = effects.pull_request(publish, task.branch, task.ground.base_ref, title, body)
    receipt = await carry_out(ctx, "pull-request", effect)
    return Pull(int(str(receipt["number"])), str(receipt["node_id"]))


async def tell_repair(ctx: Context, services: Services, pull: Pull, written: Written, round_: int) -> None:
    """What the description says was true before the repair; this says what has changed since."""
    section = f"### After round {round_} of the council\n\n{clean_description(written.summary).strip()}"
    effect = effects.add_to_pull(services.forge.on(ctx.run.repo, PUBLISH), pull.number, section)
    await carry_out(ctx, f"told-repair-{round_}", effect)


async def free_branch(services: Services, repo: Repo, issue: IssueFacts) -> str:
    """`quorum/issue-N-slug`, with a number behind it while an earlier attempt's branch is still there.

    Raises `NeedsPersonError` when all are taken.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", issue.title.lower()).strip("-")[:40].strip("-")
    name = f"quorum/issue-{issue.number}-{slug or 'change'}"
    for candidate in (name, *(f"{name}-{number}" for number in range(2, _ATTEMPTS + 1))):
        if await services.mirrors.remote_ref(repo, f"refs/heads/{candidate}") is None:
            return candidate
    raise NeedsPersonError(f"There are {_ATTEMPTS} branches named {name} already.", "Delete those that are not wanted.")


async def take_back_branch(ctx: Context, services: Services) -> None:
    """Leave no branch of ours without a pull request. What somebody else pushed or opened one for stays."""
    journal = await ctx.journal()
    if "push-1" not in journal:
        return
    branch, ours = str(journal["branch"].value), {journal[name].value for name in journal if name.startswith("commit-")}
    if await services.mirrors.remote_ref(ctx.run.repo, f"refs/heads/{branch}") not in ours:
        return
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    if not await journalled(ctx, "cleanup.has-pull", bool, lambda: has_pull(publish, branch)):
        await carry_out(ctx, "cleanup.branch", effects.delete_branch(publish, branch))


def render_message(written: Written, run_id: str, asker: str) -> str:
    """The commit's message: what the agent said, then trailers that name the run and who asked."""
    body = clean_plain(written.summary).strip()
    return f"{one_line(clean_plain(written.title))}\n\n{body}\n\nQuorum-Run: {run_id}\nRequested-by: {asker}\n"
