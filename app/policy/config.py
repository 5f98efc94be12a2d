"""A team's policy: `.github/quorum.yml` on the base branch, read into values that cannot be wrong."""

import difflib
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from app.policy.environments import Environment, check_environments
from app.policy.errors import PolicyError
from app.policy.paths import MAX_GLOB_CHARS, glob_problem
from app.policy.values import Json, MicroUsd
from app.policy.yaml_tree import Tree, read_tree, shown

POLICY_PATH = ".github/quorum.yml"
VETO = "security"
"""The perspective that is always asked and always required."""
PERSPECTIVES = (VETO, "performance", "architecture", "testing", "documentation")
_RESERVED = frozenset({"gate", "all"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _number(value: object) -> object:
    """Text and truth values are no numbers, though pydantic would take them for `Decimal`."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticCustomError("number", "it should be a number", {"remedy": "Write it without quotes."})
    return value


def _names(value: list[str]) -> list[str]:
    """Refuse names that appear twice, are taken, or stand for nobody: their review would be waited for for ever."""
    for index, name in enumerate(value):
        if name in value[:index]:
            raise _wrong(f"`{name}` is there twice", "Keep one of them.", index)
        if name in _RESERVED:
            raise _wrong(f"`{name}` cannot be the name of a perspective", "Choose another name.", index)
        if name not in PERSPECTIVES:
            close = difflib.get_close_matches(name, PERSPECTIVES, n=1, cutoff=0.8)
            remedy = f"Did you mean `{close[0]}`?" if close else f"There are {', '.join(PERSPECTIVES)}."
            raise _wrong(f"there is no perspective `{name}`", remedy, index)
    return value


def _listed(value: object) -> str:
    return "word" if isinstance(value, str) else "names"


Name = Annotated[
    str,
    Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$", json_schema_extra={"enum": list(PERSPECTIVES)}),
]
"""The schema names them, so that editors complete them; the message for a wrong one is ours."""
Names = Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]
All = Literal["all"]


class Policy(BaseModel):
    """What a team asks for before a pull request may be merged. Every key has a default; unknown ones are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, title="Quorum policy")

    perspectives: Names = Field(
        default=PERSPECTIVES, description="Who reviews each pull request.", examples=[["security", "testing"]]
    )
    required: Annotated[Annotated[All, Tag("word")] | Annotated[Names, Tag("names")], Discriminator(_listed)] = Field(
        default="all", description="Whose approvals the gate waits for: `all`, or names.", examples=["all"]
    )
    test: Annotated[str, Field(min_length=1, max_length=2000)] | None = Field(
        default=None, description="The command that runs the tests, in the sandbox.", examples=["pytest -q"]
    )
    budget_usd: Annotated[Decimal, BeforeValidator(_number, json_schema_input_type=float)] = Field(
        default=Decimal("5.00"), gt=0, le=1000, decimal_places=6, description="US dollars a run may cost.", examples=[5]
    )
    max_rounds: int = Field(
        default=3, ge=1, le=5, strict=True, description="Rounds of review and repair of an own change.", examples=[3]
    )
    min_confidence: float = Field(
        default=0.5, ge=0, le=1, strict=True, description="An approval below this does not count.", examples=[0.5]
    )
    set_aside: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=MAX_GLOB_CHARS)], ...], Field(max_length=100)
    ] = Field(
        default=(),
        description="Globs, as in .gitignore, of files not to review, beside generated, vendored and lock files.",
        examples=[["docs/api/**"]],
    )
    environments: Annotated[Mapping[str, Environment], Field(max_length=50)] = Field(
        default_factory=dict,
        description="What may be deployed where: rules by the name of an environment, or a glob.",
        examples=["{prod: {after: [staging]}}"],
    )

    @field_validator("perspectives", mode="after")
    @classmethod
    def _perspectives_are_sound(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _names(list(value))
        if VETO not in value:
            raise _wrong(f"`{VETO}` is missing; it cannot be left out", f"Add `{VETO}` to the list.")
        return value

    @field_validator("required", mode="after")
    @classmethod
    def _required_are_asked(cls, value: All | tuple[str, ...], info: ValidationInfo) -> All | tuple[str, ...]:
        if value == "all":
            return value
        _names(list(value))
        asked = info.data.get("perspectives", value)
        for index, name in enumerate(value):
            if name not in asked:
                raise _wrong(f"`{name}` is required but not among `perspectives`", f"Add `{name}` there.", index)
        if VETO not in value:
            raise _wrong(f"`{VETO}` is missing; it is always required", f"Add `{VETO}` to the list.")
        return value

    @field_validator("test", mode="after")
    @classmethod
    def _test_is_a_command(cls, value: str | None) -> str | None:
        if value is not None and (not value.strip() or _CONTROL.search(value)):
            raise _wrong("it is blank or has control characters", "Write a command, or leave the key out.")
        return value

    @field_validator("set_aside", mode="after")
    @classmethod
    def _globs_are_bounded(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for index, glob in enumerate(value):
            problem = glob_problem(glob)
            if problem:
                raise _wrong(f"`{shown(glob)}` {problem}", "Name folders or endings, such as `docs/api/**`.", index)
        return value

    @field_validator("environments", mode="after")
    @classmethod
    def _environments_have_an_order(cls, value: Mapping[str, Environment]) -> Mapping[str, Environment]:
        check_environments(value)
        return value

    @property
    def required_perspectives(self) -> tuple[str, ...]:
        """Names in the order in which they are listed; security is always among them."""
        names = self.perspectives if self.required == "all" else self.required
        return names if VETO in names else (VETO, *names)

    @property
    def budget(self) -> MicroUsd:
        return MicroUsd(int(self.budget_usd * 1_000_000))


def parse_policy(text: str) -> Policy:
    """Read a policy file. An empty one gives the defaults. Raises `PolicyError` for the first fault, from the top."""
    tree = read_tree(text)
    if tree.value is None:
        return Policy()
    if not isinstance(tree.value, dict):
        place = tree.place(())
        raise PolicyError(place.line, place.column, "the file is not a mapping", "Write `key: value` lines.")
    try:
        return Policy.model_validate(tree.value)
    except ValidationError as error:
        faults = [_fault(details, tree) for details in error.errors(include_url=False, include_input=False)]
        raise min(faults, key=lambda fault: (fault.line, fault.column)) from error


def policy_schema() -> Json:
    """The JSON Schema of the file, for editors."""
    schema = Policy.model_json_schema(mode="validation")
    return cast("Json", {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def perspectives_to_ask(policy: Policy, proposed: Policy | None = None) -> tuple[str, ...]:
    """Who reviews: the base's perspectives, then those that only the pull request's own policy names."""
    return tuple(dict.fromkeys((*policy.perspectives, *(proposed.perspectives if proposed else ()))))


def _fault(details: ErrorDetails, tree: Tree) -> PolicyError:
    path, context = details["loc"], details.get("ctx", {})
    item = context.get("item")
    place = tree.place(path if item is None else (*path, item))
    fields, key = _asked_of(path)
    if details["type"] == "extra_forbidden":
        return PolicyError(place.line, place.column, f"there is no key `{shown(key)}`", _nearest(key, fields))
    remedy = str(context.get("remedy", "")) or _example(key, fields)
    message = (
        (details["msg"][:1].lower() + details["msg"][1:]).replace("tuple", "list").replace("dictionary", "mapping")
    )
    return PolicyError(place.line, place.column, f"`{key}`: {message}", remedy)


def _asked_of(path: tuple[int | str, ...]) -> tuple[Mapping[str, FieldInfo], str]:
    """The fields that a fault lies among, and the key at fault: the policy's own or those of one environment."""
    if path[:1] == ("environments",) and len(path) > 2:  # noqa: PLR2004 - environments, a name, a key
        return Environment.model_fields, str(path[2])
    return Policy.model_fields, str(path[0]) if path else ""


def _nearest(key: str, fields: Mapping[str, FieldInfo]) -> str:
    """Case and dashes are the commonest slips; looking for near words is bounded by the key's length."""
    names = list(fields)
    close = difflib.get_close_matches(key[:40].lower().replace("-", "_"), names, n=1)
    return f"Did you mean `{close[0]}`?" if close else f"Keys are {', '.join(names)}."


def _example(key: str, fields: Mapping[str, FieldInfo]) -> str:
    field = fields.get(key)
    example = field.examples[0] if field is not None and field.examples else None
    if isinstance(example, list):
        return f"For example: `{key}: [{', '.join(str(item) for item in example)}]`."
    return f"For example: `{key}: {example}`."


def _wrong(message: str, remedy: str, item: int | None = None) -> PydanticCustomError:
    """`item`: the index in the list. The message goes in as a value, as its braces would be read as a template."""
    return PydanticCustomError("policy", "{message}", {"message": message, "remedy": remedy, "item": item})
