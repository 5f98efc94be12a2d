"""What every reader of a coverage report gives."""

from app.sandbox.errors import ReportError

LinesRun = dict[str, dict[int, bool]]
"""By path, the lines that can be run, counted from 1, and whether they were."""

MOST_FILES = 100_000


def begin(found: LinesRun, path: str) -> None:
    """Add a file. Raises `ReportError` for more than any project has: each costs many times what its name takes."""
    found.setdefault(path, {})
    if len(found) > MOST_FILES:
        raise ReportError(f"it is about more than {MOST_FILES:,} files")


def note(found: LinesRun, path: str, line: int, *, ran: bool) -> None:
    """Add a line. Of several records of one, a line was run if one of them says so."""
    lines = found.setdefault(path, {})
    lines[line] = lines.get(line, False) or ran
