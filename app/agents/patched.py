"""A diff as reviewers are shown it, and as their findings are held to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.agents.anchor import Anchored, Lines, anchor
from app.agents.pack import FileDiff
from app.forge.git import show
from app.policy.finding import Finding
from app.sandbox.diffs import parse_diff

_OBJECTS = re.compile(r"^index [0-9a-f]{7,64}\.\.[0-9a-f]{7,64}.*\n", re.MULTILINE)
"""Names of git objects cost tokens and tell a reader nothing."""


@dataclass(frozen=True)
class Patch:
    """One file's part of a diff."""

    path: str
    text: str
    lines: Lines


def split_diff(diff: bytes, set_aside: Sequence[str]) -> list[Patch]:
    """A line that starts with `diff --git` starts a file: inside hunks every line has a sign before it."""
    texts = diff.split(b"\ndiff --git ")
    texts = [text if number == 0 else b"diff --git " + text for number, text in enumerate(texts)] if diff else []
    files = zip(texts, parse_diff(diff), strict=True)
    return [
        Patch(
            file.path,
            text.decode("utf-8", "replace") + "\n",
            Lines(file.added | file.beside_removed, file.shown),
        )
        for text, file in files
        if file.path not in set_aside
    ]


def shown_files(patches: Sequence[Patch]) -> list[FileDiff]:
    """The patches as they go into the pack."""
    return [FileDiff(each.path, _OBJECTS.sub("", each.text, 1), each.text.count("\n")) for each in patches]


async def anchor_at(mirror: Path, head: str, patches: Sequence[Patch], findings: Sequence[Finding]) -> Anchored:
    """Hold findings to the files at `head`, a commit or tree of `mirror`."""
    touched = {each.path: each.lines for each in patches}
    wanted = {finding.path for finding in findings} & touched.keys()
    texts = {path: (await show(mirror, head, path) or b"").decode("utf-8", "replace") for path in wanted}
    return anchor(findings, texts, touched)
