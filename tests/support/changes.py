"""Small changes as texts before and after, and the diffs that git makes of them."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from app.policy.changed_text import ChangedText
from app.policy.weakened.found import Kind
from app.sandbox.changed_texts import changed_texts

_WHO = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c"}


@dataclass(frozen=True)
class Case:
    """`files`: path → text before and after; None where the file is not. `kinds`: what must be found, nothing else."""

    name: str
    kinds: tuple[Kind, ...]
    files: Mapping[str, tuple[str | None, str | None]]


def weakened(name: str, kind: Kind, files: Mapping[str, tuple[str | None, str | None]]) -> Case:
    return Case(name, (kind,), files)


def innocent(name: str, files: Mapping[str, tuple[str | None, str | None]]) -> Case:
    return Case(name, (), files)


def diffs_of(cases: Sequence[Case], folder: Path) -> dict[str, tuple[ChangedText, ...]]:
    """By name. One repository with a folder for each case, so that git is started once a case."""
    _git(folder, "init", "-q", "-b", "main")
    for side in (0, 1):
        _git(folder, "rm", "-rqf", "--ignore-unmatch", ".")
        for number, case in enumerate(cases):
            for path, texts in case.files.items():
                text = texts[side]
                if text is not None:
                    file = folder / f"{number}" / path
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(dedent(text))
        _git(folder, "add", "-Af", ".")
        _git(folder, "commit", "-q", "--allow-empty", "-m", "side")
    found = {}
    for number, case in enumerate(cases):
        options = ("-r", "-p", "-M", "-U3", "--no-color", f"--relative={number}/")
        diff = _git(folder, "diff-tree", *options, "HEAD~1", "HEAD", "--", f"{number}/")
        found[case.name] = changed_texts(diff)
    return found


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false", *arguments]
    env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", **_WHO}
    return subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True).stdout
