"""The tests of a change on the code before it, run for real: what is counted, and what is named."""

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.policy.testlogs.unit import Unit
from app.workflows.handing_in import tell_old_code
from app.workflows.testing import Tests, look_back
from app.workflows.verifying import render_old_code
from app.workflows.workshop import Workshop
from tests.support.builders import OpenBox
from tests.support.commits import Commits

COMMAND = "PYTHONDONTWRITEBYTECODE=1 python -m unittest test_m 2>&1"
BEFORE = Tests("passed", "passed", "", log=(Unit("unittest", (), 1),))
OLD, NEW = "def half(n):\n    return n\n", "def half(n):\n    return n // 2\n"
HEAD = "import unittest\nfrom m import half\n\n\nclass HalfTest(unittest.TestCase):\n"
KEPT = "    def test_zero(self):\n        self.assertEqual(half(0), 0)\n"
ADDED = (
    "\n    def test_each(self):\n        for n in (2, 4, 6):\n            with self.subTest(n=n):\n"
    "                self.assertEqual(half(n), n // 2)\n\n    def test_none(self):\n        half(0)\n"
)


@pytest.fixture
def workshop(tmp_path: Path) -> tuple[Workshop, str]:
    mirror = str(tmp_path / "mirror.git")

    def git(*args: str, stdin: str = "") -> str:
        command = ["git", "--git-dir", mirror, *args]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True).stdout.strip()

    def tree(code: str, tests: str) -> str:
        named = {"m.py": code, "test_m.py": tests}
        blobs = {path: git("hash-object", "-w", "--stdin", stdin=text) for path, text in named.items()}
        return git("mktree", stdin="".join(f"100644 blob {blob}\t{path}\n" for path, blob in blobs.items()))

    git("init", "--quiet", "--bare")
    base, head = tree(OLD, HEAD + KEPT), tree(NEW, HEAD + KEPT + ADDED)
    return Workshop(Path(mirror), tmp_path / "run" / "1", head), base


@pytest.fixture
def commits(tmp_path: Path) -> Commits:
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "m"], check=True)
    return Commits(tmp_path / "m")


async def test_tests_that_stand_among_the_code_cannot_be_tried_apart_and_are_there(commits: Commits, tmp_path: Path):
    """Of Rust: without the file of the code there are none, and with it there is no code before the change."""
    base = commits.make({"lib.rs": "fn a() {}\n"})
    test = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn b() {}\n}\n"
    services: Any = SimpleNamespace(box=OpenBox())
    for added, told in ((test, "the files of the code that they test"), ("fn c() {}\n", "the change has no tests")):
        head = commits.make({"lib.rs": f"fn a() {{}}\n{added}"}, base)
        site = Workshop(commits.path, tmp_path / "run" / "1", head)
        assert (await look_back(services, "cargo test", site, base)).line.endswith(told)


async def test_tests_are_counted_not_their_parts_and_new_ones_that_pass_are_named(workshop: tuple[Workshop, str]):
    site, base = workshop
    services: Any = SimpleNamespace(box=OpenBox())
    back = await look_back(services, COMMAND, site, base)
    assert back.added == ("test_each", "test_none")
    assert sum(len(unit.failing) for unit in back.log) == 3
    assert tell_old_code(BEFORE, back, "the base").endswith("Is each meant so?\n- test_none")
    told = render_old_code(BEFORE, back)
    assert told.endswith("`test_each (test_m.HalfTest.test_each)`; of the new ones these do not: `test_none`")
