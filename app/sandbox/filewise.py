"""A diff file by file, so that a large one is never held as lines all at once."""

from collections.abc import Iterator

from app.sandbox.diffs import FileDiff, parse_diff

_START = b"\ndiff --git "
"""It starts a file: inside hunks every line has a sign before it."""


def filewise(diff: bytes) -> Iterator[tuple[bytes, FileDiff]]:
    """Each file's bytes, and what they say. Raises `PatchError` as `parse_diff` does."""
    position = 0
    while position < len(diff):
        start = diff.find(_START, position)
        end = len(diff) if start < 0 else start + 1
        raw = diff[position:end]
        (file,) = parse_diff(raw)
        yield raw, file
        position = end
