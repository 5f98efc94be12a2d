"""What a planner hands in and how a voter judges it. Model replies are parsed into these and into nothing else."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Level = Literal["low", "medium", "high"]
LEVELS: tuple[Level, ...] = ("low", "medium", "high")
MAX_PARTS = 10
Letter = Literal["A", "B"]
LETTERS: tuple[Letter, ...] = ("A", "B")

_Line = Annotated[str, Field(min_length=1, max_length=500)]
_Path = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^/\x00-\x1f`][^\x00-\x1f`]*$")]


class Part(BaseModel):
    """A piece of a large issue that somebody could build and have merged by itself.

    `depends_on`: the numbers of the parts that must be there before, counted from 1; only earlier ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=5, max_length=120)
    body: str = Field(
        min_length=20, max_length=4000, description="What must hold when it is done, and how it is tested."
    )
    files: tuple[_Path, ...] = Field(default=(), max_length=40)
    depends_on: tuple[int, ...] = Field(default=(), max_length=MAX_PARTS)


class Plan(BaseModel):
    """How an issue is to be solved. `lines`: how many lines the change will add or remove, tests included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: str = Field(min_length=20, max_length=1500, description="What is done, and why this way.")
    steps: tuple[_Line, ...] = Field(
        min_length=1, max_length=12, description="In their order, a sentence each, of at most 500 characters."
    )
    files: tuple[_Path, ...] = Field(min_length=1, max_length=40, description="To be changed or made, by path.")
    risk: Level = Field(description="What can break for those who use the project now.")
    risk_reason: str = Field(min_length=5, max_length=500)
    lines: int = Field(ge=1, le=100_000, description="Lines that are added or removed, tests included.")
    tested: str = Field(min_length=5, max_length=800, description="Which tests show that it is right.")
    left_out: str = Field(default="", max_length=800, description="What is deliberately not done; empty: nothing.")
    parts: tuple[Part, ...] = Field(
        default=(), max_length=MAX_PARTS, description="Only for what is too large for one pull request; else empty."
    )

    @field_validator("parts", mode="after")
    @classmethod
    def _one_part_is_none(cls, value: tuple[Part, ...]) -> tuple[Part, ...]:
        return value if len(value) > 1 else ()

    @model_validator(mode="after")
    def _parts_have_an_order(self) -> "Plan":
        for number, part in enumerate(self.parts, start=1):
            if any(not 1 <= each < number for each in part.depends_on):
                raise ValueError(f"part {number} depends on {list(part.depends_on)}; name earlier parts only")
        return self


class Vote(BaseModel):
    """Give your vote for one of the two plans.

    `objection`: what must be heeded if it is built; `for_both`: what must be whichever is built; empty: nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    plan: Letter
    reason: str = Field(min_length=5, max_length=600)
    objection: str = Field(default="", max_length=600)
    for_both: str = Field(default="", max_length=600)
