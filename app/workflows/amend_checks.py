"""Repair what checks of others found broken at the head of an own pull request."""

from app.agents.envelope import enclose
from app.agents.tools.handing_in import repair_tool
from app.forge.ci import read_checks, read_evidence
from app.forge.permissions import READ
from app.policy.ci import failing, of_others
from app.policy.values import Sha
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.amended import push_and_tell
from app.workflows.amending import Site, expecting, tell_site, with_tests
from app.workflows.journalled import journalled
from app.workflows.workshop import Workshop
from app.workflows.writing import amend, repaired

_MOST = 5
_TASK = (
    "Checks of the project fail on this change and pass without it. Find the cause and repair it in the change; where "
    "a check itself is wrong, say so in the summary and change nothing of it."
)


async def amend_checks(ctx: Context, services: Services, site: Site, workshop: Workshop) -> Sha | None:
    """Returns the commit that was pushed; None where nothing fails any more.

    Raises `NeedsPersonError` where the agent does not get there.
    """
    told = await journalled(ctx, "evidence", list[tuple[str, str]], lambda: _read_evidence(ctx, services, site))
    if not told:
        return None  # they pass by now, or another run of them has begun
    site, before = await with_tests(ctx, services, site, workshop)
    site = await expecting(site, workshop, "\n".join(text for _, text in told))
    parts = [
        _TASK,
        *(f"A check that fails:\n\n{enclose('check', name)}\n\n{_printed(text)}" for name, text in told),
        *await tell_site(site, workshop, before),
    ]
    value = await amend(
        *(ctx, services, site.task, workshop, before, parts),
        lambda look: repair_tool(look, (), described=bool(site.pull.body)),
        since=workshop.tree,
    )
    return await push_and_tell(ctx, services, site, workshop, before, repaired(value), "After checks that failed")


def _printed(text: str) -> str:
    return enclose("what it printed", text, rendered=False)


async def _read_evidence(ctx: Context, services: Services, site: Site) -> list[tuple[str, str]]:
    """Of those that this run was asked to repair and that still fail; the log is read anew."""
    gh, wanted = services.forge.on(ctx.run.repo, READ), ctx.run.cause.get("checks")
    names = {str(each) for each in wanted} if isinstance(wanted, list) else set()
    here = of_others(await read_checks(gh, site.pull.head_sha), services.forge.app_id)
    found = [each for each in failing(here) if each.name in names]
    return [(each.name, (await read_evidence(gh, each)).printed) for each in found[:_MOST]]
