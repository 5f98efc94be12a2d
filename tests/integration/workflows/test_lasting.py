"""A command that takes long is not begun again when its worker dies: the next one waits for the same command."""

import subprocess
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from app.agents.tools.files import Bash, bash_tool
from app.gitcmd import git
from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import cancel_subject, request_run
from app.runs.drive import Workflows, drive
from app.runs.engine import Context
from app.runs.lease import claim
from app.sandbox import lasting
from app.sandbox.bubblewrap import Bubblewrap
from app.store.tables import runs
from app.store.work import work
from app.workflows.lasting import last_in
from app.workflows.workshop import Workshop, WorkshopSteps
from tests.support.house import DiedError

REPO = Repo(1, 7, "mona", "sample")
STEP = "write.tool-1-1.bash"
COMMAND = "echo begun >> count; until [ -e go ]; do sleep 0.02; done; cat count; echo it is done"


class Run:
    """One run with one long command; `told` is what its agent was told, `trees` where each drive works."""

    def __init__(self, database: Any, folder: Path, tree: str) -> None:
        self.database = database
        self.folder = folder
        self.tree = tree
        self.told: list[Any] = []
        self.trees: list[Path] = []
        self.command = f"{COMMAND} # {folder}"
        """Found again among all processes of the machine: others may run these tests, too."""

    async def begin(self) -> None:
        async with work(self.database) as db:
            await request_run(db, RunRequest("solve", REPO, 1, "k", "finished", "s"))

    async def workflow(self, ctx: Context, _services: Any) -> None:
        box = Bubblewrap()
        workshop = Workshop(self.folder / "mirror.git", self.folder / "run" / str(ctx.run.fence), self.tree)
        self.trees.append(workshop.directory)
        last = last_in(ctx, box, workshop.directory, workshop.left)
        tool = bash_tool(box, workshop.directory, writable=True, last=last)

        async def call() -> Any:
            return (await tool.run(Bash(command=self.command, timeout_s=700).model_dump())).to_json()

        try:
            self.told.append(await WorkshopSteps(ctx, workshop).step(STEP, call))
            count = workshop.directory / "count"
            self.told.append(count.read_text() if count.exists() else "")
        finally:
            await workshop.remove()

    async def drive(self) -> None:
        (run,) = await claim(self.database, "w", 60.0)
        await drive(self.database, run, Workflows({"solve": self.workflow}, {}), SimpleNamespace())

    async def lose_lease(self) -> None:
        async with self.database.begin() as db:
            await db.execute(update(runs).values(lease_until=0.0))

    def state(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "run").glob("*"))


@pytest.fixture
async def run(database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(lasting, "_LOOK_S", 0.02)
    monkeypatch.setattr(lasting, "_MEANWHILE_EVERY", 1)
    mirror = tmp_path / "mirror.git"
    await git("init", "--quiet", "--bare", str(mirror))
    blob = (await git("hash-object", "-w", "--stdin", git_dir=mirror, stdin=b"one\n")).decode().strip()
    tree = (await git("mktree", git_dir=mirror, stdin=f"100644 blob {blob}\ta.txt\n".encode())).decode().strip()
    run = Run(database, tmp_path, tree)
    await run.begin()
    return run


async def hold_until(run: Run, monkeypatch: pytest.MonkeyPatch, happens: Any) -> None:
    """`happens` once the command is under way in the tree of the newest drive."""
    hold = Context.hold

    async def look(self: Context) -> None:
        if (run.trees[-1] / "count").exists():
            monkeypatch.setattr(Context, "hold", hold)
            await happens()
        await hold(self)

    monkeypatch.setattr(Context, "hold", look)


async def test_the_next_drive_waits_for_the_same_command(run: Run, monkeypatch: pytest.MonkeyPatch):
    async def die() -> None:
        raise DiedError

    async def go() -> None:
        (run.trees[-1] / "go").touch()

    await hold_until(run, monkeypatch, die)
    with pytest.raises(DiedError):
        await run.drive()
    assert run.state() == ["1", "1-kept", "lasting"]

    await run.lose_lease()
    await hold_until(run, monkeypatch, go)
    await run.drive()
    told, count = run.told
    assert "it is done" in told["text"]
    assert not told["is_error"]
    assert count == "begun\n", "it ran once"
    listed = await git("ls-tree", "--name-only", told["tree"], git_dir=run.folder / "mirror.git")
    assert listed.decode().split() == ["a.txt", "count", "go"]
    assert run.state() == []


async def test_a_command_that_nobody_watches_any_more_was_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch):
    async def die() -> None:
        raise DiedError

    await hold_until(run, monkeypatch, die)
    with pytest.raises(DiedError):
        await run.drive()
    (place,) = (run.folder / "run" / "lasting").iterdir()
    monkeypatch.setattr(lasting, "_SILENT_S", -1.0)
    await run.lose_lease()
    await run.drive()
    told, count = run.told
    assert "interrupted" in told["text"]
    assert count == "", "what it did was undone"
    assert not place.exists()


async def test_a_run_that_is_told_to_end_takes_its_command_along(run: Run, monkeypatch: pytest.MonkeyPatch):
    async def stop() -> None:
        async with work(run.database) as db:
            await cancel_subject(db, REPO.id, 1, ("solve",), "somebody asked to stop")

    await hold_until(run, monkeypatch, stop)
    await run.drive()
    assert run.told == []
    deadline = time.monotonic() + 60
    while run.command in subprocess.run(["ps", "axww"], capture_output=True, text=True, check=True).stdout:  # noqa: ASYNC221
        assert time.monotonic() < deadline
