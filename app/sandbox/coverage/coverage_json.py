"""The JSON of coverage.py: https://coverage.readthedocs.io/en/latest/commands/cmd_json.html. Pure."""

from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from app.sandbox.coverage.lines import LinesRun, note
from app.sandbox.errors import ReportError

_Line = Annotated[int, Field(ge=1, lt=10**9, strict=True)]


class _File(BaseModel):
    executed_lines: list[_Line]
    missing_lines: list[_Line]


class _Report(BaseModel):
    files: dict[str, _File]


def read_coverage_json(content: bytes) -> LinesRun:
    """Raises `ReportError` for anything else than such a report."""
    try:
        report = _Report.model_validate_json(content)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise ReportError(f"it is not as coverage.py writes it: {where[:200]}: {fault['msg'][:200]}") from error
    found: LinesRun = {path: {} for path in report.files}
    for path, file in report.files.items():
        for line in file.missing_lines:
            note(found, path, line, ran=False)
        for line in file.executed_lines:
            note(found, path, line, ran=True)
    return found
