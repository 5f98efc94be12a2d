"""Roles and perspectives are data: Markdown with front matter, shipped in the package."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.policy.conditions import Globs
from app.policy.reads import MOST, Reads


class RoleError(Exception):
    """A role's file cannot be used; the message names the file and the fault."""


class FrontMatter(BaseModel):
    """What a role declares. No role may have all three of untrusted input, secrets and outward effect:
    https://ai.meta.com/blog/practical-ai-agent-security.

    `applies_to`, of a perspective: globs of files of which it is asked where the policy does not say whom to ask. One
    without it is for every change, or for those of which a rule asks it. `app.policy.by_default` makes rules of it.
    `reads`, of a perspective: what its reader may look at beyond what all are shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    title: str
    untrusted_input: bool
    secrets: bool
    outward_effect: bool
    max_turns: int = Field(ge=1, le=200)
    reads: Reads = MOST
    applies_to: Annotated[Globs | None, Field(strict=False)] = None

    @model_validator(mode="after")
    def _at_most_two(self) -> "FrontMatter":
        if self.untrusted_input and self.secrets and self.outward_effect:
            raise ValueError("no role may have all of untrusted input, secrets and outward effect")
        return self


@dataclass(frozen=True)
class Role:
    about: FrontMatter
    prompt: str


@lru_cache
def load_role(kind: Literal["roles", "perspectives"], name: str) -> Role:
    """Raises `KeyError` when the package has no such file, `RoleError` when it cannot be used."""
    place = files("app.agents") / kind / f"{name}.md"
    if not name.replace("-", "").isalnum() or not place.is_file():
        raise KeyError(f"there is no {kind.removesuffix('s')} {name!r}")
    role = parse_role(place.read_text(encoding="utf-8"), f"{kind}/{name}.md")
    if role.about.name != name:
        raise RoleError(f"{kind}/{name}.md: it calls itself {role.about.name!r}; the file's name must be the same")
    return role


def parse_role(text: str, place: str) -> Role:
    """Front matter between two lines of `---`, then the prompt. Raises `RoleError`, which names `place`."""
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():  # noqa: PLR2004 - nothing, the front matter, the prompt
        raise RoleError(f"{place}: it must begin with front matter between two lines of `---`")
    try:
        about = FrontMatter.model_validate(yaml.safe_load(parts[1]))
    except (yaml.YAMLError, ValidationError) as error:
        raise RoleError(f"{place}: its front matter cannot be used: {error}") from error
    if not parts[2].strip():
        raise RoleError(f"{place}: there is no prompt after its front matter")
    return Role(about, parts[2].strip())


def names_of(kind: Literal["roles", "perspectives"]) -> list[str]:
    return sorted(
        entry.name.removesuffix(".md") for entry in (files("app.agents") / kind).iterdir() if entry.name.endswith(".md")
    )
