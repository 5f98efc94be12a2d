"""What was done to a file before: a place that was often mended is one to look at twice.

Where faults were mended is where the next ones are found: https://doi.org/10.1109/TSE.2005.49.
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.gitcmd import GitError, git_at_most

_LOOKED_AT = 30
"""Commits of a file, the newest."""
_FEWEST, _TOLD = 2, 4
_SUBJECT_CHARS = 100
_OFTEN, _SHARE = 4, 3
"""So many commits that mend, and at least one of three."""
_MOST_BYTES = 200_000
_TIMEOUT_S = 10.0
_MENDS = re.compile(r"\b(?:fix(?:e[sd])?|bug(?:fix)?|hotfix|regression|repair(?:s|ed)?|mend(?:s|ed)?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class History:
    """`subjects`: of the newest commits, strangers' words. `mends`: of `commits`, those that mend something."""

    path: str
    subjects: tuple[str, ...]
    mends: int
    commits: int

    @property
    def is_often_mended(self) -> bool:
        return self.mends >= _OFTEN and self.mends * _SHARE >= self.commits


async def find_histories(mirror: Path, base: str, paths: Sequence[str]) -> list[History]:
    """In the order of `paths`, as the commits up to `base` tell it; files without a past are left out.

    The commit that brought a file, alone, tells nothing of it.
    """
    found = await asyncio.gather(*(_history(mirror, base, path) for path in paths))
    return [each for each in found if each is not None]


def render_histories(histories: Iterable[History]) -> str:
    """Facts for reviewers; empty if there are none."""
    return "\n".join(_render(each) for each in histories)


def _render(history: History) -> str:
    told = f"; {history.mends} of its last {history.commits} commits mended something: look twice"
    subjects = "\n".join(f"  {subject}" for subject in history.subjects)
    return f"- {history.path}{told if history.is_often_mended else ''}\n{subjects}"


async def _history(mirror: Path, base: str, path: str) -> History | None:
    """None as well where git takes too long over it: a review does not wait for this."""
    command = (
        "log",
        "--format=%s",
        f"--max-count={_LOOKED_AT}",
        "--no-merges",
        "--no-color",
        base,
        "--",
        f":(literal){path}",
    )
    try:
        out, _ = await git_at_most(_MOST_BYTES, *command, git_dir=mirror, timeout_s=_TIMEOUT_S)
    except (GitError, TimeoutError):
        return None
    subjects = [" ".join(line.split()) for line in out.decode("utf-8", "replace").split("\n") if line.strip()]
    if len(subjects) < _FEWEST:
        return None
    mends = sum(bool(_MENDS.search(subject)) for subject in subjects)
    return History(path, tuple(each[:_SUBJECT_CHARS] for each in subjects[:_TOLD]), mends, len(subjects))
