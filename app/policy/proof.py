"""Showing a fault by running something: what an agent hands in, and what was seen when it was run."""

import hashlib

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_MOST_CHARS = 20_000
_NO_NAMES = frozenset({"", ".", "..", ".git"})


class ProofFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(max_length=200, description="A file that is not there yet, relative to the project's root.")
    text: str = Field(max_length=_MOST_CHARS)

    @field_validator("path", mode="after")
    @classmethod
    def _path_is_within(cls, value: str) -> str:
        if not value.isprintable() or "\\" in value or _NO_NAMES & set(value.casefold().split("/")):
            raise ValueError("it should be a plain path relative to the project's root, without `.` and `..`")
        return value


class Proof(BaseModel):
    """A command that shows the fault, and new files that it needs. It is run on this head and on the code before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str = Field(
        min_length=1,
        max_length=2000,
        pattern=r"^[^\x00]+$",
        description="Run with `sh -c` in the project's root, without network; only /tmp can be written to.",
    )
    expect: str = Field(
        min_length=3,
        max_length=300,
        description="A text of one line that it prints if the fault is there, and does not print otherwise.",
    )
    files: tuple[ProofFile, ...] = Field(default=(), max_length=5)

    @field_validator("expect", mode="after")
    @classmethod
    def _expect_is_one_line(cls, value: str) -> str:
        if "\n" in value.strip() or len(" ".join(value.split())) < 3:  # noqa: PLR2004 - as above, without blanks
            raise ValueError("it should be a text of one line")
        return value

    @model_validator(mode="after")
    def _files_are_small(self) -> "Proof":
        if sum(len(each.text) for each in self.files) > _MOST_CHARS:
            raise ValueError(f"the files have more than {_MOST_CHARS} characters together")
        if len({each.path for each in self.files}) < len(self.files):
            raise ValueError("two files have the same path")
        return self

    @property
    def digest(self) -> str:
        """What knows it again."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def is_seen_in(self, output: str) -> bool:
        """Whether a line of the output holds what is expected, however its blanks are."""
        wanted = " ".join(self.expect.split())
        return any(wanted in " ".join(line.split()) for line in output.split("\n"))


class Ran(BaseModel):
    """What came of it. `why`: what is missing, if it shows nothing. `output` is the end of what the head printed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shown: bool
    why: str = ""
    exit_code: int | None = None
    output: str = ""
