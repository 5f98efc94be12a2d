"""Analyzers as a step of a review: once for a run, on trees that are left as they were."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from app.gitcmd import git
from app.policy.analyzers import OwnAnalyzer
from app.policy.config import Policy
from app.sandbox.analyzers.alarm import Analysis
from app.sandbox.bubblewrap import Bubblewrap
from app.workflows.analyzing import run_analyzers
from app.workflows.change import Change
from app.workflows.workshop import Workshop
from tests.support.agents import Journal

BROKEN = OwnAnalyzer(name="own", command='echo seen >> a.txt; rm "$1"; echo left > left.txt; exit 3')


@pytest.fixture
async def mirror(tmp_path: Path) -> Path:
    await git("init", "--quiet", "--bare", str(tmp_path / "mirror.git"))
    return tmp_path / "mirror.git"


async def tree(mirror: Path, **files: str) -> str:
    rows = []
    for name, text in sorted(files.items()):
        blob = (await git("hash-object", "-w", "--stdin", git_dir=mirror, stdin=text.encode())).decode().strip()
        rows.append(f"100644 blob {blob}\t{name}.txt\n")
    return (await git("mktree", git_dir=mirror, stdin="".join(rows).encode())).decode().strip()


class Counting(Bubblewrap):
    runs = 0

    async def run(self, *args, **more):
        self.runs += 1
        return await super().run(*args, **more)


async def look(
    mirror: Path, box: Bubblewrap, journal: Journal, set_aside: tuple[str, ...] = ()
) -> tuple[Analysis, Path]:
    base, head = await tree(mirror, a="one\n"), await tree(mirror, a="two\n", b="two\n")
    workshop = Workshop(mirror, mirror.parent / "run" / "1", head)
    change = Change(head, base, "f", ("a.txt", "b.txt"), set_aside, ())
    services = SimpleNamespace(box=box, analyzers=())
    policy = Policy(analyzers=(BROKEN,))
    return await run_analyzers(journal, services, policy, change, workshop), workshop.directory


async def test_what_a_command_leaves_behind_is_gone_before_anybody_reviews(mirror: Path):
    found, folder = await look(mirror, Bubblewrap(), Journal())
    assert found.missing[0].startswith("own: ")
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"a.txt": "two\n", "b.txt": "two\n"}
    assert {path.name for path in folder.parent.iterdir()} == {"1", "1-kept"}, "the tree, and what git remembers of it"


async def test_they_look_once_for_a_run(mirror: Path):
    box, journal = Counting(), Journal()
    first, folder = await look(mirror, box, journal)
    again, _ = await look(mirror, box, journal)
    assert first == again
    assert box.runs == 1
    assert list(journal.known) == ["analyzers"]
    assert folder.is_dir()


async def test_what_is_set_aside_is_not_looked_at(mirror: Path):
    box = Counting()
    found, folder = await look(mirror, box, Journal(), ("a.txt", "b.txt"))
    assert found == Analysis()
    assert box.runs == 0
    assert not folder.exists(), "nothing was laid out for nobody"
