"""A diff as reviewers are shown it, and as their findings are held to it."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.agents.anchor import Anchored, Gone, Lines, anchor
from app.agents.belonging import rank
from app.agents.hunks import FileDiff
from app.forge.git import show
from app.knowledge.context import Touched
from app.policy.finding import Finding
from app.sandbox import diffs as sandbox_diffs
from app.sandbox.diffs import SUBMODULE, SYMLINK, Removal
from app.sandbox.filewise import filewise

_OBJECTS = re.compile(rb"^index [0-9a-f]{7,64}\.\.[0-9a-f]{7,64}.*\n", re.MULTILINE)
"""Names of git objects cost tokens and tell a reader nothing."""


def read_diff(diff: bytes, set_aside: Sequence[str]) -> tuple[list[FileDiff], dict[str, Lines]]:
    """Every file that is not set aside, and by path the lines that may be spoken of.

    Where a file became a link, or the other way round, git tells of it twice, as gone and as new: it is one file here,
    since all that follows knows files by their paths.
    """
    aside = frozenset(set_aside)
    texts: dict[str, str] = {}
    lines: dict[str, Lines] = {}
    for raw, file in filewise(diff):
        if file.path not in aside:
            texts[file.path] = texts.get(file.path, "") + _OBJECTS.sub(b"", raw, 1).decode("utf-8", "replace")
            lines[file.path] = Lines(file.added | file.beside_removed, file.shown, _gone(file))
    return [FileDiff(path, text, text.count("\n")) for path, text in texts.items()], lines


def _gone(file: sandbox_diffs.FileDiff) -> tuple[Gone, ...]:
    """Not of a renamed file: where GitHub sees no rename there is no old side, and a comment on it fails the review.

    Nor of a link or a submodule that is gone, which had no lines.
    """
    if file.new_path is None and file.old_mode not in {SYMLINK, SUBMODULE}:
        return tuple(Gone(each.first, 0, _texts(each)) for each in file.removals)
    if file.old_path != file.new_path:
        return ()
    found = []
    for each in file.removals:
        beside = next((line for line in (each.above, each.above + 1) if line in file.shown), None)
        if beside is not None:
            found.append(Gone(each.first, beside, _texts(each)))
    return tuple(found)


def _texts(removal: Removal) -> tuple[str, ...]:
    return tuple(line.decode("utf-8", "replace") for line in removal.lines)


def touched_lines(files: Sequence[FileDiff], lines: Mapping[str, Lines]) -> list[Touched]:
    """What to look around at, the riskiest first."""
    ranked = sorted(files, key=rank)
    return [Touched(each.path, lines[each.path].changed, lines[each.path].shown) for each in ranked]


async def anchor_at(mirror: Path, head: str, touched: Mapping[str, Lines], findings: Sequence[Finding]) -> Anchored:
    """Hold findings to the files at `head`, a commit or tree of `mirror`."""
    wanted = {finding.path for finding in findings} & touched.keys()
    texts = {path: (await show(mirror, head, path) or b"").decode("utf-8", "replace") for path in wanted}
    return anchor(findings, texts, touched)
