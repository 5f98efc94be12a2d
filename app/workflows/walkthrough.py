"""A change, told to people: in a sentence; and a large one by groups of files, and by who uses whom. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.agents.hunks import FileDiff
from app.agents.panel import Heard
from app.agents.walk import WHOLE, words_of
from app.policy.finding import Passage
from app.policy.grouping import Group
from app.policy.render import code
from app.workflows.diagram import draw
from app.workflows.texts import brief, count, fence

_WORDS_CHARS = 300


@dataclass(frozen=True)
class Told:
    """What a review keeps of it for the next one."""

    words: Mapping[str, str]
    diagram: str


@dataclass(frozen=True)
class Walkthrough:
    """`groups`: those of a large change. `words`: what a reviewer said, by the name of a group, or of the whole.

    `diagram`: as `diagram.draw` makes it.
    """

    groups: tuple[Group, ...]
    words: Mapping[str, str]
    diagram: str

    def after(self, before: Told | None) -> "Walkthrough":
        """With what was told of an earlier head where nothing was told of this one: nobody read that part again."""
        if before is None:
            return self
        known = {WHOLE, *(each.name for each in self.groups)}
        earlier = {name: said for name, said in before.words.items() if name in known}
        return replace(self, words={**earlier, **self.words}, diagram=self.diagram or before.diagram)


def lead_through(groups: Sequence[Group], heard: Mapping[str, Heard], files: Sequence[FileDiff]) -> Walkthrough:
    """Of a change that is seen at a glance, which has no groups, there is no diagram either."""
    told: list[Passage] = []
    for each in heard.values():
        told += each.opinion.report.walkthrough if each.opinion.report is not None else ()
    diagram = draw((user, file.path) for file in files for user in file.related) if groups else ""
    return Walkthrough(tuple(groups), words_of(told), diagram)


def render_what(walk: Walkthrough | None) -> Iterator[str]:
    """What the change does, in a line."""
    said = brief(walk.words.get(WHOLE, ""), _WORDS_CHARS) if walk is not None else ""
    if said:
        yield f"What it does: {said}"


def render_walkthrough(walk: Walkthrough | None) -> Iterator[str]:
    """Folded, as who knows the change needs it not. Names are counted by us; only the sentences are a model's."""
    if walk is None or not walk.groups:
        return
    parts = ["<details><summary>Walkthrough</summary>", "\n".join(_table(walk))]
    if walk.diagram:
        parts += ["What uses what, of the files that changed (found by name):", fence(walk.diagram, "mermaid")]
    yield "\n\n".join([*parts, "</details>"])


def _table(walk: Walkthrough) -> Iterator[str]:
    yield "| where | lines | what changed |\n|---|---|---|"
    for each in walk.groups:
        # A bar ends a cell whatever is before it, even in code: https://github.github.com/gfm/#example-200.
        said = brief(walk.words.get(each.name, ""), _WORDS_CHARS).replace("|", "&#124;")
        name = code(each.name.replace("|", "?").replace("\\", "?"))
        yield f"| {name}, {count(each.files, 'file')} | +{each.added:,} / -{each.removed:,} | {said} |"
