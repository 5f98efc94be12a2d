"""Lines of a work tree's files, for what analyzers say of them."""

from pathlib import Path

from app.sandbox.reading import read_within

_MOST_BYTES = 1024**2


def lines_of(root: Path, path: str) -> list[str]:
    """The lines of a regular file by line feeds; none if it is not there, lies behind a link or has more than 1 MiB."""
    content = read_within(root, path, _MOST_BYTES)
    return [] if content is None else content.decode("utf-8", "replace").split("\n")
