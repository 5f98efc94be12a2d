"""What a rule applies to: conditions on the change, its author and its place, as the policy file writes them."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from app.policy.checks import is_ours
from app.policy.kinds import Kind
from app.policy.paths import MAX_GLOB_CHARS, glob_problem
from app.policy.patterns import pattern_problem
from app.policy.wrong import wrong
from app.policy.yaml_tree import shown

Level = Literal["low", "medium", "high"]
Permission = Literal["none", "read", "triage", "write", "maintain", "admin"]
PERMISSIONS: tuple[Permission, ...] = ("none", "read", "triage", "write", "maintain", "admin")
"""From the least to the most: https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization"""
Conclusion = Literal[
    "success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required", "stale", "running"
]
_MAX_DEPTH = 5
LOGIN = r"^@?[A-Za-z0-9](?:[A-Za-z0-9-]{0,60})(?:\[bot\])?$"
TEAM = r"^@[A-Za-z0-9][A-Za-z0-9-]{0,60}/[a-z0-9][a-z0-9_-]{0,98}$"
_Model = TypeVar("_Model", bound=BaseModel)


def _sound_glob(value: str) -> str:
    problem = "takes files back, which is for `set_aside` only" if value.startswith("!") else glob_problem(value)
    if problem:
        raise wrong(f"`{shown(value)}` {problem}", "Name folders or endings, such as `migrations/**`.")
    return value


def _sound_pattern(value: str) -> str:
    problem = pattern_problem(value)
    if problem:
        raise wrong(f"`{shown(value)}` {problem}", "See https://github.com/google/re2/wiki/Syntax.")
    return value


def _sound_login(value: object) -> object:
    if isinstance(value, str) and not re.match(LOGIN, value):
        raise wrong(f"`{shown(value)}` is no login", "Write it as on GitHub, such as `@octocat`.")
    return value


def _sound_team(value: object) -> object:
    if isinstance(value, str) and not re.match(TEAM, value):
        raise wrong(f"`{shown(value)}` is no team", "Write `@organization/team`, the team as in its address on GitHub.")
    return value


def sound_check(value: str) -> str:
    """Refuse our own checks, which say what the gate decided, or what it counts by itself."""
    if is_ours(value):
        remedy = "Ask for reviews by `perspectives`; name checks of others only."
        raise wrong(f"`{shown(value)}` is a check of ours, so the gate would wait for itself", remedy)
    return value


Glob = Annotated[str, Field(min_length=1, max_length=MAX_GLOB_CHARS), AfterValidator(_sound_glob)]
Globs = Annotated[tuple[Glob, ...], Field(min_length=1, max_length=100)]
Pattern = Annotated[str, AfterValidator(_sound_pattern)]
Texts = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field(min_length=1, max_length=50)]
Login = Annotated[str, Field(pattern=LOGIN), BeforeValidator(_sound_login)]
Team = Annotated[str, Field(pattern=TEAM), BeforeValidator(_sound_team)]
"""What is wrong with either is told in words; the patterns are for the schema."""


class Author(BaseModel):
    """Who opened the pull request. Every key that is given must hold; `users` and `teams` name any of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    users: Annotated[tuple[Login, ...], Field(min_length=1, max_length=50)] | None = None
    teams: Annotated[tuple[Team, ...], Field(min_length=1, max_length=15)] | None = None
    permission: Permission | None = Field(default=None, description="At least this permission, now.")
    bot: bool | None = Field(default=None, strict=True)
    first_time: bool | None = Field(default=None, strict=True, description="Nothing of theirs was merged here before.")

    @model_validator(mode="after")
    def _says_something(self) -> "Author":
        return _must_say(self, "`author` has no keys", "Name `users`, `teams`, `permission`, `bot` or `first_time`.")


class Condition(BaseModel):
    """Every key that is given must hold. A file that was renamed counts under both of its names."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)

    paths: Globs | None = Field(default=None, description="A changed file matches one of these globs.")
    only_paths: Globs | None = Field(default=None, description="Every changed file matches one of these globs.")
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)] | None = Field(
        default=None, description="A changed file is of one of these kinds."
    )
    only_kinds: Annotated[tuple[Kind, ...], Field(min_length=1)] | None = Field(
        default=None, description="Every changed file is of these kinds and no other."
    )
    lines: Pattern | None = Field(default=None, description="An added or removed line holds this RE2 pattern.")
    only_lines: Pattern | None = Field(default=None, description="Every added or removed line holds this RE2 pattern.")
    whitespace_only: bool | None = Field(default=None, strict=True, description="Nothing but white space changed.")
    unreviewed_code: bool | None = Field(
        default=None,
        strict=True,
        description="Code that can run was set aside as generated or vendored, and not by this policy.",
    )
    lines_over: int | None = Field(default=None, ge=0, strict=True, description="More lines added and removed.")
    files_over: int | None = Field(default=None, ge=0, strict=True, description="More files changed.")
    labels: Texts | None = Field(default=None, description="It has one of these labels; case does not count.")
    author: Author | None = None
    base: Globs | None = Field(default=None, description="The base branch matches one of these globs.")
    title: Pattern | None = Field(default=None, description="The title holds this RE2 pattern.")
    risk: Level | None = Field(default=None, description="The risk is at least this.")
    signed: bool | None = Field(default=None, strict=True, description="Every commit's signature is verified.")
    checks: (
        Annotated[Mapping[Annotated[str, AfterValidator(sound_check)], Conclusion], Field(min_length=1, max_length=20)]
        | None
    ) = Field(default=None, description="Checks by name, and how each must have ended.")
    all_of: "Annotated[tuple[Condition, ...], Field(min_length=1, max_length=20)] | None" = Field(
        default=None, alias="and", description="All of these hold."
    )
    any_of: "Annotated[tuple[Condition, ...], Field(min_length=1, max_length=20)] | None" = Field(
        default=None, alias="or", description="One of these holds."
    )
    none_of: "Condition | None" = Field(default=None, alias="not", description="This does not hold.")

    @model_validator(mode="after")
    def _says_something(self) -> "Condition":
        if _depth(self) > _MAX_DEPTH:
            raise wrong(f"conditions are nested more than {_MAX_DEPTH} deep", "Write two rules.")
        return _must_say(self, "the condition is empty", "Name a key, or leave it out: then it always applies.")


def _must_say(model: _Model, message: str, remedy: str) -> _Model:
    """A key without a value says nothing: `not: {paths: }` would be a rule that never applies."""
    if all(getattr(model, key) is None for key in model.model_fields_set):
        raise wrong(message, remedy)
    return model


def _depth(condition: Condition) -> int:
    inside = [*(condition.all_of or ()), *(condition.any_of or ())]
    inside += [condition.none_of] if condition.none_of is not None else []
    return 1 + max((_depth(each) for each in inside), default=0)
