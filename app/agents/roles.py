"""Roles and perspectives are data: Markdown with front matter, shipped in the package."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict


class FrontMatter(BaseModel):
    """What a role declares. No role may have all three of untrusted input, secrets and outward effect."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    untrusted_input: bool
    secrets: bool
    outward_effect: bool
    max_turns: int


@dataclass(frozen=True)
class Role:
    about: FrontMatter
    prompt: str


@lru_cache
def load_role(kind: Literal["roles", "perspectives"], name: str) -> Role:
    """Raises `KeyError` when the package has no such file."""
    place = files("app.agents") / kind / f"{name}.md"
    if not name.replace("-", "").isalnum() or not place.is_file():
        raise KeyError(f"there is no {kind.removesuffix('s')} {name!r}")
    _, head, prompt = place.read_text(encoding="utf-8").split("---\n", 2)
    return Role(FrontMatter.model_validate(yaml.safe_load(head)), prompt.strip())


def names_of(kind: Literal["roles", "perspectives"]) -> list[str]:
    return sorted(
        entry.name.removesuffix(".md") for entry in (files("app.agents") / kind).iterdir() if entry.name.endswith(".md")
    )
