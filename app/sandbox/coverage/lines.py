"""What every reader of a coverage report gives."""

LinesRun = dict[str, dict[int, bool]]
"""By path, the lines that can be run, counted from 1, and whether they were."""


def note(found: LinesRun, path: str, line: int, *, ran: bool) -> None:
    """Add a line. Of several records of one, a line was run if one of them says so."""
    lines = found.setdefault(path, {})
    lines[line] = lines.get(line, False) or ran
