"""A shell that knows no program but those it is given; most of these are stand-ins that only write down their call."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.written import statements

_BASH = shutil.which("bash") or "/bin/bash"
_ENV = shutil.which("env") or "/usr/bin/env"
_STAND_IN = f"""#!{_BASH}
{{ printf '%s\\0' "${{0##*/}}" "$PWD" "$#" "$@"; {_ENV} -0; printf '\\0'; }} >> "$CALLS"
"""
_TELL = """trap 'printf "it ended at: %s\\n" "$AT" >&2' ERR"""
_CHAIN = "(exit $?)"
"""Of `a && b && c` bash goes on after a failure of the first two."""


@dataclass(frozen=True)
class Call:
    """`exported`: the variables that are there for it and were not before the script."""

    program: str
    words: tuple[str, ...]
    folder: Path
    exported: Mapping[str, str]

    def __str__(self) -> str:
        return " ".join([self.program, *self.words])


class Shell:
    """`real`: programs by name, with where they are. `stand_ins`: those whose calls are written down, by name or path;
    each with what else it does, in bash. A program that is neither is not found, and ends the script.
    """

    def __init__(self, place: Path, real: Mapping[str, Path], stand_ins: Mapping[str, str]) -> None:
        self.programs, self._calls = place / "programs", place / "calls"
        self.programs.mkdir()
        for name, path in real.items():
            (self.programs / name).symlink_to(path)
        for name, more in stand_ins.items():
            file = self.programs / name
            file.write_text(_STAND_IN + more)
            file.chmod(0o755)

    def run(self, script: str, folder: Path, env: Mapping[str, str], stdin: str = "") -> Sequence[Call]:
        """Raises `AssertionError` with the statement at which it ended."""
        self._calls.write_bytes(b"")
        told = {**env, "PATH": str(self.programs), "CALLS": str(self._calls)}
        lines = [f"AT={shlex.quote(each.strip())}\n{each.rstrip()}\n{_CHAIN}" for each in statements(script)]
        command = [_BASH, "-Eeuo", "pipefail", "-c", "\n".join([_TELL, *lines])]
        done = subprocess.run(command, cwd=folder, env=told, input=stdin, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        before = set(told.items()) | {("PWD", str(folder))}
        return self._written(before)

    def _written(self, before: set[tuple[str, str]]) -> Sequence[Call]:
        fields, calls = self._calls.read_text().split("\0")[:-1], []
        while fields:
            program, folder, count, *fields = fields
            words, rest = fields[: int(count)], fields[int(count) :]
            end = rest.index("")
            calls.append(Call(program, tuple(words), Path(folder), _new(rest[:end], before)))
            fields = rest[end + 1 :]
        return calls


def _new(environment: Sequence[str], before: set[tuple[str, str]]) -> dict[str, str]:
    """Without what a shell sets by itself."""
    held = [(name, value) for name, _, value in (each.partition("=") for each in environment)]
    own = {"_", "PWD", "OLDPWD", "SHLVL"}
    return {name: value for name, value in held if (name, value) not in before and name not in own}


def found(*names: str) -> dict[str, Path]:
    """Programs of this machine."""
    there = {name: shutil.which(name, path=os.defpath) or shutil.which(name) for name in names}
    assert all(there.values()), f"not on this machine: {[name for name, path in there.items() if path is None]}"
    return {name: Path(path) for name, path in there.items() if path is not None}
