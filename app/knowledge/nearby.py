"""Which files there are, for who reads a change: all of a small project, else those beside what changed. Pure."""

from collections.abc import Iterable, Sequence
from posixpath import dirname

_MOST = 150
_MOST_CHARACTERS = 6_000


def render_files(paths: Sequence[str], changed: Iterable[str]) -> str:
    """A line a file, in the order of `paths`; of a large project those at its top and in the folders of `changed`."""
    folders = {"", *(dirname(path) for path in changed)}
    printable = [path for path in paths if path.isprintable()]
    shown = printable if _fits(printable) else _first([path for path in printable if dirname(path) in folders])
    more = [f"(of {len(paths)} files; `list_files` tells the others)"] if len(shown) < len(paths) else []
    return "\n".join([*shown, *more])


def _fits(paths: Sequence[str]) -> bool:
    return len(paths) <= _MOST and sum(len(path) + 1 for path in paths) <= _MOST_CHARACTERS


def _first(paths: Sequence[str]) -> list[str]:
    room, taken = _MOST_CHARACTERS, []
    for path in paths[:_MOST]:
        room -= len(path) + 1
        if room < 0:
            break
        taken.append(path)
    return taken
