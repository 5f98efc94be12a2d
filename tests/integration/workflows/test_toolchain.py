"""Telling what the sandbox has to run a project with, in the real sandbox."""

import platform
import subprocess
from pathlib import Path

from app.sandbox.bubblewrap import Bubblewrap
from app.workflows.toolchain import read_toolchain
from app.workflows.workshop import Workshop
from tests.support.commits import Commits


def workshop_with(folder: Path, files: dict[str, str]) -> Workshop:
    subprocess.run(["git", "init", "--quiet", "--bare", folder / "mirror"], check=True)
    commits = Commits(folder / "mirror")
    return Workshop(commits.path, folder / "worktrees" / "run" / "1", commits.make(files))


async def test_programs_that_run_the_projects_files_are_told_with_their_versions(tmp_path: Path):
    told = await read_toolchain(Bubblewrap(), workshop_with(tmp_path, {"a.py": "", "b.cs": ""}), ["a.py", "b.cs"])
    assert f"python3: Python {platform.python_version()}" in told.splitlines()
    assert all(line.startswith(("python3: ", "dotnet: ")) for line in told.splitlines()), "of others nothing is asked"


async def test_what_a_program_says_is_bounded_and_nothing_is_asked_for_nothing(tmp_path: Path):
    assert await read_toolchain(Bubblewrap(), workshop_with(tmp_path, {"a.md": ""}), ["a.md"]) == ""
