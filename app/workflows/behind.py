"""What stands behind a change and not in its diff: names that go, what was done before, what files there are."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.agents.belonging import rank
from app.agents.hunks import FileDiff
from app.forge.git import diff, list_files
from app.knowledge.histories import find_histories, render_histories
from app.knowledge.nearby import render_files
from app.knowledge.old_values import find_old_values, render_old_values
from app.knowledge.removed import Cut, find_removed, render_removed
from app.knowledge.untouched import read_untouched
from app.policy.changed_text import ChangedText
from app.policy.effort import Effort
from app.policy.replaced import replaced_values
from app.sandbox.changed_texts import changed_texts
from app.workflows.change import Change


@dataclass(frozen=True)
class Behind:
    """Facts as texts; they hold strangers' words, and are empty where there is nothing to tell."""

    removed: str = ""
    histories: str = ""
    old_values: str = ""
    files: str = ""
    untouched: str = ""


async def look_behind(mirror: Path, change: Change, files: Sequence[FileDiff], effort: Effort) -> Behind:
    """Told by git and by parsers, of what somebody is to read, the riskiest first."""
    ranked = [file.path for file in sorted(files, key=rank)]
    patch = await diff(mirror, change.base, change.head)
    texts = {each.path: each for each in await asyncio.to_thread(changed_texts, patch)}
    shown = [texts[path] for path in ranked if path in texts]
    cuts = {cut.now or cut.was: cut for cut in _cuts(shown)}
    removed = await find_removed(mirror, change.base, change.head, [cuts[path] for path in ranked if path in cuts])
    riskiest = [path for path in ranked if path.isprintable()][: effort.histories]
    histories = render_histories(await find_histories(mirror, change.base, riskiest))
    old_values = await find_old_values(mirror, change.head, replaced_values(shown))
    paths = await list_files(mirror, change.head)
    untouched = await read_untouched(mirror, change.head, paths, frozenset(change.files))
    there = render_files(paths, ranked)
    return Behind(render_removed(removed), histories, render_old_values(old_values), there, untouched)


def _cuts(texts: Sequence[ChangedText]) -> list[Cut]:
    return [
        Cut(
            was=file.was or file.path,
            now=None if file.status == "removed" else file.path,
            lines=tuple((line.number, line.text) for line in file.removed),
        )
        for file in texts
        if file.status in {"modified", "removed", "renamed"} and file.removed
    ]
