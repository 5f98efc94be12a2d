"""A coverage report, whichever of three formats it is in: which lines of which files were run. Pure.

What a test command leaves behind is as trustworthy as the change itself: bytes of a stranger.
"""

from app.sandbox.coverage.cobertura import read_cobertura
from app.sandbox.coverage.coverage_json import read_coverage_json
from app.sandbox.coverage.lcov import read_lcov
from app.sandbox.coverage.lines import LinesRun
from app.sandbox.errors import ReportError

_BOM = b"\xef\xbb\xbf"


def read_coverage(content: bytes) -> LinesRun:
    """By the path that the report gives. Which format it is, the content says. Raises `ReportError`."""
    content = content.removeprefix(_BOM).lstrip()
    if content.startswith(b"<"):
        return read_cobertura(content)
    if content.startswith(b"{"):
        return read_coverage_json(content)
    if b"\nSF:" in b"\n" + content:
        return read_lcov(content)
    raise ReportError("it is none of lcov, Cobertura XML and the JSON of coverage.py")
