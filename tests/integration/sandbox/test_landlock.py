"""The worker's git reaches the tree and the mirror alone, whatever link is put in its way by who has broken out."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.gitcmd import GitError
from app.sandbox import landlock, worktree
from app.sandbox.errors import WorktreeError
from app.sandbox.worktree import Memory

WHAT = "one\n"


def start(*rules_and_command: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", landlock.__file__, *rules_and_command]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "key").write_text("canary")
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Of one run, where its trees lie."""
    folder = tmp_path / "worktrees" / "run"
    folder.mkdir(parents=True)
    return folder


def test_a_link_in_the_tree_leads_nowhere(run: Path, secret: Path) -> None:
    """What git would do that looked before the link was there."""
    tree = run / "1"
    tree.mkdir()
    (tree / "folder").symlink_to(secret)
    script = 'cd "$1"; echo well > here; cat here; cat folder/key; echo bad > folder/config; echo bad > folder/key'
    for rule, told, refused in (("W", "well\n", 3), ("R", "", 4)):
        ended = start(f"{rule}:{tree}", "--", "sh", "-c", script, "sh", str(tree))
        assert ended.stdout == told
        assert ended.stderr.count("Permission denied") == refused, ended.stderr
        (tree / "here").unlink(missing_ok=True)
    assert [each.read_text() for each in secret.iterdir()] == ["canary"]


async def test_trees_are_laid_out_and_stored_as_without_it(mirror: Path, run: Path, empty_tree: str) -> None:
    (run / "1-kept").mkdir()
    memory, tree = Memory(run / "1-kept" / "index"), run / "1"
    await worktree.checkout(mirror, empty_tree, tree, memory=memory, shared=True)
    (tree / "a" / "b").mkdir(parents=True)
    (tree / "a" / "b" / "run.sh").write_text(WHAT)
    (tree / "a" / "b" / "run.sh").chmod(0o755)
    (tree / "link").symlink_to("/etc/passwd")
    first = await worktree.snapshot(mirror, tree, empty_tree, memory=memory, shared=True)
    assert first == await worktree.snapshot(mirror, tree, empty_tree)
    (tree / "large").write_bytes(b"\0\xff" * 2_000_000)
    second = await worktree.snapshot(mirror, tree, first, memory=memory, shared=True)
    await worktree.checkout(mirror, second, run / "2", shared=True)
    assert (run / "2" / "a" / "b" / "run.sh").read_text() == WHAT
    assert (run / "2" / "large").stat().st_size == 4_000_000
    assert str((run / "2" / "link").readlink()) == "/etc/passwd"
    assert await worktree.snapshot(mirror, run / "2", empty_tree, shared=True) == second


@pytest.mark.parametrize("at", ["tree", "run", "kept"])
async def test_a_link_in_the_place_of_a_folder_of_ours_is_refused(
    at: str, mirror: Path, run: Path, secret: Path, empty_tree: str
) -> None:
    memory, tree = Memory(run / "1-kept" / "index"), run / "1"
    (run / "1-kept").mkdir()
    await worktree.checkout(mirror, empty_tree, tree, memory=memory, shared=True)
    (secret / "1").mkdir()
    (secret / "1" / "key").write_text("canary")
    (secret / "1-kept").mkdir()
    (secret / "1-kept" / "index").write_bytes(memory.index.read_bytes())
    moved = {"tree": tree, "run": run, "kept": run / "1-kept"}[at]
    moved.rename(moved.with_name("away"))
    moved.symlink_to({"tree": secret / "1", "run": secret, "kept": secret / "1-kept"}[at])
    with pytest.raises((GitError, WorktreeError), match=r"is no folder of ours|is a link"):
        await worktree.snapshot(mirror, tree, empty_tree, memory=memory, shared=True)


def test_a_place_that_is_not_there_and_a_program_that_is_not_there_are_told(run: Path) -> None:
    assert "is no folder of ours" in start(f"W:{run}/1", "--", "true").stderr
    assert start(f"w:{run}", "--", "no-such-program").returncode != 0
