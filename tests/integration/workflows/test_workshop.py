"""Work trees of drives that come after one another, or meet."""

from pathlib import Path
from typing import Any

import pytest

from app.gitcmd import git
from app.workflows.workshop import ReadingSteps, Workshop, WorkshopSteps


@pytest.fixture
async def treeish(tmp_path: Path) -> str:
    await git("init", "--quiet", "--bare", str(tmp_path / "mirror.git"))
    mirror = tmp_path / "mirror.git"
    blob = (await git("hash-object", "-w", "--stdin", git_dir=mirror, stdin=b"one\n")).decode().strip()
    return (await git("mktree", git_dir=mirror, stdin=f"100644 blob {blob}\ta.txt\n".encode())).decode().strip()


def workshop(tmp_path: Path, treeish: str, fence: int) -> Workshop:
    return Workshop(tmp_path / "mirror.git", tmp_path / "run" / str(fence), treeish)


async def test_a_drive_that_lost_its_lease_does_not_touch_the_next_ones_tree(tmp_path: Path, treeish: str):
    lost, next_ = workshop(tmp_path, treeish, 9), workshop(tmp_path, treeish, 10)
    await next_.lay_out()
    (next_.directory / "b.txt").write_text("mine\n")
    await lost.lay_out()
    (lost.directory / "a.txt").write_text("a zombie's\n")
    await lost.beside(treeish).lay_out()
    await lost.remove()
    assert sorted(path.name for path in next_.directory.iterdir()) == ["a.txt", "b.txt"]
    assert (next_.directory / "a.txt").read_text() == "one\n"


async def test_what_a_killed_drive_left_goes_when_the_next_one_begins(tmp_path: Path, treeish: str):
    killed, next_ = workshop(tmp_path, treeish, 1), workshop(tmp_path, treeish, 2)
    await killed.lay_out()
    await killed.beside(treeish).lay_out()
    await next_.lay_out()
    assert sorted(path.name for path in next_.directory.parent.iterdir()) == ["2", "2-kept"]
    await next_.remove()
    assert not next_.directory.parent.exists()


async def test_two_trees_of_one_drive_stand_side_by_side(tmp_path: Path, treeish: str):
    here = workshop(tmp_path, treeish, 1)
    beside = here.beside(treeish)
    await here.lay_out()
    (here.directory / "b.txt").write_text("mine\n")
    await beside.lay_out()
    await beside.put_back()
    assert (here.directory / "b.txt").exists()
    await beside.remove()
    assert here.directory.is_dir()


@pytest.mark.parametrize("steps", [WorkshopSteps, ReadingSteps])
async def test_only_what_is_soon_done_again_is_put_off_in_the_journal(tmp_path: Path, treeish: str, steps):
    """Never a command, which must not be repeated blindly, nor what asks a model or runs the tests."""
    noted: list[str] = []

    class Journal:
        async def step(self, name, do, *, again=None, put_off=False):
            if put_off:
                noted.append(name.rpartition(".")[2])
            return await do()

    async def do():
        return {"text": "it is done"}

    here = workshop(tmp_path, treeish, 1)
    for number, tool in enumerate(
        ("read_file", "search", "list_files", "edit", "bash", "submit", "answer", "research")
    ):
        await steps(Journal(), here).step(f"write.tool-{number}-1.{tool}", do)
    await steps(Journal(), here).step("write.turn-1", do)
    assert noted == ["read_file", "search", "list_files", "edit"]
    await here.remove()


async def test_what_the_journal_tells_is_laid_out_though_an_earlier_state_was(tmp_path: Path, treeish: str):
    """A newer version may have looked at the base before the steps of an older one are gone through again."""
    known: dict[str, Any] = {}

    class Journal:
        async def step(self, name, do, *, again=None, put_off=False):
            if name not in known:
                known[name] = await do()
            return known[name]

    first, next_ = workshop(tmp_path, treeish, 1), workshop(tmp_path, treeish, 2)

    async def change():
        (first.directory / "a.txt").write_text("two\n")
        return {"text": "edited"}

    async def read():
        return {"text": (next_.directory / "a.txt").read_text()}

    await WorkshopSteps(Journal(), first).step("write.tool-1-1.edit", change)
    await next_.lay_out()
    steps = WorkshopSteps(Journal(), next_)
    await steps.step("write.tool-1-1.edit", change)
    told = await steps.step("repair.tool-1-1.bash", read)
    assert told["text"] == "two\n"
    assert next_.tree == first.tree
    await next_.remove()
