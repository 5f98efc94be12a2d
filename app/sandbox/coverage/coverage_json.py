"""The JSON of coverage.py: https://coverage.readthedocs.io/en/latest/commands/cmd_json.html. Pure.

The first fault ends the reading: all of them together would take hundreds of times the room of the report.
"""

from typing import Annotated, Any

from pydantic import BaseModel, FailFast, Field, ValidationError

from app.sandbox.coverage.lines import LinesRun, begin, note
from app.sandbox.errors import ReportError

_Line = Annotated[int, Field(ge=1, lt=10**9, strict=True)]
_Lines = Annotated[list[_Line], FailFast()]


class _File(BaseModel):
    executed_lines: _Lines
    missing_lines: _Lines


class _Report(BaseModel):
    files: dict[str, Any]


def read_coverage_json(content: bytes) -> LinesRun:
    """Raises `ReportError` for anything else than such a report."""
    found: LinesRun = {}
    try:
        files = _Report.model_validate_json(content).files
    except ValidationError as error:
        raise _unlike(error) from error
    for path, told in files.items():
        try:
            file = _File.model_validate(told)
        except ValidationError as error:
            raise _unlike(error, "files", path) from error
        begin(found, path)
        for line in file.missing_lines:
            note(found, path, line, ran=False)
        for line in file.executed_lines:
            note(found, path, line, ran=True)
    return found


def _unlike(error: ValidationError, *within: str) -> ReportError:
    """On one line, whatever a path says: it is told to people in our name."""
    fault = error.errors()[0]
    where = ".".join(map(str, (*within, *fault["loc"])))
    return ReportError(f"it is not as coverage.py writes it: {where[:200]!r}: {fault['msg'][:200]}")
