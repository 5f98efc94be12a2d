"""What those are shown who read on, beside what is shown to those who read everything."""

from dataclasses import replace
from pathlib import Path

from app.agents.before import Before, marks, render_own_words
from app.agents.pack import Packed, ReviewPack, render_parts
from app.agents.patched import read_diff
from app.forge.git import diff
from app.workflows.increments import Plan
from app.workflows.readings import Increment


async def pack_increments(mirror: Path, packed: Packed, pack: ReviewPack, plan: Plan) -> Packed:
    """The same pack for all, and beside it what those read who read on; if that has no room, they read everything."""
    if packed.unread:
        return packed
    made: dict[tuple[str, str, tuple[str, ...]], Packed] = {}
    by_name: dict[str, Packed] = {}
    words = {name: _words(each) for name, each in plan.increments.items()}
    for name, each in plan.increments.items():
        key = (each.whole.base_sha, each.whole.head_sha, each.paths)
        if key not in made:
            made[key] = replace(render_parts(await _pack(mirror, pack, each)), words=words)
        if not made[key].unread:
            by_name[name] = made[key]
    return replace(packed, increments=by_name)


def _words(each: Increment) -> str:
    stand, anew = ([said.finding for said in found] for found in (each.stand, each.anew))
    return render_own_words(each.last.outcome, each.last.summary, stand, anew)


async def _pack(mirror: Path, pack: ReviewPack, increment: Increment) -> ReviewPack:
    whole, paths = increment.whole, frozenset(increment.paths)
    old, _ = read_diff(await diff(mirror, whole.base_sha, whole.head_sha), ())
    shown = [file for file in pack.files if file.path not in paths]
    told = marks(old, shown, frozenset(increment.belonging))
    return replace(pack, before=Before(whole.head_sha, paths, told))
