"""What stories do without git is what git would have done, and the rest is left to it."""

import subprocess
from pathlib import Path

import pytest

from app.emulator.git import run_git
from tests.support.commits import Commits
from tests.support.git_files import NOTHING, holds, holds_commit, link_objects, move_ref, new_repository, read_ref

MAIN = "refs/heads/main"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    new_repository(tmp_path / "sample.git")
    return tmp_path / "sample.git"


@pytest.fixture
def commits(path: Path) -> Commits:
    return Commits(path)


def test_a_new_repository_is_as_git_makes_it(path: Path, tmp_path: Path):
    subprocess.run(
        ["git", "init", "-q", "--bare", "--template=", "--initial-branch=main", "theirs"], cwd=tmp_path, check=True
    )
    ours, theirs = (
        {str(each.relative_to(root)): each.is_file() and each.read_text() for each in root.rglob("*")}
        for root in (path, tmp_path / "theirs")
    )
    assert ours == theirs


async def test_a_ref_moves_as_git_moves_it(path: Path, commits: Commits):
    first = commits.make({"a.txt": "a\n"})
    second = commits.make({"a.txt": "b\n"}, first)

    assert move_ref(path, MAIN, first, NOTHING)
    assert move_ref(path, MAIN, second, first)
    assert move_ref(path, "refs/heads/deep/er", first)

    told = await run_git(path, "for-each-ref", "--format=%(refname) %(objectname)")
    assert told.splitlines() == [f"refs/heads/deep/er {first}", f"{MAIN} {second}"]
    await run_git(path, "fsck", "--strict")


def test_what_git_would_refuse_is_left_to_it(path: Path, commits: Commits):
    first = commits.make({"a.txt": "a\n"})
    second = commits.make({"a.txt": "b\n"}, first)
    assert move_ref(path, MAIN, first)

    refused = [
        (MAIN, second, NOTHING),
        (MAIN, second, second),
        (f"{MAIN}/below", first, NOTHING),
        ("refs/heads", first, NOTHING),
        ("refs/heads/other", commits.at(f"{first}^{{tree}}"), NOTHING),
        ("refs/heads/other", "1" * 40, NOTHING),
    ]

    assert [move_ref(path, *each) for each in refused] == [False] * len(refused)
    assert (read_ref(path / MAIN), read_ref(path / "refs/heads/other")) == (first, None)


def test_packed_refs_are_left_to_git(path: Path, commits: Commits):
    first = commits.make({"a.txt": "a\n"})
    assert move_ref(path, MAIN, first)
    subprocess.run(["git", "pack-refs", "--all"], cwd=path, check=True)

    assert not move_ref(path, "refs/heads/other", first)


def test_objects_are_taken_over_once(path: Path, commits: Commits, tmp_path: Path):
    first = commits.make({"a.txt": "a\n"})
    tree = commits.at(f"{first}^{{tree}}")
    new_repository(tmp_path / "other.git")
    assert not holds(tmp_path / "other.git", [first])

    for _ in range(2):
        link_objects([first, tree], path, tmp_path / "other.git")

    assert holds(tmp_path / "other.git", [first, tree])
    assert [holds_commit(tmp_path / "other.git", each) for each in (first, tree)] == [True, False]
