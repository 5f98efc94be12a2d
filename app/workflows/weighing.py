"""How a change is read: what its size, its paths and its lines say of that, and nothing that it says of itself."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.agents.light import Light
from app.agents.pack import ReviewPack, render_parts
from app.agents.walk import Walk
from app.forge.changed import changed_files
from app.forge.git import diff
from app.policy.changed import ChangedFile
from app.policy.effort import EFFORTS, Effort
from app.policy.grouping import Group, groups_of, is_large
from app.policy.pairing import pairs_of
from app.policy.risk import Level, lines_to_read, risk_of
from app.policy.trivial import MOST_FILES, MOST_LINES, why_trivial
from app.sandbox.changed_texts import changed_texts
from app.workflows.change import Change


@dataclass(frozen=True)
class Weight:
    """`trivial`: of what a trivial change consists. `groups`: of a large one, what a reader is led through.

    `level`: its risk.
    """

    effort: Effort
    trivial: str | None = None
    groups: tuple[Group, ...] = ()
    level: Level = "high"

    def walk(self, by: str, *, whole: bool = True) -> Walk | None:
        """What the perspective `by` is asked for beside its review. `whole`: it reads everything."""
        return Walk(by, tuple(each.name for each in self.groups), whole) if whole or self.groups else None


async def weigh(mirror: Path, change: Change) -> Weight:
    """Told by git alone, so that each telling is the same."""
    files = await changed_files(mirror, change.base, change.head)
    groups = groups_of(files) if is_large(files) else ()
    level = risk_of(files).level
    return Weight(EFFORTS[level], await _why_trivial(mirror, change, files), groups, level)


async def _why_trivial(mirror: Path, change: Change, files: Sequence[ChangedFile]) -> str | None:
    if len(files) > MOST_FILES or lines_to_read(files) > MOST_LINES or change.set_aside or change.unreadable:
        return None
    patch = await diff(mirror, change.base, change.head)
    return await asyncio.to_thread(lambda: why_trivial(files, changed_texts(patch)))


def light_reading(weight: Weight, pack: ReviewPack, *, calm: bool = True) -> Light | None:
    """One short reading first, of the diff alone, where the change is trivial and nothing else speaks against it.

    `calm`: no test fails, and no person asked for this review. Nor may an analyzer raise an alarm, or not have looked.
    """
    if weight.trivial is None or not calm or pack.previous or pack.alarms or pack.weakened:
        return None
    packed = render_parts(replace(pack, files=[replace(each, notes=()) for each in pack.files], untouched=""))
    return Light(packed, weight.trivial) if len(packed.parts) == 1 and not packed.unread else None


def shared_readers(
    weight: Weight, pack: ReviewPack, asked: Sequence[str], vetoes: Collection[str], *, calm: bool = True
) -> tuple[tuple[str, str], ...]:
    """Pairs of perspectives that read a small change together, where nothing speaks against it.

    After a round that found something, or where something is weakened, each looks for itself. `calm`: see above.
    """
    if not calm or pack.previous or pack.weakened:
        return ()
    return pairs_of(asked, vetoes, weight.level, sum(len(each.text) for each in pack.files))
