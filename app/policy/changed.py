"""A changed file, as the policy's conditions see it."""

from dataclasses import dataclass
from typing import Literal

ChangeStatus = Literal["added", "removed", "modified", "renamed", "copied", "changed"]


@dataclass(frozen=True)
class ChangedFile:
    """`was`: the old path of a rename or copy. `added` and `removed` count lines; a binary file has none.

    `usual`: sensitive words that nearly all of the project's names have, so that here they tell nothing.
    """

    path: str
    was: str | None
    status: ChangeStatus
    added: int
    removed: int
    binary: bool
    mode_changed: bool = False
    submodule: bool = False
    symlink: bool = False
    usual: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The path, and the old one of a file that was renamed: a rename takes nothing out of a rule's reach."""
        return (self.path,) if self.status != "renamed" or self.was in {None, self.path} else (self.path, self.was)


def planned_file(path: str) -> ChangedFile:
    """One that a plan names: nothing is known of it but its path."""
    return ChangedFile(path, None, "modified", 0, 0, binary=False)
