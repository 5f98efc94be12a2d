"""A project's own perspectives: Markdown files in `.github/quorum/perspectives/`, read into values. Pure.

A file says what a reviewer looks for. It has no key for secrets or effects, and can only narrow what is read: all that
is the reviewer's role's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from app.policy.conditions import Globs
from app.policy.documents import parse_document
from app.policy.errors import PolicyError
from app.policy.globs import Paths
from app.policy.reads import MOST, Reads
from app.policy.rules import KNOWN, OWN_FOLDER
from app.policy.wrong import wrong
from app.policy.yaml_tree import shown

MAX_FILES = 20
MAX_FILE_BYTES = 16 * 1024
MAX_TURNS = 30
DEFAULT_TURNS = 15
_NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?")
_RESERVED = frozenset(
    {
        "gate",
        "work",
        "tests",
        "people",
        "all",
        "veto",
        "diff",
        "policy",
        "author",
        "none",
        "again",
        "please",
        "this",
        "it",
    }
)
"""Checks, rules and words of commands that a perspective of that name would be taken for."""
_REASONS = re.compile(r"(?:because|since|as|reason|at)(?:-|\Z)")
"""What begins a reason, or a commit, in a command."""
_KEY = re.compile(r"[0-9a-f]{6,}")
_LEFT_ALONE = frozenset({"README.md", ".gitkeep"})
_SEE = "docs/perspectives.md"
_EXAMPLE = "Begin it with a line `---`, then `name:` and `title:`, then a line `---`, then what to look for."


@dataclass(frozen=True)
class OwnFile:
    """A file of the folder, by its name in it. `fault` and `remedy`: why it is not even text, and what to do.

    With a `fault` and no name it is the folder itself that cannot be read.
    """

    name: str
    text: str = ""
    fault: str = ""
    remedy: str = ""
    folder: str = OWN_FOLDER

    @property
    def shown(self) -> str:
        return f"{self.folder}/{shown(self.name)}"


@dataclass(frozen=True)
class OwnPerspective:
    """`paths`: globs of the files that it is about; None: all. `later`: it begins once the base branch has its file."""

    name: str
    title: str
    words: str
    max_turns: int = DEFAULT_TURNS
    paths: tuple[str, ...] | None = None
    later: bool = False
    reads: Reads = MOST


class _FrontMatter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: Annotated[str, Field(min_length=1, max_length=60)]
    max_turns: int = Field(default=DEFAULT_TURNS, ge=1, le=MAX_TURNS, strict=True)
    paths: Globs | None = None
    reads: Reads = MOST

    @field_validator("name", mode="after")
    @classmethod
    def _name_is_the_files(cls, value: str, info: ValidationInfo) -> str:
        if value != (info.context or {}).get("name"):
            remedy = f"Write `name: {(info.context or {}).get('name')}`, as the file is called."
            raise wrong(f"it calls itself `{shown(value)}`", remedy)
        return value

    @field_validator("reads", mode="after")
    @classmethod
    def _ours_read_what_they_read(cls, value: Reads, info: ValidationInfo) -> Reads:
        name = (info.context or {}).get("name")
        if name in KNOWN and value != MOST:
            raise wrong(f"words on `{name}` take nothing away", "Leave `reads` out.")
        return value

    @field_validator("title", mode="after")
    @classmethod
    def _title_is_a_line(cls, value: str) -> str:
        if not value.strip() or not value.isprintable():
            raise wrong("it is blank or has characters that are not shown", "Write a few words.")
        return value.strip()


def as_text(name: str, content: bytes, folder: str = OWN_FOLDER) -> OwnFile:
    """A file's content, if it is text of a size that can be shown to a reviewer."""
    if len(content) > MAX_FILE_BYTES:
        return too_large(name, folder)
    try:
        return OwnFile(name, content.decode("utf-8"), folder=folder)
    except UnicodeDecodeError as error:
        return OwnFile(name, fault=f"byte {error.start} is not UTF-8", remedy="Save it as UTF-8.", folder=folder)


def too_large(name: str, folder: str = OWN_FOLDER) -> OwnFile:
    fault = f"it is larger than {MAX_FILE_BYTES // 1024} KiB"
    return OwnFile(name, fault=fault, remedy="Shorten it: reviewers read all of it.", folder=folder)


