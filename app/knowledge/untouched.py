"""Files that a change leaves as they are, whole, where the rest of the project is small.

Each turn has the whole change read once more, so that what most readers look up had better stand there from the start.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

from app.knowledge.around import whole
from app.knowledge.blobs import find_blobs, read_blobs
from app.policy.paths import why_set_aside

_MOST_BYTES = 3_000
"""Of all these files together. Of a larger project readers look up what they need: see docs/evaluation.md."""
_MOST_FILES = 30


async def read_untouched(mirror: Path, head: str, paths: Sequence[str], changed: Collection[str]) -> str:
    """Those of the files `paths` that are not `changed`, with numbered lines; empty if they are more than a few.

    Lock files, generated ones and what is no text count, and are not shown.
    """
    others = [path for path in paths if path not in changed and path.isprintable()]
    if not 0 < len(others) <= _MOST_FILES:
        return ""
    if sum(blob.size for blob in (await find_blobs(mirror, head, others)).values()) > _MOST_BYTES:
        return ""
    wanted = [path for path in others if why_set_aside(path) is None]
    sources = await read_blobs(mirror, head, wanted, most_each=_MOST_BYTES, most_together=_MOST_BYTES)
    shown = {path: whole(source, frozenset()) for path, source in sources.items()}
    return "\n\n".join(f"{path}\n{text}" for path, text in shown.items() if text)
