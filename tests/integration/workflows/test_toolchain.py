"""Telling what the sandbox has to run a project with, in the real sandbox."""

import platform
import subprocess
from pathlib import Path
from typing import Any

from app.sandbox.box import Result
from app.sandbox.bubblewrap import Bubblewrap
from app.workflows.toolchain import read_toolchain
from app.workflows.workshop import Workshop
from tests.support.commits import Commits


def workshop_with(folder: Path, files: dict[str, str]) -> Workshop:
    folder.mkdir(exist_ok=True)
    subprocess.run(["git", "init", "--quiet", "--bare", folder / "mirror"], check=True)
    commits = Commits(folder / "mirror")
    return Workshop(commits.path, folder / "worktrees" / "run" / "1", commits.make(files))


async def test_programs_that_run_the_projects_files_are_told_with_their_versions(tmp_path: Path):
    told = await read_toolchain(Bubblewrap(), workshop_with(tmp_path, {"a.py": "", "b.cs": ""}), ["a.py", "b.cs"])
    assert f"python3: Python {platform.python_version()}" in told.splitlines()
    assert all(line.startswith(("python3: ", "dotnet: ")) for line in told.splitlines()), "of others nothing is asked"


class Babbling:
    async def run(self, _argv: Any, **_more: Any) -> Result:
        return Result(0, f"python3: {'x' * 500}\nI am no program: x\n\x1b[31mpython3: red\n")


async def test_what_a_program_says_is_bounded_and_of_files_of_no_language_nothing_is_asked(tmp_path: Path):
    site: Any = workshop_with(tmp_path / "x", {"a.py": ""})
    assert await read_toolchain(Babbling(), site, ["a.py"]) == f"python3: {'x' * 91}"  # type: ignore[arg-type]
    assert await read_toolchain(Bubblewrap(), workshop_with(tmp_path, {"a.md": ""}), ["a.md"]) == ""
