"""What a perspective may read beyond what all reviewers are shown. Pure."""

from typing import Literal

Reads = Literal["diff", "changed_files", "repository"]
_LEVELS: tuple[Reads, ...] = ("diff", "changed_files", "repository")
"""From the least to the most: nothing more; the changed files as a whole; every file at the head."""
MOST: Reads = "repository"


def least(*asked: Reads) -> Reads:
    """What one reader may read who reads for all of these; with none, everything."""
    return min(asked, key=_LEVELS.index, default=MOST)


def why_not(reads: Reads, tool: str, path: str, changed: frozenset[str]) -> str:
    """Why a call is not made, in words for the reader; empty if it may be. `path`: of `read_file`."""
    if reads == MOST or (reads == "changed_files" and tool == "read_file" and path.removeprefix("./") in changed):
        return ""
    if reads == "diff":
        return "Your perspective judges by what you are shown alone: no file is read for it."
    return "Your perspective reads changed files only, each by `read_file` and its path as it stands in the diff."
