"""One file of a change, as every rule that looks at files sees it."""

from dataclasses import dataclass
from typing import Literal

FileStatus = Literal["added", "removed", "modified", "renamed", "copied", "changed"]
"""GitHub's words: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files."""


@dataclass(frozen=True)
class ChangedFile:
    """`was` is the old path of a rename or copy; `added` and `removed` count lines and are 0 for a binary file.

    `submodule` and `symlink`: it is one, before or after the change.
    """

    path: str
    was: str | None
    status: FileStatus
    added: int
    removed: int
    binary: bool
    mode_changed: bool = False
    submodule: bool = False
    symlink: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The paths that are not what they were: both of a rename, but of a copy only the new one."""
        if self.status != "renamed" or self.was is None:
            return (self.path,)
        return tuple(dict.fromkeys((self.was, self.path)))
