"""What stands behind a change and not in its diff: names that it takes away, what was done before."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.agents.belonging import rank
from app.agents.hunks import FileDiff
from app.forge.git import diff
from app.knowledge.histories import find_histories, render_histories
from app.knowledge.removed import Cut, find_removed, render_removed
from app.policy.effort import Effort
from app.sandbox.changed_texts import changed_texts
from app.workflows.change import Change


@dataclass(frozen=True)
class Behind:
    """Facts as texts; they hold strangers' words, and are empty where there is nothing to tell."""

    removed: str = ""
    histories: str = ""


async def look_behind(mirror: Path, change: Change, files: Sequence[FileDiff], effort: Effort) -> Behind:
    """Told by git and by parsers, of what somebody is to read, the riskiest first."""
    ranked = [file.path for file in sorted(files, key=rank)]
    patch = await diff(mirror, change.base, change.head)
    cuts = {cut.now or cut.was: cut for cut in await asyncio.to_thread(_cuts, patch)}
    removed = await find_removed(mirror, change.base, change.head, [cuts[path] for path in ranked if path in cuts])
    riskiest = [path for path in ranked if path.isprintable()][: effort.histories]
    return Behind(render_removed(removed), render_histories(await find_histories(mirror, change.base, riskiest)))


def _cuts(patch: bytes) -> list[Cut]:
    return [
        Cut(
            was=file.was or file.path,
            now=None if file.status == "removed" else file.path,
            lines=tuple((line.number, line.text) for line in file.removed),
        )
        for file in changed_texts(patch)
        if file.status in {"modified", "removed", "renamed"} and file.removed
    ]
