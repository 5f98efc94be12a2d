"""What is left to do when an own pull request is merged or closed."""

from app.forge import effects
from app.forge.permissions import PUBLISH, READ
from app.forge.read import PullFacts, has_open_pull_into
from app.runs.engine import Context
from app.store.tended import OVER
from app.wiring import Services
from app.workflows.journalled import carry_out, journalled


async def tidy_up(ctx: Context, services: Services, pull: PullFacts, *, known: bool) -> None:
    """Delete the branch of what was merged, if GitHub has not; what was closed unmerged stays for who takes it up.

    Not a branch that moved on, that another pull request goes into, or that nobody remembers as made here (`known`).
    https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-the-automatic-deletion-of-branches
    """
    if await journalled(ctx, OVER, bool, lambda: _is_done_with(ctx, services, pull, known=known)):
        gh = services.forge.on(ctx.run.repo, PUBLISH)
        await carry_out(ctx, "branch-gone", effects.delete_branch(gh, pull.head_ref))


async def _is_done_with(ctx: Context, services: Services, pull: PullFacts, *, known: bool) -> bool:
    if pull.state != "merged" or not known:
        return False
    there = await services.mirrors.remote_ref(ctx.run.repo, f"refs/heads/{pull.head_ref}")
    read = services.forge.on(ctx.run.repo, READ)
    return there == pull.head_sha and not await has_open_pull_into(read, pull.head_ref)
