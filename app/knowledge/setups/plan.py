"""The commands that set a project up, and what they were told by."""

import re
from dataclasses import dataclass

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?")


@dataclass(frozen=True)
class Setup:
    """`commands` are for a shell, one after the other; none: nothing has to be installed.

    `why` says what they were told by, `left_out` what else stands there and is not run, each with its reason.
    `files`: paths on whose content it depends what the commands install.
    """

    commands: tuple[str, ...] = ()
    why: str = ""
    left_out: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A command of ours, and the file that speaks for it."""

    command: str
    file: str


def plain(name: object) -> bool:
    """Whether it can stand in a command as it is: the name of an extra or a group, and no option of a program."""
    return isinstance(name, str) and _PLAIN.fullmatch(name) is not None
