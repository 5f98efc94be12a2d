"""What became of a few lines of one commit in a later one, told by git."""

import re
from pathlib import Path
from typing import Literal

from app.forge.changed import changed_files
from app.gitcmd import GitError, git

Touch = Literal["changed", "beside", "no"]
"""`beside`: the lines stand as they were, and others came in between or next to them."""
_HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+", re.MULTILINE)


async def what_became_of(mirror: Path, old: str, new: str, path: str, lines: tuple[int, int]) -> Touch | None:
    """Of `lines`, both ends included, of a file at `old`; None when git cannot tell, as a commit is gone.

    A file that is gone, or was gone at `old` and is back, has all its lines changed; one that was only renamed has
    none.
    """
    try:
        was = await changed_files(mirror, old, new)
        if any(each.path == path and each.status == "added" for each in was):
            return "changed"
        now = next((each.path for each in was if each.was == path and each.status == "renamed"), path)
        patch = await git(
            *("--literal-pathspecs", "diff-tree", "-r", "-p", "-U0", "-M", "--no-ext-diff", "--no-textconv"),
            *("--no-color", "--end-of-options", old, new, "--", path, now),
            git_dir=mirror,
        )
    except GitError:
        return None
    touches = {_touch(int(start), int(count or 1), lines) for start, count in _HUNK.findall(patch)}
    return next((each for each in ("changed", "beside") if each in touches), "no")


def _touch(start: int, count: int, lines: tuple[int, int]) -> Touch:
    """A hunk that takes no line stands behind its first: https://git-scm.com/docs/diff-format#generate_patch_text_with_p."""
    first, last = lines
    if count == 0:
        return "beside" if first - 1 <= start <= last else "no"
    return "changed" if start <= last and first < start + count else "no"
