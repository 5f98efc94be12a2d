"""Commands find the tree that they are meant for, wherever it lies and whatever lay there before."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.sandbox import reach
from app.sandbox.box import Limits
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.removal import remove_tree


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    """A folder that nobody else can pass."""
    folder = tmp_path / "hidden"
    folder.mkdir(mode=0o700)
    return folder


def laid_out(tree: Path, text: str) -> Path:
    tree.mkdir(parents=True)
    (tree / "a").write_text(text)
    return tree


async def read(box: Bubblewrap, tree: Path, limits: Limits, *, writable: bool = True) -> str:
    command = ["sh", "-c", "cat a; touch b 2>/dev/null && echo changed"]
    return (await box.run(command, worktree=tree, limits=limits, writable=writable)).output


@pytest.mark.parametrize("place", [".", "run/1", "link/1"])
async def test_a_tree_that_was_made_anew_is_the_one_that_is_found(
    place: str, hidden: Path, tmp_path: Path, box: Bubblewrap, limits: Limits
) -> None:
    (tmp_path / "link").symlink_to(hidden)
    tree = (hidden if place == "run/1" else tmp_path) / place / "tree"
    for text in ("first\n", "second\n", "third\n"):
        laid_out(tree, text)
        assert await read(box, tree, limits) == f"{text}changed\n"
        assert await read(box, tree, limits, writable=False) == text
        assert (tree / "b").exists()
        remove_tree(tree.parent if tree.parent not in {tmp_path, hidden} and not tree.parent.is_symlink() else tree)


async def test_trees_beside_each_other_are_told_apart(hidden: Path, box: Bubblewrap, limits: Limits) -> None:
    trees = [laid_out(hidden / "run" / str(number), f"{number}\n") for number in range(3)]
    for _ in range(2):
        assert [await read(box, tree, limits) for tree in trees] == ["0\nchanged\n", "1\nchanged\n", "2\nchanged\n"]


@pytest.fixture
def few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "_MOST", 2)


@pytest.mark.usefixtures("few_places")
async def test_more_trees_than_there_are_places_for(tmp_path: Path, box: Bubblewrap, limits: Limits) -> None:
    trees = [laid_out(tmp_path / f"hidden-{number}" / "tree", f"{number}\n") for number in range(5)]
    for tree in trees:
        tree.parent.chmod(0o700)
    for _ in range(2):
        assert [await read(box, tree, limits) for tree in trees] == [f"{number}\nchanged\n" for number in range(5)]


FORKS = """
import os, sys
from pathlib import Path
from app.sandbox.reach import Reach

def found(number):
    place = Reach(0).path(Path(sys.argv[1], str(number), "tree"))
    return os.system(" ".join([*Reach(65534).launcher(), "/bin/cat", place + "/a"]))

assert found(0) == 0
for number in (1, 2):
    child = os.fork()
    if child == 0:
        os._exit(1 if found(number) else 0)
    assert os.waitpid(child, 0)[1] == 0
"""


def test_workers_that_were_forked_one_after_the_other_reach_trees_of_their_own(tmp_path: Path) -> None:
    for number in range(3):
        laid_out(tmp_path / str(number) / "tree", f"{number}\n")
        (tmp_path / str(number)).chmod(0o700)
    told = subprocess.run([sys.executable, "-c", FORKS, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (told.stdout, told.returncode) == ("0\n1\n2\n", 0), told.stderr


def test_what_is_bound_begins_below_the_last_folder_that_nobody_can_pass(hidden: Path) -> None:
    deep = hidden / "a" / "b"
    deep.mkdir(parents=True)
    assert reach._first_out_of_reach(deep) == (hidden / "a", Path("b"))
    (hidden / "a").chmod(0o750)
    assert reach._first_out_of_reach(deep) == (deep, Path())
    assert reach._first_out_of_reach(Path("/usr/bin")) == (None, Path("/usr/bin"))


async def test_a_command_reaches_itself_by_the_name_that_tests_use(box: Bubblewrap, tmp_path: Path, limits: Limits):
    script = (
        "import socket; server = socket.create_server(('localhost', 0)); "
        "socket.create_connection(('localhost', server.getsockname()[1])); print('reached')"
    )
    tree = laid_out(tmp_path / "tree", "")
    assert (await box.run(["python3", "-c", script], worktree=tree, limits=limits)).output == "reached\n"
