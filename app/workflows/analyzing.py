"""Letting analyzers look at a change, in the sandbox, as a step."""

from collections.abc import Sequence

from app.forge.git import diff
from app.policy.config import Policy
from app.runs.engine import Context
from app.sandbox.analyzers.alarm import Analysis
from app.sandbox.analyzers.catalog import Analyzer, configured
from app.sandbox.analyzers.run import analyze, can_be_read
from app.sandbox.box import Box
from app.sandbox.diffs import parse_diff
from app.wiring import Services
from app.workflows.change import Change
from app.workflows.journalled import journalled
from app.workflows.workshop import Workshop


async def run_analyzers(
    ctx: Context, services: Services, policy: Policy, change: Change, workshop: Workshop
) -> Analysis:
    """The alarms that the change introduced, told by those that the policy names; looked for once for this run."""
    named = configured(policy.analyzers, services.analyzers)
    return await journalled(ctx, "analyzers", Analysis, lambda: look_at(services.box, named, change, workshop))


async def look_at(box: Box, named: Sequence[Analyzer], change: Change, workshop: Workshop) -> Analysis:
    """As `run_analyzers`, now and not kept.

    `workshop` is at the change's head; it is put back if a command may have written to it.
    """
    patch = await diff(workshop.mirror, change.base, change.head)
    files = [file for file in parse_diff(patch) if file.path not in change.set_aside]
    used = [each for each in named if any(can_be_read(file) and each.looks_at(file.path) for file in files)]
    if not used:
        return Analysis()
    head, before = await workshop.lay_out(), workshop.beside(change.base)
    try:
        base = await before.lay_out() if any(file.old_path is not None for file in files) else None
        return await analyze(box, head, base, files, used)
    finally:
        await before.remove()
        if any(each.own for each in used):
            await workshop.put_back()
