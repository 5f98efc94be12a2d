"""How far the work on an issue is: six stages, in the order in which they are reached. Pure."""

from dataclasses import dataclass, replace
from typing import Literal

Item = Literal["understood", "planned", "written", "tests", "council", "ready"]

_ORDER: tuple[Item, ...] = ("understood", "planned", "written", "tests", "council", "ready")
_NAMES: dict[Item, str] = {
    "understood": "Understand what is wanted",
    "planned": "Plan it",
    "written": "Write it",
    "tests": "Show that it works",
    "council": "Hear the council",
    "ready": "Hand it over",
}
_MOST_NOTES = 12
"""Of one stage; what happens more often is told by its last ones."""


@dataclass(frozen=True)
class Checklist:
    """`now`: the stage under way, None when all are done. `notes`: what is to be said of each, in its order."""

    now: Item | None = "understood"
    notes: tuple[tuple[Item, str], ...] = ()

    def noted(self, text: str) -> "Checklist":
        """With a word on the stage that is under way, or on the last one."""
        return replace(self, notes=(*self.notes, (self.now or _ORDER[-1], text)))

    def reached(self, item: Item, text: str = "") -> "Checklist":
        """With a stage done, and all before it. What was reached before stays reached."""
        notes = (*self.notes, (item, text)) if text else self.notes
        position = _ORDER.index(item) + 1
        if self.now is None or position <= _ORDER.index(self.now):
            return replace(self, notes=notes)
        return Checklist(_ORDER[position] if position < len(_ORDER) else None, notes)

    @property
    def headline(self) -> str:
        """In one line, without what was noted."""
        if self.now is None:
            return "Done"
        return f"{_NAMES[self.now]} ({_ORDER.index(self.now) + 1} of {len(_ORDER)})"

    def render(self) -> str:
        """As a list of tasks: what is done, what is under way, what comes next.

        https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/about-task-lists
        """
        under_way = len(_ORDER) if self.now is None else _ORDER.index(self.now)
        lines: list[str] = []
        for position, item in enumerate(_ORDER):
            name = _NAMES[item]
            if position == under_way:
                name = f"**{name}**: under way"
            elif position == under_way + 1:
                name = f"{name} (next)"
            lines.append(f"- [{'x' if position < under_way else ' '}] {name}")
            notes = [text for of, text in self.notes if of == item]
            lines += [f"  - {text}" for text in notes[-_MOST_NOTES:]]
        return "\n".join(lines)
