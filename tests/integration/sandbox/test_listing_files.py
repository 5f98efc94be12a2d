"""Which files a glob finds: told by the real programs."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.agents.tools.listing import listing_tool
from app.sandbox.box import Result

FILES = (
    "a.py",
    "src/b.py",
    "src/deep/c.py",
    "src/deep/c.pyi",
    "docs/[x].md",
    "x+y/z.py",
    ".git/d.py",
    "src/.hidden/e.py",
)


class Plain:
    """Runs what it is asked to, in the folder: what is asked for here only looks."""

    async def run(self, argv: list[str], *, worktree: Path, writable: bool, **_: Any) -> Result:
        assert not writable
        done = await asyncio.create_subprocess_exec(*argv, cwd=worktree, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = await done.communicate()
        assert not err
        return Result(done.returncode, out.decode())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("files")
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "many").mkdir()
    for number in range(301):
        (root / "many" / f"{number:03d}.txt").touch()
    return root


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("*.py", ["a.py", "src/.hidden/e.py", "src/b.py", "src/deep/c.py", "x+y/z.py"]),
        ("./src/*.py", ["src/b.py"]),
        ("src/**/*.py", ["src/.hidden/e.py", "src/b.py", "src/deep/c.py"]),
        ("src/**", ["src/.hidden/e.py", "src/b.py", "src/deep/c.py", "src/deep/c.pyi"]),
        ("c.py?", ["src/deep/c.pyi"]),
        ("docs/[x].md", ["docs/[x].md"]),
        ("x+y/*", ["x+y/z.py"]),
        ("$(touch x)", ["No file matches."]),
        ("--version", ["No file matches."]),
    ],
)
async def test_files_by_their_names(folder: Path, glob: str, expected: list[str]):
    told = await listing_tool(Plain(), folder).run({"glob": glob})
    assert told.text.split("\n") == expected


async def test_a_long_list_says_that_there_is_more(folder: Path):
    lines = (await listing_tool(Plain(), folder).run({"glob": "many/*"})).text.split("\n")
    assert (len(lines), lines[-2], lines[-1]) == (301, "many/299.txt", "(more than 300; ask for fewer)")
