"""What a project asks of its reviewers where certain files change: the key `path_instructions` of the policy."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.policy.conditions import Globs
from app.policy.rules import Names
from app.policy.wrong import wrong

MAX_INSTRUCTIONS = 50
MAX_CHARS = 2000


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


PathInstructions = Annotated[tuple[PathInstruction, ...], Field(max_length=MAX_INSTRUCTIONS)]
