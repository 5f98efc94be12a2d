"""Looking up what GitHub knows of the packages that a change brings in, and what a review makes of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.forge.dependency_review import read_packages
from app.forge.git import diff
from app.forge.permissions import READ
from app.policy.dependencies import PERSPECTIVE, Packages, findings_of, may_change_packages, render_packages
from app.policy.finding import Finding
from app.policy.rules import VETO
from app.runs.engine import Context
from app.sandbox.changed_texts import changed_texts
from app.wiring import Services
from app.workflows.change import Change
from app.workflows.journalled import journalled
from app.workflows.workshop import Workshop


@dataclass(frozen=True)
class LookedUp:
    """`told`: for who reviews. `findings`: by perspective, what needs no reader. `unknown`: there is no data."""

    told: str = ""
    findings: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    unknown: bool = False


async def look_up_packages(
    ctx: Context, services: Services, asked: Sequence[str], change: Change, workshop: Workshop
) -> LookedUp:
    """Once for this run, and only where packages may have changed and somebody is asked whom it concerns."""
    if not {PERSPECTIVE, VETO} & set(asked) or not may_change_packages(change.files):
        return LookedUp()
    gh = services.forge.on(ctx.run.repo, READ)
    packages = await journalled(ctx, "packages", Packages, lambda: read_packages(gh, change.base, change.head))
    return await judge_packages(packages, asked, change, workshop.mirror)


async def judge_packages(packages: Packages, asked: Sequence[str], change: Change, mirror: Path) -> LookedUp:
    """What reviewers are told of them, and what needs no reviewer.

    Without the perspective of dependencies it is advice of security's: nobody can override that one, and there may be
    no version yet that mends it.
    """
    speaker = next((name for name in (PERSPECTIVE, VETO) if name in asked), None)
    if speaker is None or packages.changes is None:
        return LookedUp(unknown=packages.changes is None)
    patch = await diff(mirror, change.base, change.head)
    texts = [each for each in await asyncio.to_thread(changed_texts, patch) if each.path not in change.set_aside]
    found = await asyncio.to_thread(findings_of, packages, texts, grave=speaker == PERSPECTIVE)
    return LookedUp(render_packages(packages), {speaker: found} if found else {})