def parse_own(files: Sequence[OwnFile]) -> tuple[OwnPerspective, ...]:
    """All of a folder, by name. Raises `PolicyError`, which names the file, for the first fault."""
    kept = [file for file in sorted(files, key=lambda each: each.name) if file.name not in _LEFT_ALONE]
    if len(kept) > MAX_FILES:
        message = f"there are {len(kept)} files, and {MAX_FILES} are the most"
        raise PolicyError(1, 1, message, "Put together what belongs together.", OWN_FOLDER)
    return tuple(_parse(file) for file in kept)


def fault_in(files: Sequence[OwnFile]) -> str:
    """What is wrong with a folder's files, for who must mend it; empty if nothing is."""
    try:
        parse_own(files)
    except PolicyError as error:
        return str(error)
    return ""


def mark_later(proposed: Sequence[OwnPerspective], begun: Sequence[OwnPerspective]) -> tuple[OwnPerspective, ...]:
    """Those of a pull request's own files; where the base branch knows none of that name, it begins later.

    A perspective whose words come with the change would let the change choose its judge.
    """
    known = {*KNOWN, *(each.name for each in begun)}
    return tuple(replace(each, later=each.name not in known) for each in proposed)


def touches(globs: Sequence[str] | None, paths: Paths) -> bool:
    """Whether any of these paths is meant; None means every path."""
    return globs is None or any(paths.first(glob) or paths.first_folded(glob) for glob in globs)


def is_own(path: str) -> bool:
    """Whether a file of the repository is one of a project's perspectives, or stands in the folder's place."""
    return path == OWN_FOLDER or path.startswith(f"{OWN_FOLDER}/")


def file_at_fault(error: str | None) -> str:
    """The file to correct, from the text of a `PolicyError`; empty: the policy's own.

    A name that could be more than a name is not repeated.
    """
    path = (error or "").partition(", line ")[0]
    if not path.startswith(OWN_FOLDER):
        return ""
    return path if re.fullmatch(rf"{re.escape(OWN_FOLDER)}/[a-z0-9-]{{1,60}}\.md", path) else OWN_FOLDER


def _parse(file: OwnFile) -> OwnPerspective:
    """Raises `PolicyError`."""
    if file.fault and not file.name:
        raise PolicyError(1, 1, file.fault, file.remedy, file.folder)
    name = _name_of(file)
    if file.fault:
        raise PolicyError(1, 1, file.fault, file.remedy, file.shown)
    text = file.text.removeprefix("\ufeff").replace("\r\n", "\n")
    opening, _, rest = text.partition("\n")
    # The empty line before the first key stands for the line `---`, so that lines are counted as in the file.
    front, closing, words = f"\n{rest}".partition("\n---\n")
    if opening.rstrip() != "---" or not closing:
        raise PolicyError(1, 1, "it does not begin with front matter", _EXAMPLE, file.shown)
    try:
        about = parse_document(_FrontMatter, front, _SEE, {"name": name})
    except PolicyError as error:
        raise PolicyError(error.line, error.column, error.message, error.remedy, file.shown) from error
    if not words.strip():
        line = text.count("\n") + 1
        raise PolicyError(line, 1, "it says nothing", "Say below the front matter what to look for.", file.shown)
    return OwnPerspective(name, about.title, words.strip(), about.max_turns, about.paths, reads=about.reads)


def _name_of(file: OwnFile) -> str:
    """The file's name is the perspective's. Raises `PolicyError`."""
    stem, _, ending = file.name.rpartition(".")
    if ending != "md" or "/" in file.name:
        raise PolicyError(1, 1, "it is no file NAME.md of this folder", "Move it elsewhere, or rename it.", file.shown)
    if not _NAME.fullmatch(stem) or "--" in stem:
        remedy = "Take up to 20 lower-case letters, digits and single `-`, a letter first."
        raise PolicyError(1, 1, f"`{shown(stem)}` cannot be the name of a perspective", remedy, file.shown)
    if stem in _RESERVED or _REASONS.match(stem) or _KEY.fullmatch(stem):
        message = f"`{stem}` would be taken for something else in checks and commands"
        raise PolicyError(1, 1, message, "Take another name.", file.shown)
    return stem
