"""Proofs in the real sandbox, on trees that are made for them and taken away again."""

from pathlib import Path

import pytest

from app.cli.demo.stage import run_git
from app.gitcmd import git
from app.policy.proof import Proof, Ran
from app.sandbox.box import Limits, Result
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.errors import SandboxAwayError, SandboxUnavailableError, WorktreeError
from app.sandbox.planting import plant
from app.workflows.proving import Prover
from app.workflows.workshop import Workshop
from tests.support.commits import Commits

TEST = "from m import half\nassert half(3) == 1, f'half(3) is {half(3)}'\n"


class Watched(Bubblewrap):
    """Counts, and keeps the trees that were there."""

    def __init__(self) -> None:
        super().__init__()
        self.trees: list[Path] = []

    async def run(self, *args, worktree: Path, **more) -> Result:
        self.trees.append(worktree)
        return await super().run(*args, worktree=worktree, **more)


class Played:
    """A `Box` that ends as it is told to, in order."""

    def __init__(self, *ends: Result | Exception) -> None:
        self.ends = list(ends)

    async def run(self, *_args, limits: Limits, writable: bool, **_more) -> Result:
        assert not writable
        end = self.ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return end


@pytest.fixture
def trees(tmp_path: Path) -> tuple[Workshop, str]:
    run_git(tmp_path, "init", "--quiet", "--bare", "mirror")
    commits = Commits(tmp_path / "mirror")
    base = commits.make({"m.py": "def half(n):\n    return n // 2\n"})
    head = commits.make({"m.py": "def half(n):\n    return n / 2\n", "link": "no folder"}, base)
    return Workshop(commits.path, tmp_path / "trees" / "1", head), base


def proof(command: str = "python3 try.py", expect: str = "AssertionError: half(3) is 1.5", **files: str) -> Proof:
    told = [{"path": name.replace("__", "/") + ".py", "text": text} for name, text in files.items()]
    return Proof.model_validate({"command": command, "expect": expect, "files": told})


async def test_a_failing_test_shows_a_fault_that_was_not_there_before(trees: tuple[Workshop, str]):
    workshop, base = trees
    box = Watched()
    prover = Prover(box, workshop, base)

    ran = await prover.prove(proof(**{"try": TEST}))

    assert ran.shown, ran
    assert ran.exit_code == 1
    assert "half(3) is 1.5" in ran.output
    assert len(box.trees) == 3, "twice on the head, once on the code before"
    assert workshop.directory not in box.trees
    assert not any(tree.exists() for tree in box.trees)
    assert await prover.prove(proof(**{"try": TEST})) == ran
    assert len(box.trees) == 3, "what was run is not run again"


async def test_what_fails_before_the_change_as_well_proves_nothing_about_it(trees: tuple[Workshop, str]):
    workshop, base = trees
    ran = await Prover(Bubblewrap(), workshop, base).prove(proof("echo half is wrong", "half is wrong"))
    assert not ran.shown
    assert ran.why == "the same is seen on the code before the change"


async def test_a_proof_cannot_change_what_it_looks_at(trees: tuple[Workshop, str]):
    workshop, base = trees
    command = "echo 'half = 1' > m.py; python3 try.py; echo done > left.txt; ls"
    ran = await Prover(Bubblewrap(), workshop, base).prove(proof(command, **{"try": TEST}))
    assert ran.shown, "it is the reviewed code all the same"
    assert "left.txt" not in ran.output.split()


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"m": "half = None"}, "m.py is there already"),
        ({"link__try": TEST}, "link is there already, and is something else"),
    ],
)
async def test_a_proof_brings_new_files_only(trees: tuple[Workshop, str], files: dict[str, str], why: str):
    workshop, base = trees
    ran = await Prover(Played(), workshop, base).prove(proof(**files))
    assert not ran.shown
    assert why in ran.why


async def test_a_sandbox_that_may_come_back_is_waited_for(trees: tuple[Workshop, str]):
    workshop, base = trees
    prover = Prover(Played(SandboxAwayError("no socket", "Start it."), BAD, BAD, GOOD), workshop, base)
    with pytest.raises(SandboxAwayError):
        await prover.prove(proof())
    assert (await prover.prove(proof())).shown


BAD, GOOD = Result(1, "AssertionError: half(3) is 1.5"), Result(0, "fine")
HANGS = Result(137, "AssertionError: half(3) is 1.5", "timeout", seconds=60)


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        ([GOOD], "what was expected was not printed"),
        ([BAD, GOOD], "what was expected was not printed"),
        ([HANGS], "it did not end by itself (timeout after 60 s)"),
        ([BAD, BAD, HANGS], "on the code before the change it did not end by itself (timeout after 60 s)"),
        ([SandboxUnavailableError("no bwrap", "Install it.")], "it could not be run: the sandbox cannot be used"),
        ([BAD, BAD, GOOD], ""),
    ],
)
async def test_it_must_be_seen_twice_and_not_before(trees: tuple[Workshop, str], ends: list, why: str):
    workshop, base = trees
    box = Played(*ends)
    ran = await Prover(box, workshop, base).prove(proof())
    assert ran.shown is not bool(why)
    assert ran.why.startswith(why)
    assert box.ends == [], "no more is run than is needed"


async def test_all_proofs_together_have_a_bound_on_time(trees: tuple[Workshop, str]):
    workshop, base = trees
    prover = Prover(Played(Result(0, "fine", seconds=601.0)), workshop, base)
    await prover.prove(proof())
    assert await prover.prove(proof("another")) == Ran(
        shown=False, why="it was not run: the time for proofs is used up"
    )


async def test_what_is_planted_keeps_its_mode_and_replaces_nothing_else(trees: tuple[Workshop, str]):
    workshop, _ = trees
    listed = ("ls-tree", "-r", "--format=%(objectmode) %(path)")
    tree = await plant(workshop.mirror, workshop.tree, {"m.py": b"x = 1\n", "new/a b.py": b"y"})
    told = (await git(*listed, tree, git_dir=workshop.mirror)).decode().splitlines()
    assert told == ["100644 link", "100644 m.py", "100644 new/a b.py"]
    deep = await plant(workshop.mirror, tree, {"new/a b.py": b"z", "new/own/c.py": b"c"})
    told = (await git(*listed, deep, git_dir=workshop.mirror)).decode().splitlines()
    assert told[2:] == ["100644 new/a b.py", "100644 new/own/c.py"]
    for path in ("link/x", "m.py/x"):
        with pytest.raises(WorktreeError, match="something else"):
            await plant(workshop.mirror, workshop.tree, {path: b""})
