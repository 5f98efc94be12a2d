"""A pull request's description after an amendment: what was done, and how the change was verified then.

Another run wrote what stands there, so that it goes to the end, and says that it is newer.
"""

from dataclasses import replace

from app.policy.values import Sha
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.amending import Site, push_on_top
from app.workflows.errors import NeedsPersonError
from app.workflows.objecting import look_outside
from app.workflows.publishing import Pull, tell_repair
from app.workflows.pull_text import render_amendment, render_since
from app.workflows.testing import Tests
from app.workflows.verifying import Verification, verify
from app.workflows.workshop import Workshop
from app.workflows.writing import TAKE_OVER, Written

_AGENT = "amend"
"""What the names of its steps begin with."""
_ITS_TESTS = "This is commit {}; its own tests were tried on {}, the head before it: below that is the old code."


async def push_and_tell(
    ctx: Context, services: Services, site: Site, workshop: Workshop, before: Tests, written: Written, heading: str
) -> Sha:
    """Push the work on top of the head, and tell of it. Raises `NeedsPersonError` for what may not be pushed."""
    parent = site.pull.head_sha
    verified = await verify_on(ctx, services, site, workshop, before, parent)
    head = await push_on_top(ctx, services, site, workshop, written)
    outside = await look_outside(workshop.mirror, site.task, site.start.base, workshop.tree)
    tried = "\n\n".join([_ITS_TESTS.format(head[:12], parent[:12]), *outside])
    await tell_amendment(ctx, services, site, written, verified, heading, tried)
    return head


async def verify_on(
    ctx: Context, services: Services, site: Site, workshop: Workshop, before: Tests, old: Sha
) -> Verification:
    """What the tests say of the work, with its own tried on `old`. Raises `NeedsPersonError` where one fails by it."""
    task = replace(site.task, ground=replace(site.task.ground, base_sha=old))
    try:
        return await verify(ctx, services, task, workshop, before)
    except NeedsPersonError as error:
        raise NeedsPersonError(error.reason, TAKE_OVER) from error


async def tell_amendment(
    ctx: Context,
    services: Services,
    site: Site,
    written: Written,
    verified: Verification,
    heading: str,
    tried: str,
) -> None:
    """`tried`: the commit, and on what its tests were tried."""
    section = render_since(site.task, written, verified, render_amendment(heading, written, tried))
    await tell_repair(ctx, services, Pull(site.pull.number, site.pull.node_id), section, _AGENT)
