"""A team's policy: `.github/quorum.yml` on the base branch, read into values that cannot be wrong."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from app.policy.analyzers import Analyzers
from app.policy.documents import parse_document
from app.policy.environments import Environment, check_environments
from app.policy.instructions import PathInstructions
from app.policy.marking import LabelsKey
from app.policy.merging import Automerge
from app.policy.own import OwnFile, OwnPerspective, is_own, mark_later, parse_own
from app.policy.paths import MAX_GLOB_CHARS, glob_problem
from app.policy.preparing import Command, Commands
from app.policy.rules import PERSPECTIVES, VETO, CarryOver, Names, Override, Rule
from app.policy.values import Json, MicroUsd
from app.policy.watching import WatchDefault
from app.policy.wrong import wrong
from app.policy.yaml_tree import shown

POLICY_PATH = ".github/quorum.yml"
MAX_RULES = 500


def _number(value: object) -> object:
    """Text and truth values are no numbers, though pydantic would take them for `Decimal`."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticCustomError("number", "it should be a number", {"remedy": "Write it without quotes."})
    return value


def _listed(value: object) -> str:
    return "word" if isinstance(value, str) else "names"


All = Literal["all"]


class Policy(BaseModel):
    """What a team asks for before a pull request may be merged. Every key has a default; unknown ones are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, title="Quorum policy")

    perspectives: Names = Field(
        default=PERSPECTIVES,
        description="Who reviews each pull request. Without it others as well, where their own files say they apply.",
        examples=[["security", "testing"]],
    )
    required: Annotated[Annotated[All, Tag("word")] | Annotated[Names, Tag("names")], Discriminator(_listed)] = Field(
        default="all", description="Whose approvals the gate waits for: `all`, or names.", examples=["all"]
    )
    test: Command | None = Field(
        default=None, description="The command that runs the tests, in the sandbox.", examples=["pytest -q"]
    )
    setup: Commands = Field(
        default=None,
        description=(
            "Commands that install what the tests need, on the base branch, before anything else is run; `false`: "
            "none. Default: what the project's files tell."
        ),
        examples=[["npm ci"]],
    )
    coverage: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None,
        description="The coverage report that `test` leaves behind: lcov, Cobertura XML or coverage.py's JSON.",
        examples=["coverage.xml"],
    )
    budget_usd: Annotated[Decimal, BeforeValidator(_number, json_schema_input_type=float)] = Field(
        default=Decimal("5.00"),
        gt=0,
        le=1000,
        decimal_places=6,
        description="US dollars a run may cost, its parts included.",
        examples=[5],
    )
    max_minutes: int = Field(
        default=120,
        ge=1,
        le=24 * 60,
        strict=True,
        description="Minutes of work that a change may take, with planning and tests; waiting is not counted.",
        examples=[120],
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
    path_instructions: PathInstructions = Field(
        default=(),
        description="What reviewers are told besides where certain files change.",
        examples=[[{"paths": ["migrations/**"], "instructions": "Each needs a way back."}]],
    )
    analyzers: Analyzers | None = Field(
        default=None,
        description="Programs that look at changed files, by name or as commands; `[]`: none. Default: all there are.",
        examples=[["ruff", "bandit"]],
    )
    environments: Annotated[Mapping[str, Environment], Field(max_length=50)] = Field(
        default_factory=dict,
        description="What may be deployed where: rules by the name of an environment, or a glob.",
        examples=[{"prod": {"after": ["staging"]}}],
    )
    carry_over: CarryOver = Field(
        default="same_diff",
        description="What must be the same for an approval of an earlier head to count.",
        examples=["same_diff"],
    )
    strict: bool = Field(
        default=False, strict=True, description="The head must hold the base branch's newest commit.", examples=[True]
    )
    max_age_hours: int | None = Field(
        default=None, ge=1, le=24 * 365, strict=True, description="Older approvals do not count.", examples=[720]
    )
    override: Override | Literal[False] = Field(
        default=Override(), description="Who may override; `false`: nobody.", examples=[{"by": ["admin"]}]
    )
    vetoes: Names = Field(
        default=(VETO,), description="Perspectives whose refusal nobody overrides.", examples=[["security"]]
    )
    autonomy: int = Field(
        default=2,
        ge=1,
        le=5,
        strict=True,
        description=(
            "At 1 nothing is built without `@quorum go`; up to 2 a person approves each change of Quorum's own, at 3 "
            "only what is not of low risk."
        ),
        examples=[2],
    )
    split: Literal["ask", "always", "never"] = Field(
        default="ask",
        description=(
            "Whether a large issue becomes sub-issues that are built side by side; `ask`: below autonomy 3 after "
            "`@quorum go`."
        ),
        examples=["ask"],
    )
    watch_default: WatchDefault | Literal[False] = Field(
        default=False,
        description="What a check that fails on the default branch becomes; `false`: nothing.",
        examples=[{"issue": True}],
    )
    automerge: Automerge | None = Field(
        default=None, description="Merge when the gate is green.", examples=[{"method": "squash"}]
    )
    labels: LabelsKey = Field(
        default=False,
        description="Show by labels how a pull request stands and how risky it is; `true`: both.",
        examples=[True],
    )
    rules: Annotated[tuple[Rule, ...], Field(max_length=MAX_RULES)] = Field(
        default=(),
        description="What is asked for besides.",
        examples=[[{"name": "Migrations", "applies_to": {"paths": ["migrations/**"]}, "requires": {"people": {}}}]],
    )

    _own: tuple[OwnPerspective, ...] = PrivateAttr(default=())
    """No key of the file: perspectives that stand in files of their own beside it."""

    def model_post_init(self, context: Any, /) -> None:
        if context:
            self._own = tuple(context.get("own", ()))

    @field_validator("perspectives", "vetoes", mode="after")
    @classmethod
    def _veto_is_among_them(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if VETO not in value:
            raise wrong(f"`{VETO}` is missing; it cannot be left out", f"Add `{VETO}` to the list.")
        return value

    @field_validator("required", mode="after")
    @classmethod
    def _required_are_asked(cls, value: All | tuple[str, ...], info: ValidationInfo) -> All | tuple[str, ...]:
        if value == "all":
            return value
        asked = info.data.get("perspectives", value)
        for index, name in enumerate(value):
            if name not in asked:
                raise wrong(f"`{name}` is required but not among `perspectives`", f"Add `{name}` there.", index)
        if VETO not in value:
            raise wrong(f"`{VETO}` is missing; it is always required", f"Add `{VETO}` to the list.")
        return value

    @field_validator("coverage", mode="after")
    @classmethod
    def _coverage_is_a_file(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and (not value.isprintable() or {"", ".", ".."} & set(value.split("/"))):
            raise wrong(f"`{shown(value)}` is no path within the repository", "Write it like `build/coverage.xml`.")
        if value is not None and info.data.get("test") is None:
            raise wrong("there is a `coverage` report, but no `test` command to write it", "Add `test: …`.")
        return value

    @field_validator("set_aside", mode="after")
    @classmethod
    def _globs_are_bounded(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for index, glob in enumerate(value):
            problem = glob_problem(glob)
            if problem:
                raise wrong(f"`{shown(glob)}` {problem}", "Name folders or endings, such as `docs/api/**`.", index)
        return value

    @field_validator("rules", mode="after")
    @classmethod
    def _rules_can_be_told_apart(cls, value: tuple[Rule, ...], info: ValidationInfo) -> tuple[Rule, ...]:
        names: set[str] = set()
        for index, rule in enumerate(value):
            if rule.name.casefold() in names:
                raise wrong(f"there are two rules named `{rule.name}`", "Give each a name of its own.", index)
            if rule.requires.tests and info.data.get("test") is None:
                raise wrong(f"`{rule.name}` requires tests, but there is no `test` command", "Add `test: …`.", index)
            names.add(rule.name.casefold())
        return value

    @field_validator("environments", mode="after")
    @classmethod
    def _environments_have_an_order(cls, value: Mapping[str, Environment]) -> Mapping[str, Environment]:
        check_environments(value)
        return value

    @property
    def own(self) -> tuple[OwnPerspective, ...]:
        """The project's own perspectives, and what it adds to ours."""
        return self._own

    @property
    def names_perspectives(self) -> bool:
        """Whether it says itself who reviews; else others are asked as well, see `app.policy.by_default`."""
        return "perspectives" in self.model_fields_set

    @property
    def required_perspectives(self) -> tuple[str, ...]:
        """Names in the order in which they are listed; security is always among them."""
        names = self.perspectives if self.required == "all" else self.required
        return names if VETO in names else (VETO, *names)

    @property
    def budget(self) -> MicroUsd:
        return MicroUsd(int(self.budget_usd * 1_000_000))

    @property
    def max_seconds(self) -> float:
        return 60.0 * self.max_minutes


def parse_policy(text: str, own: Sequence[OwnFile] = (), begun: Sequence[OwnPerspective] | None = None) -> Policy:
    """Read a policy file and the project's own perspectives. An empty one gives the defaults.

    `begun`: those that are in force already, where `own` is only proposed. Raises `PolicyError` for the first fault.
    """
    return _parsed(text, tuple(own), None if begun is None else tuple(begun))


@lru_cache(maxsize=32)
def _parsed(text: str, own: tuple[OwnFile, ...], begun: tuple[OwnPerspective, ...] | None) -> Policy:
    """Kept: each decision asks for the same few files several times, and reading one takes milliseconds."""
    perspectives = parse_own(own)
    if begun is not None:
        perspectives = mark_later(perspectives, begun)
    return parse_document(Policy, text, "docs/policy.md", {"own": perspectives})


def makes_policy(paths: Iterable[str]) -> bool:
    """Whether one of these files is the policy's, or one of the perspectives that belong to it."""
    return any(path == POLICY_PATH or is_own(path) for path in paths)


def policy_schema() -> Json:
    """The JSON Schema of the file, for editors."""
    schema = Policy.model_json_schema(mode="validation")
    return cast("Json", {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
