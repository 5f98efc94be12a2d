"""A case: a pull request that was made to be reviewed, and the faults that were planted in it, if any.

A folder with `case.yaml`, the trees `before/` and `after/`, and perhaps a `proof.py`, `proof.js` or `proof.sh` that
fails on the tree `after` and passes once `repair` was done.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

CASE_FILE = "case.yaml"


class CaseError(ValueError):
    """A case cannot be used; the message names the folder, the fault and what to do."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Spot(_Strict):
    """Whole lines of a file at the head."""

    path: str
    quote: str = Field(min_length=1)


class Defect(Spot):
    """A planted fault: where it stands at the head, and the input that proves it. `perspective`: who should see it.

    `also`: other places where one could rightly say it, such as the caller that hands the wrong value in.
    """

    perspective: str
    category: str
    wrong: str
    input: str
    expected: str
    instead: str
    also: tuple[Spot, ...] = ()


class Repair(_Strict):
    """`old` stands once in the file at the head; put `new` in its place."""

    path: str
    old: str = Field(min_length=1)
    new: str


class CaseFile(_Strict):
    """What `case.yaml` says. A case without defects is clean, and `note` says why what looks wrong is right."""

    title: str
    description: str
    language: str
    defects: tuple[Defect, ...] = ()
    repair: tuple[Repair, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _planted_or_clean(self) -> "CaseFile":
        if not self.defects and not self.note:
            raise ValueError("without `defects` it is clean; then `note` must say why what looks wrong is right")
        return self


@dataclass(frozen=True)
class Place:
    """Lines of a file at the head, both ends included, counted from 1."""

    path: str
    start: int
    end: int


@dataclass(frozen=True)
class PlantedCase:
    """`places`: for each defect, in their order, its own and then the others where it may be said.

    `digest` stands for all that the result depends on.
    """

    name: str
    folder: Path
    about: CaseFile
    places: tuple[tuple[Place, ...], ...]
    digest: str

    @property
    def before(self) -> Path:
        return self.folder / "before"

    @property
    def after(self) -> Path:
        return self.folder / "after"


def read_cases(folders: Sequence[Path]) -> list[PlantedCase]:
    """The cases that these folders are or hold, by name, each once. Raises `CaseError`."""
    found = {folder.resolve(): folder for named in folders for folder in _cases_in(named)}
    return sorted((read_case(folder) for folder in found.values()), key=lambda case: case.name)


def read_case(folder: Path) -> PlantedCase:
    """Raises `CaseError`."""
    file = folder / CASE_FILE
    try:
        about = CaseFile.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise CaseError(f"{file}: it cannot be used: {error}") from error
    places = tuple(tuple(_place(folder, spot) for spot in (defect, *defect.also)) for defect in about.defects)
    whole = folder.resolve()  # git is started elsewhere
    return PlantedCase(whole.name, whole, about, places, _digest(whole))


def _cases_in(named: Path) -> Iterator[Path]:
    if (named / CASE_FILE).is_file():
        yield named
        return
    inside = sorted(file.parent for file in named.glob(f"*/{CASE_FILE}"))
    if not inside:
        raise CaseError(f"{named}: there is no case here; name a folder with {CASE_FILE}, or one of such folders")
    yield from inside


def _place(folder: Path, spot: Spot) -> Place:
    """Where the quote stands. A quote is whole lines; it must stand there once, so that it says where."""
    file = folder / "after" / spot.path
    if not file.is_file():
        raise CaseError(f"{folder / CASE_FILE}: a defect is in {spot.path}, which `after` does not have")
    lines = file.read_text(encoding="utf-8").split("\n")
    quote = spot.quote.strip("\n").split("\n")
    starts = [at for at in range(len(lines) - len(quote) + 1) if lines[at : at + len(quote)] == quote]
    if len(starts) != 1:
        told = f"stands {len(starts)} times in after/{spot.path}; quote whole lines that stand there once"
        raise CaseError(f"{folder / CASE_FILE}: the quote {quote[0]!r} {told}")
    return Place(spot.path, starts[0] + 1, starts[0] + len(quote))


def _digest(folder: Path) -> str:
    told = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        content = file.read_bytes()
        told.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return told.hexdigest()[:16]
