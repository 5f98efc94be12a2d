"""Specialists are data: Markdown with front matter, which says what draws them and what they add to a writer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from app.agents.roles import RoleError
from app.policy.kinds import Kind
from app.policy.specialists import Draw

_FRAME = (
    "For this task you have a specialist's experience. What follows adds to how you work; your rules stay as they are, "
    "and so does what the issue asks for."
)


class SpecialistMatter(BaseModel):
    """The front matter. `measures`: what it does must be measured before and after."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    words: tuple[str, ...]
    labels: tuple[str, ...]
    kinds: tuple[Kind, ...]
    paths: tuple[str, ...]
    measures: bool = False


@dataclass(frozen=True)
class Specialist:
    about: SpecialistMatter
    prompt: str

    @property
    def draw(self) -> Draw:
        about = self.about
        return Draw(about.name, about.words, about.labels, about.kinds, about.paths)


@lru_cache
def load_specialists() -> dict[str, Specialist]:
    """All that are shipped, by name. Raises `RoleError` for one that cannot be used."""
    folder = files("app.agents") / "roles" / "specialists"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".md"))
    read = [parse_specialist((folder / name).read_text(encoding="utf-8"), name) for name in names]
    return {each.about.name: each for each in read}


def parse_specialist(text: str, place: str) -> Specialist:
    """Front matter between two lines of `---`, then the words. Raises `RoleError`, which names `place`."""
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip() or not parts[2].strip():  # noqa: PLR2004 - nothing, the matter, the words
        raise RoleError(f"{place}: it must begin with front matter between two lines of `---`, then what it adds")
    try:
        about = SpecialistMatter.model_validate(yaml.safe_load(parts[1]))
    except (yaml.YAMLError, ValidationError) as error:
        raise RoleError(f"{place}: its front matter cannot be used: {error}") from error
    if f"{about.name}.md" != place:
        raise RoleError(f"{place}: it calls itself {about.name!r}; the file's name must be the same")
    return Specialist(about, parts[2].strip())


def what_they_add(names: Sequence[str]) -> str:
    """For the writer's task; empty without any. A name that this version no longer has adds nothing."""
    known = load_specialists()
    told = [known[name].prompt for name in names if name in known]
    return "\n\n".join([_FRAME, *told]) if told else ""


def must_measure(names: Sequence[str]) -> bool:
    """Whether one of them takes nothing that was not measured."""
    known = load_specialists()
    return any(known[name].about.measures for name in names if name in known)
