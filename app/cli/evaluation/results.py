"""What a council said of a case and what that cost, kept in a file so that nobody is asked twice."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from app.cli.meter import Spent
from app.policy.proof import Proof, Ran


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(_Strict):
    """A finding, and who said it. `proof`: what was run to show it, with the result `ran`."""

    perspective: str
    severity: str
    category: str
    path: str
    start_line: int
    end_line: int
    claim: str
    proof: Proof | None = None
    ran: Ran | None = None


class Result(_Strict):
    """One case, heard. `published`, `withdrawn` (refuted) and `dropped` (stood nowhere) are findings.

    `only`: whom the evaluation was to ask, `asked`: whom it asked. `silent`: perspectives that gave no usable answer,
    and why. `spent` is by role; `seconds` is from start to end.
    """

    name: str
    digest: str
    model: str
    only: tuple[str, ...]
    asked: tuple[str, ...]
    published: tuple[Said, ...]
    withdrawn: tuple[Said, ...]
    dropped: tuple[Said, ...]
    silent: dict[str, str]
    spent: dict[str, Spent]
    seconds: float


class Results(_Strict):
    results: tuple[Result, ...] = ()


def load_results(file: Path) -> list[Result]:
    """What is kept in the file; nothing if there is none. Raises `ValueError` when it is not ours."""
    if not file.exists():
        return []
    try:
        return list(Results.model_validate_json(file.read_bytes()).results)
    except ValidationError as error:
        told = "holds no results of an evaluation; name another file with --out, or remove it"
        raise ValueError(f"{file} {told}") from error


def save_results(file: Path, results: Iterable[Result]) -> None:
    """Put the file in its place whole: whoever is ended meanwhile leaves the old one."""
    new = file.with_name(f"{file.name}.new")
    new.write_text(Results(results=tuple(results)).model_dump_json(indent=1) + "\n", encoding="utf-8")
    new.replace(file)
