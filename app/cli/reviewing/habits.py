"""What somebody's git configuration says about files, and nothing of it that could start a program."""

import os
from collections.abc import Mapping
from pathlib import Path

from app.cli.reviewing.project import Project
from app.gitcmd import GitError, git

_HARMLESS = frozenset({"core.filemode", "core.symlinks", "core.autocrlf", "core.eol", "core.trustctime"})
_IGNORED = "core.excludesfile"


async def read_habits(project: Project, environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Arguments for git, so that the same files count as changed and as ignored as for the person.

    What they ignore on this machine only can be secrets: it must stay here.
    https://git-scm.com/docs/gitignore: without `core.excludesFile` it is `$XDG_CONFIG_HOME/git/ignore`.
    """
    given = os.environ if environment is None else environment
    home = Path(given.get("HOME") or "/nonexistent")
    own = Path(given.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    wide = Path(given.get("GIT_CONFIG_GLOBAL") or home / ".gitconfig")
    found = {_IGNORED: str(own / "ignore")}
    for file in (Path("/etc/gitconfig"), own / "config", wide, project.common / "config"):
        found |= await _read(file, home)
    return tuple(part for key, value in found.items() for part in ("-c", f"{key}={value}"))


async def _read(file: Path, home: Path) -> dict[str, str]:
    try:
        told = await git("config", "--file", str(file), "--includes", "-z", "--list", env={"HOME": str(home)})
    except GitError:
        return {}  # it is not there, or git itself would not take it
    pairs = (entry.partition("\n") for entry in told.decode("utf-8", "surrogateescape").split("\0"))
    kept = {key: value for key, _, value in pairs if value and key in _HARMLESS | {_IGNORED}}
    if _IGNORED in kept and kept[_IGNORED].startswith("~/"):
        kept[_IGNORED] = str(home / kept[_IGNORED][2:])
    return kept
