"""What a project asks of its reviewers where certain files change: the key `path_instructions` of the policy."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from app.policy.conditions import Globs
from app.policy.rules import Names
from app.policy.wrong import wrong

MAX_INSTRUCTIONS = 50
MAX_CHARS = 2000
MAX_CHARS_TOGETHER = 20_000
"""A change can touch all of the paths, and each reviewer reads all that is for it."""


class PathInstruction(BaseModel):
    """Words of the project for the reviewers of a change that touches one of these paths."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: Globs = Field(description="Globs, as in .gitignore; a changed file matches one of them.")
    instructions: Annotated[str, Field(min_length=1, max_length=MAX_CHARS)] = Field(
        description="What reviewers are told then."
    )
    perspectives: Names | None = Field(default=None, description="Who is told; without it, everybody who reviews.")

    @field_validator("instructions", mode="after")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise wrong("it is blank", "Write what reviewers should look for.")
        return value.strip()


def _not_too_much(value: tuple[PathInstruction, ...]) -> tuple[PathInstruction, ...]:
    if sum(len(each.instructions) for each in value) > MAX_CHARS_TOGETHER:
        remedy = "Shorten them, or give what belongs to one perspective to it, in a file of its own."
        raise wrong(f"they have more than {MAX_CHARS_TOGETHER} characters together", remedy)
    return value


PathInstructions = Annotated[
    tuple[PathInstruction, ...], Field(max_length=MAX_INSTRUCTIONS), AfterValidator(_not_too_much)
]
