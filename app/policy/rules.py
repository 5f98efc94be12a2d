"""A rule of a policy: what it applies to, what it requires then, and on which terms."""

import difflib
import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    model_validator,
)

from app.policy.conditions import LOGIN, TEAM, Condition, Login, Team, sound_check
from app.policy.wrong import wrong
from app.policy.yaml_tree import shown

VETO = "security"
"""The perspective that is always asked, always required and never overridden."""
PERSPECTIVES = (VETO, "performance", "architecture", "testing", "documentation")
"""Who is asked when a policy does not say."""
KNOWN = (*PERSPECTIVES, "infrastructure", "database", "api", "dependencies")
"""Every perspective that there is without a project's own."""
OWN_FOLDER = ".github/quorum/perspectives"
"""Where a project keeps its own: a file NAME.md each."""
_NAME = r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$"

CarryOver = Literal["exact", "same_tree", "same_diff", "same_diff_and_message"]
"""What must be the same for an approval of an earlier head to count: the commit itself; every file of base and head;
the change, put onto another base and nothing else; that and every commit message."""

Role = Literal["write", "maintain", "admin"]


def _sound_who(value: object) -> object:
    if isinstance(value, str) and not re.match(LOGIN, value) and not re.match(TEAM, value):
        remedy = "Write `write`, `maintain` or `admin`, a team as `@organization/team`, or a person as `@login`."
        raise wrong(f"`{shown(value)}` is neither a role nor a team nor a person", remedy)
    return value


Who = Annotated[Role | Team | Login, Field(union_mode="left_to_right"), BeforeValidator(_sound_who)]
"""Somebody with at least this permission, or a member of a team (`@org/team`), or a person (`@login`)."""
Whoever = Annotated[tuple[Who, ...], Field(min_length=1, max_length=20)]


def sound_names(value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """Refuse names that appear twice or stand for nobody: their review would be waited for for ever.

    The validation's context may name the project's own perspectives, as `own`.
    """
    known = tuple(dict.fromkeys((*KNOWN, *(each.name for each in (info.context or {}).get("own", ())))))
    for index, name in enumerate(value):
        if name in value[:index]:
            raise wrong(f"`{name}` is there twice", "Keep one of them.", index)
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            file = f"One of your own needs a file `{OWN_FOLDER}/NAME.md`."
            remedy = f"Did you mean `{close[0]}`?" if close else f"There are {', '.join(known)}. {file}"
            raise wrong(f"there is no perspective `{name}`", remedy, index)
    return value


Name = Annotated[
    str,
    Field(pattern=_NAME, json_schema_extra={"anyOf": [{"enum": list(KNOWN)}, {"pattern": _NAME}]}),
]
"""The schema names ours, so that editors complete them; the message for one that there is not is ours."""
Names = Annotated[tuple[Name, ...], Field(min_length=1, max_length=20), AfterValidator(sound_names)]


_Check = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(sound_check)]
_APP = r"^[a-z0-9][a-z0-9-]{0,99}$"


def _sound_app(value: object) -> object:
    if isinstance(value, str) and not re.match(_APP, value):
        raise wrong(f"`{shown(value)}` is no App", "Write it as in its address, such as `github-actions`.")
    return value


_RULE_NAME = r"^[A-Za-z0-9][A-Za-z0-9 .,:()/_-]{0,79}$"


def _sound_rule_name(value: object) -> object:
    if isinstance(value, str) and not re.match(_RULE_NAME, value):
        remedy = "Write up to 80 letters, digits, blanks and `. , : ( ) / _ -`, a letter or digit first."
        raise wrong(f"`{shown(value)}` is no name for a rule", remedy)
    return value


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class SomeOf(_Part):
    """So many of these perspectives."""

    count: int = Field(ge=1, le=20, strict=True)
    of: Names

    @model_validator(mode="after")
    def _can_be_met(self) -> "SomeOf":
        if self.count > len(self.of):
            raise wrong(f"{self.count} of {len(self.of)} can never be met", "Lower `count`, or name more of them.")
        return self


class People(_Part):
    """Approving reviews by people, the author and who wrote the commits left out."""

    count: int = Field(default=1, ge=1, le=20, strict=True)
    who: Whoever = ("write",)


class CheckOf(_Part):
    """A check of one App: a status, or another App's check of that name, does not count."""

    name: _Check
    app: Annotated[str, BeforeValidator(_sound_app)] = Field(
        pattern=_APP, description="As in its address: github.com/apps/APP."
    )


def _is_of_an_app(value: object) -> str:
    return "app" if isinstance(value, dict | CheckOf) else "name"


_OtherCheck = Annotated[Annotated[_Check, Tag("name")] | Annotated[CheckOf, Tag("app")], Discriminator(_is_of_an_app)]


class Requires(_Part):
    """What must be there for the rule to be satisfied: every key that is given."""

    perspectives: Names | None = Field(default=None, description="Each of these approves.")
    some_of: SomeOf | None = Field(default=None, description="So many of these approve.")
    people: People | None = Field(default=None, description="Approving reviews by people.")
    codeowners: bool = Field(default=False, strict=True, description="An owner approves, for each file that has any.")
    checks: Annotated[tuple[_OtherCheck, ...], Field(max_length=20)] = Field(
        default=(), description="These checks or statuses ended with success on the head."
    )
    tests: bool = Field(default=False, strict=True, description="The policy's test command passed on this head.")
    min_confidence: float | None = Field(default=None, ge=0, le=1, strict=True, description="Of each approval.")
    other_family: bool = Field(
        default=False, strict=True, description="Approvals come from another model family than the author's."
    )
    max_age_hours: int | None = Field(default=None, ge=1, le=24 * 365, strict=True, description="Of each approval.")

    @model_validator(mode="after")
    def _says_something(self) -> "Requires":
        parts = (self.perspectives, self.some_of, self.people, self.codeowners, self.checks, self.tests, self.tightens)
        if not any(parts):
            raise wrong("the rule requires nothing", "Name what it requires, such as `perspectives: [security]`.")
        return self

    @property
    def tightens(self) -> bool:
        """Whether it asks more of approvals than that they are there."""
        return self.min_confidence is not None or self.max_age_hours is not None or self.other_family


class Override(_Part):
    """Who may put their own word in the place of an approval that is missing, with a reason."""

    by: Whoever = ("maintain",)
    author: bool = Field(default=False, strict=True, description="Whether the pull request's author may.")
    outage: bool = Field(
        default=False, strict=True, description="Whether it may stand in for a veto's review that could not be made."
    )


class Rule(_Part):
    """Without `applies_to` it always applies. A rule can only ask for more: none takes away what another asks for."""

    name: Annotated[str, BeforeValidator(_sound_rule_name)] = Field(
        pattern=_RULE_NAME, description="How it is called in the check."
    )
    applies_to: Condition | None = None
    requires: Requires
    override: Override | Literal[False] | None = Field(default=None, description="Instead of the policy's own.")
    carry_over: CarryOver | None = Field(default=None, description="Instead of the policy's own.")
    veto: bool = Field(default=False, strict=True, description="Its perspectives cannot be overridden.")
