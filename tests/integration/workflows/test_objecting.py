"""What is refused of a change and what is only asked about, as git tells of it."""

import asyncio
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.workflows.objecting import Objections, find_objections

TESTS = "def test_a():\n    assert half(4) == 2\n\n\ndef test_b():\n    assert half(2) == 1\n"
BASE = {"m.py": "def half(n):\n    return n // 2\n", "test_m.py": TESTS, "poetry.lock": "a\n"}
TOKEN = "TOKEN = 'ghp_" + "aB3dE5gH7j" * 3 + "K9mN1p'\n"
UNTESTED = "no test comes with the change of `m.py`: is there none that fails without it?"
Make = Callable[[dict[str, str]], str]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A tree of these files, in the bare repository at `tmp_path`."""
    env = {**os.environ, "GIT_INDEX_FILE": str(tmp_path / "an-index")}

    def git(*args: str, stdin: str = "") -> str:
        command = ["git", "--git-dir", str(tmp_path), *args]
        return subprocess.run(command, input=stdin, env=env, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "--quiet", "--bare")

    def tree(files: dict[str, str]) -> str:
        git("read-tree", "--empty")
        for path, text in files.items():
            blob = git("hash-object", "-w", "--stdin", stdin=text)
            git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
        return git("write-tree")

    return tree


def look(mirror: Path, base: str, parent: str, tree: str) -> Objections:
    return asyncio.run(find_objections(mirror, base, parent, tree))


def refused(found: Objections) -> list[tuple[str, str]]:
    return [(each.path, each.reason) for each in found.refused]


CHANGES = [
    ("nothing wrong", {"m.py": "def half(n):\n    return n / 2\n"}, "", ""),
    ("a test is gone", {"test_m.py": TESTS.partition("\n\n\n")[0] + "\n"}, "test_m.py", "test deleted at line 5"),
    ("a workflow", {".github/workflows/a.yml": "on: push\n"}, ".github/workflows/a.yml", "workflows and actions run"),
    ("a secret", {"m.py": BASE["m.py"] + TOKEN}, "m.py", "line 3 looks like a token of GitHub"),
    ("a cache", {"__pycache__/m.pyc": "x\n"}, "__pycache__/m.pyc", "it is a cache that a program made; take it out"),
    ("a big file", {"data.json": "1234567\n" * 70_000}, "data.json", "it adds 559,999 bytes"),
    ("a binary file", {"a.png": "\0\1\2"}, "a.png", "its content is binary"),
]


@pytest.mark.parametrize(("name", "files", "path", "reason"), CHANGES, ids=[case[0] for case in CHANGES])
def test_what_may_not_be_committed(
    tmp_path: Path, make: Make, name: str, files: dict[str, str], path: str, reason: str
):
    base = make(BASE)
    found = refused(look(tmp_path, base, base, make({**BASE, **files})))
    assert [each for each, _ in found] == ([path] if path else []), name
    assert all(why.startswith(reason) for _, why in found)


def test_a_test_that_the_change_brought_along_may_go_again_and_what_stood_there_is_not_blamed(
    tmp_path: Path, make: Make
):
    base = make(BASE)
    with_test = {**BASE, "test_m.py": f"{TESTS}\n\ndef test_c():\n    assert half(6) == 3\n", "key.py": TOKEN}
    later = make({**BASE, "key.py": f"# one line more\n{TOKEN}", "m.py": "def half(n):\n    return n / 2\n"})
    assert refused(look(tmp_path, base, make(with_test), later)) == []
    assert [path for path, _ in refused(look(tmp_path, base, base, later))] == ["key.py"]


def test_what_may_be_right_is_asked(tmp_path: Path, make: Make):
    base = make(BASE)
    files = {"m.py": "def half(n):\n\n    return n // 2\n", "poetry.lock": "b\n"}
    files["test_m.py"] = TESTS.replace("half(4) == 2", "half(4) == 3")
    found = look(tmp_path, base, base, make({**BASE, **files}))
    assert found.refused == ()
    assert [each.partition(": ")[0] for each in found.asked] == ["`test_m.py`, line 2", "`m.py`", "`poetry.lock`"]


def test_a_line_that_moves_out_of_a_branch_is_more_than_white_space(tmp_path: Path, make: Make):
    before = "def half(n):\n    if n:\n        n = n / 2\n    return n\n"
    base = make({**BASE, "m.py": before, "m.js": "f(\n  1)\n"})
    after = make({**BASE, "m.py": before.replace("        n =", "    n ="), "m.js": "f(1)\n"})
    assert look(tmp_path, base, base, after).asked == (UNTESTED, "`m.js`: only white space is changed")


HALF = {"m.py": "def half(n):\n    return n / 2\n"}


@pytest.mark.parametrize(
    ("known", "files", "asked"),
    [
        ({}, HALF, (UNTESTED,)),
        ({}, {**HALF, "test_m.py": TESTS + "# more\n"}, ()),
        ({}, {**HALF, "m.py": HALF["m.py"] + "# >>> half(3)\n"}, ()),
        ({}, {"README.md": "About halves\n"}, ()),
        ({}, {"m.py": ""}, ()),
        ({"test_m.py": None}, HALF, ()),
    ],
    ids=["code alone", "with a test", "with an example that is run", "no code", "less code", "a project without tests"],
)
def test_code_without_a_test_is_asked_about(
    tmp_path: Path, make: Make, known: dict[str, None], files: dict[str, str], asked: tuple[str, ...]
):
    there = {path: text for path, text in BASE.items() if path not in known}
    base = make(there)
    assert look(tmp_path, base, base, make({**there, **files})).asked == asked
