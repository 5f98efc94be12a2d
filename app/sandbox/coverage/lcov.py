"""lcov's `.info`: https://manpages.debian.org/unstable/lcov/geninfo.1.en.html#TRACEFILE_FORMAT. Pure."""

import re

from app.sandbox.coverage.lines import LinesRun, begin, note
from app.sandbox.errors import ReportError

_DATA = re.compile(r"DA:(\d{1,9}),(-?\d{1,20})(?:,.*)?")


def read_lcov(content: bytes) -> LinesRun:
    """Records of branches and functions are left aside. Raises `ReportError` for a line of data that is none."""
    found: LinesRun = {}
    path = ""
    for number, raw in enumerate(content.decode("utf-8", "replace").split("\n"), start=1):
        line = raw.strip()
        if line.startswith("SF:"):
            path = line.removeprefix("SF:")
            begin(found, path)
        elif line == "end_of_record":
            path = ""
        elif line.startswith("DA:"):
            data = _DATA.fullmatch(line)
            if data is None or not path:
                raise ReportError(f"its line {number} is no `DA:LINE,COUNT` of a file")
            note(found, path, int(data[1]), ran=int(data[2]) > 0)
    return found
