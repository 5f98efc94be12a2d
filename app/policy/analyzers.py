"""The key `analyzers` of a policy: which programs look at changed files before the reviewers do."""

import difflib
import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator

from app.policy.conditions import Glob
from app.policy.wrong import wrong
from app.policy.yaml_tree import shown

ANALYZERS = ("ruff", "bandit", "detect-secrets", "zizmor", "yamllint", "shellcheck", "hadolint", "actionlint", "eslint")
"""Those that Quorum knows how to call and to read."""
_NAME = r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _known(value: str) -> str:
    if value not in ANALYZERS:
        close = difflib.get_close_matches(value[:40].lower(), ANALYZERS, n=1, cutoff=0.7)
        remedy = f"Did you mean `{close[0]}`?" if close else f"There are {', '.join(ANALYZERS)}."
        raise wrong(f"there is no analyzer `{shown(value)}`", f"{remedy} For another give `name` and `command`.")
    return value


def _sound_name(value: str) -> str:
    if not re.match(_NAME, value):
        raise wrong(f"`{shown(value)}` is no name for an analyzer", "Write up to 40 of `a-z`, `0-9` and `-`.")
    return value


def _sound_place(value: str) -> str:
    parts = value.split("/")
    if not value.isprintable() or "\\" in value or {"", ".", ".."} & set(parts):
        raise wrong(f"`{shown(value)}` is no place in the work tree", "Write a path as `build/report.sarif`.")
    return value


class OwnAnalyzer(BaseModel):
    """A command of the project's own that tells of faults as SARIF 2.1.0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, AfterValidator(_sound_name)]
    command: str = Field(
        min_length=1, max_length=2000, description='Run by `sh -c`, in the sandbox; `"$@"` are the changed files.'
    )
    files: Annotated[tuple[Glob, ...], Field(max_length=100)] = Field(
        default=(), description="Globs of the files that it looks at; none: all."
    )
    sarif: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_sound_place)] | None = Field(
        default=None, description="The file that it writes; without it, it prints."
    )

    @field_validator("command", mode="after")
    @classmethod
    def _is_a_command(cls, value: str) -> str:
        if not value.strip() or _CONTROL.search(value):
            raise wrong("it is blank or has control characters", "Write a command.")
        return value


def _is_own(value: object) -> str:
    return "own" if isinstance(value, dict | OwnAnalyzer) else "known"


def sound_analyzers(value: Sequence[str | OwnAnalyzer]) -> Sequence[str | OwnAnalyzer]:
    """Refuse names that appear twice: alarms are told by name."""
    names: set[str] = set()
    for index, each in enumerate(value):
        name = each if isinstance(each, str) else each.name
        if name in names:
            raise wrong(f"there are two analyzers named `{name}`", "Keep one of them, or rename one.", index)
        names.add(name)
    return value


_Known = Annotated[str, Field(json_schema_extra={"enum": list(ANALYZERS)}), AfterValidator(_known)]
_Each = Annotated[Annotated[_Known, Tag("known")] | Annotated[OwnAnalyzer, Tag("own")], Discriminator(_is_own)]
Analyzers = Annotated[tuple[_Each, ...], Field(max_length=20), AfterValidator(sound_analyzers)]
