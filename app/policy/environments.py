"""What a team asks for before a commit may go into an environment: the key `environments` of the policy file.

Names of environments know no case and have at most 255 characters:
https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments
"""

import fnmatch
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from app.policy.paths import MAX_GLOB_CHARS
from app.policy.wrong import wrong
from app.policy.yaml_tree import shown

MAX_NAME_CHARS = 255
_MONTH_MINUTES = 30 * 24 * 60
"""GitHub lets a deployment that nobody answered fail after thirty days."""
_WILD = re.compile(r"[*?\[]")

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS)]
Glob = Annotated[str, Field(min_length=1, max_length=MAX_GLOB_CHARS)]


class Environment(BaseModel):
    """The rules of one environment, beside the one that always holds: all of it was approved by the gate."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Environment")

    after: Annotated[tuple[Name, ...], Field(max_length=6)] = Field(
        default=(), description="Environments that must have had the commit first.", examples=[["staging"]]
    )
    soak_minutes: int = Field(
        default=0,
        ge=0,
        le=_MONTH_MINUTES,
        strict=True,
        description="How long it must have stood there, in minutes.",
        examples=[60],
    )
    security: bool = Field(
        default=True, strict=True, description="Whether the security perspective must have approved.", examples=["true"]
    )
    branches: Annotated[tuple[Glob, ...], Field(max_length=20)] = Field(
        default=(),
        description="Globs of branches that the commit must be on, `*` within one step; none: the default branch.",
        examples=[["main", "release/*"]],
    )
    migrations: Literal["reversible", "any"] = Field(
        default="any", description="`reversible`: each migration on the way needs a way back.", examples=["reversible"]
    )
    max_age_hours: int | None = Field(
        default=None, ge=1, le=24 * 366, strict=True, description="How old an approval may be.", examples=[168]
    )

    @field_validator("after", mode="after")
    @classmethod
    def _after_are_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for index, name in enumerate(value):
            if _WILD.search(name):
                raise wrong(f"`{shown(name)}` is a glob", "Name each environment that must come first.", index)
            if name.casefold() in {each.casefold() for each in value[:index]}:
                raise wrong(f"`{shown(name)}` is there twice", "Keep one of them.", index)
        return value

    @field_validator("branches", mode="after")
    @classmethod
    def _branches_can_match(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for index, glob in enumerate(value):
            if "" in glob.split("/") or "\\" in glob or not glob.isprintable() or " " in glob:
                remedy = "Write it as in `release/*`, without `refs/heads/`."
                raise wrong(f"`{shown(glob)}` is the name of no branch", remedy, index)
        return value

    @model_validator(mode="after")
    def _soaking_has_a_beginning(self) -> "Environment":
        if self.soak_minutes and not self.after:
            raise wrong("`soak_minutes` needs `after`: it counts from the success there", "Add `after: [staging]`.")
        return self


def check_environments(environments: Mapping[str, Environment]) -> None:
    """Raises an error that names the key at fault: names that mean the same, and orders that never begin."""
    known: dict[str, str] = {}
    for name, environment in environments.items():
        folded = name.casefold()
        if not name.strip() or len(name) > MAX_NAME_CHARS or not name.isprintable():
            raise wrong(f"`{shown(name)}` is the name of no environment", "Name one, or a glob as `prod-*`.", name)
        if folded in known:
            raise wrong(f"`{shown(name)}` is there twice: names know no case", "Keep one of them.", name)
        if folded in {each.casefold() for each in environment.after}:
            raise wrong(f"`{shown(name)}` comes after itself", "Take it off its own `after`.", name)
        known[folded] = name
    for name in environments:
        if _follows(name.casefold(), name.casefold(), environments, frozenset()):
            remedy = "Take one of them off an `after`: nothing could be deployed first."
            raise wrong(f"`{shown(name)}` comes after one that comes after it", remedy, name)


def environment_for(name: str, environments: Mapping[str, Environment]) -> Environment | None:
    """The rules for an environment: those under its very name, else those of the first glob that it matches."""
    folded = name.casefold()
    for key, environment in environments.items():
        if key.casefold() == folded:
            return environment
    return next((each for key, each in environments.items() if _pattern(key.casefold()).match(folded)), None)


def matches_branch(glob: str, branch: str) -> bool:
    """Whether a glob means a branch. A `*` does not cross a `/`; `**` alone means every branch.

    As GitHub's own: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/managing-a-branch-protection-rule
    """
    if glob == "**":
        return True
    steps, parts = glob.split("/"), branch.split("/")
    return len(steps) == len(parts) and all(_pattern(step).match(part) for step, part in zip(steps, parts, strict=True))


def _follows(name: str, wanted: str, environments: Mapping[str, Environment], seen: frozenset[str]) -> bool:
    """Whether `wanted` comes before `name`, at some remove. Only keys that are names are followed."""
    environment = next((each for key, each in environments.items() if key.casefold() == name), None)
    before = {each.casefold() for each in environment.after} - seen if environment else set()
    return wanted in before or any(_follows(each, wanted, environments, seen | before) for each in before)


@lru_cache(maxsize=256)
def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(glob), re.DOTALL)
