"""Merging by itself, by the reviewed head only."""

from app.forge.effects import merge
from app.forge.errors import RefusedError
from app.forge.permissions import PUBLISH
from app.policy.applying import applies
from app.runs.engine import Context
from app.store import audit
from app.store.work import work
from app.wiring import Services
from app.workflows.gathering import Gathered
from app.workflows.journalled import carry_out


async def merge_if_wanted(ctx: Context, services: Services, gathered: Gathered) -> None:
    """Merge what the gate has approved, where the policy in force says so, surely and not only perhaps.

    The head that was reviewed goes along, so that GitHub refuses if anything was pushed in between. A refusal is
    GitHub's last word on this head: what else the branch asks for is missing, and its coming wakes the gate again.
    """
    wanted, pull = gathered.policy.automerge, gathered.pull
    if wanted is None or pull.draft or applies(wanted.applies_to, gathered.facts).holds is not True:
        return
    gh = services.forge.on(ctx.run.repo, PUBLISH)
    subject, detail = f"{ctx.run.repo.full_name}#{pull.number}", {"head": pull.head_sha, "method": wanted.method}
    try:
        await carry_out(ctx, "merge", merge(gh, pull.number, pull.head_sha, wanted.method))
    except RefusedError as error:
        action, reason = "automerge refused", str(error)
    else:
        action, reason = "automerged", ""
    async with work(services.database) as db:
        await audit.append(db, "quorum", action, subject, {**detail, "reason": reason})
