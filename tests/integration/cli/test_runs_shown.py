"""`quorum runs`: the list, one run with its change so far, and following one that is driven meanwhile."""

import asyncio
import io
import uuid
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from app.cli import app
from app.cli.following import Lines, follow
from app.cli.run_views import RunView, read_view
from app.gitcmd import git
from app.policy.request import RunRequest
from app.policy.values import MicroUsd, Repo
from app.runs.admission import request_run
from app.runs.drive import Workflows, drive
from app.runs.engine import Context
from app.runs.lease import claim
from app.store import purses
from app.store.engine import open_database
from app.store.work import work
from app.workflows.errors import NeedsPersonError
from app.workflows.journalled import journalled
from app.workflows.specializing import Chosen, Way

REPO = Repo(1, 11, "Acme", "tally")
TOKENS = {"input": 900, "cache_read": 0, "cache_write": 0, "output": 40, "cost": 12_300}


async def tree(mirror: Path, **files: str) -> str:
    lines = []
    for name, text in sorted(files.items()):
        blob = (await git("hash-object", "-w", "--stdin", git_dir=mirror, stdin=text.encode())).decode().strip()
        lines.append(f"100644 blob {blob}\t{name}.txt\n")
    return (await git("mktree", git_dir=mirror, stdin="".join(lines).encode())).decode().strip()


class Work:
    """A run that can be driven a stage at a time: each drive does what stands next in `to_do`."""

    def __init__(self, url: str, data: Path) -> None:
        self.database = open_database(url)
        self.mirrors = data / "mirrors"
        self.run_id = ""

    async def begin(self) -> None:
        mirror = self.mirrors / "11.git"
        await git("init", "--quiet", "--bare", str(mirror))
        self.base = await tree(mirror, a="one\n", b="b\n")
        self.change = await tree(mirror, a="one\ntwo\n", c="\x1b[2Jnew\n")
        async with work(self.database) as db:
            self.run_id = str(await request_run(db, RunRequest("solve", REPO, 7, "key", "finished", "serial")))

    async def drive(self, *, to_the_end: bool) -> None:
        async def solve(ctx: Context, _services: None) -> None:
            await ctx.step("ground", lambda: _value({"base_sha": self.change}))
            await ctx.step("ground-after-1", lambda: _value({"base_sha": self.base}))
            way = Way((Chosen("database", "label sql"),), "Add the line\nand test it")
            await journalled(ctx, "specialists", Way, lambda: _value(way))
            await ctx.step("write.tool-1-1.edit", lambda: _value({"value": {}, "tree": self.change}))
            await ctx.step("write.tool-1-2.search", lambda: _value({"text": "x"}))
            if not to_the_end:
                await ctx.step("write.turn-2", self._sleep)
            raise NeedsPersonError("The council still asks for changes in #9.", "Take over pull request #9.")

        for run in await claim(self.database, "w", 60.0):
            await drive(self.database, run, Workflows({"solve": solve}, {}), None)

    async def _sleep(self) -> None:
        from app.runs.errors import Suspended

        raise Suspended("child", 0.0)

    async def pay(self) -> None:
        async with work(self.database) as db:
            call = uuid.uuid4().hex
            await purses.take(db, self.run_id, call, 11, "writer", MicroUsd(0))
            await purses.settle(db, self.run_id, call, "m", TOKENS)


async def _value(value):
    return value


@pytest.fixture
def at_work(database_url, tmp_path):
    async def begin() -> str:
        run = Work(database_url, tmp_path)
        await run.begin()
        await run.drive(to_the_end=False)
        await run.pay()
        await run.database.dispose()
        return run.run_id

    run_id = asyncio.run(begin())
    env = {"QUORUM_DATABASE_URL": database_url, "QUORUM_DATA_DIR": str(tmp_path)}
    return lambda *words: CliRunner().invoke(
        app, ["runs", *(run_id if each == "ID" else each for each in words)], env=env
    )


def test_the_list_tells_what_each_run_is_for_how_it_stands_and_what_it_cost(at_work):
    line = at_work("list").output.splitlines()[0]
    assert " ".join(line.split()[1:]) == "solve waiting Acme/tally#7 $ 0.0123"


def test_one_run_is_shown_with_its_plan_its_change_and_its_cost(at_work):
    shown = at_work("show", "ID").output
    assert shown.startswith(
        "solve of Acme/tally#7: waiting\nspecialists: database (label sql)\nplan:\n  Add the line\n"
    )
    assert "change so far: 3 files, +2 -1\n  a.txt  +1 -0\n  b.txt  +0 -1\n  c.txt  +1 -0\n" in shown
    assert shown.endswith("1 model calls, 900 tokens in, 40 out, $0.0123\n")
    assert "+two" not in shown

    text = at_work("show", "ID", "--diff").output
    assert "\n+two\n" in text
    assert "\n+[2Jnew\n" in text


def test_a_run_that_is_not_there_is_told_with_what_to_do(at_work):
    missing = at_work("show", "nobody")
    assert "quorum runs list" in str(missing.exception)


async def test_following_ends_when_the_run_does_and_tells_what_came_meanwhile(database_url, tmp_path):
    run = Work(database_url, tmp_path)
    await run.begin()
    out, looks = io.StringIO(), []

    async def read() -> RunView:
        return await read_view(run.database, run.mirrors, run.run_id)

    async def meanwhile() -> None:
        """In the place of a second that passes."""
        looks.append(None)
        await run.pay()
        await run.drive(to_the_end=len(looks) > 1)

    last = await follow(read, meanwhile, Lines(Console(file=out, width=200)))
    await run.database.dispose()
    assert (last.run.state, len(looks)) == ("failed", 2)
    told = [line.split("  ")[0] if line.startswith("sol") else line.strip() for line in out.getvalue().splitlines()]
    assert told[0] == "solve of Acme/tally#7: queued"
    assert told[1:3] == ["solve of Acme/tally#7: waiting", "specialists: database (label sql)"]
    assert [line for line in told if "change so far" in line] == ["change so far: 3 files, +2 -1"]
    assert sum("write.tool-1-1.edit" in line for line in told) == 1
    assert "because: The council still asks for changes in #9." in told
    assert "what to do: Take over pull request #9." in told


async def test_a_change_whose_files_lie_elsewhere_is_told_as_such(database_url, tmp_path):
    run = Work(database_url, tmp_path)
    await run.begin()
    await run.drive(to_the_end=False)
    view = await read_view(run.database, tmp_path / "nowhere", run.run_id)
    await run.database.dispose()
    assert view.change is not None
    assert "not on this machine" in view.change.trouble
