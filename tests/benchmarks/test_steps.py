"""What the harness takes for a step of an agent: journal, sandbox, snapshot, bookkeeping; in a short and a long run.

The model answers at once and commands do nothing. The real journal (SQLite), the real sandbox and real git.
"""

import os
import resource
import statistics
import subprocess
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import event

from app.agents.loop import AgentOutcome, Brief, run_agent
from app.agents.tools.files import bash_tool, edit_tool, reading_tools
from app.agents.tools.handing_in import submit_tool
from app.llm.messages import Message, Reply, Request, ToolUse
from app.llm.prices import cost_of, most_of
from app.policy.request import RunRequest
from app.policy.values import MicroUsd, Repo
from app.runs.admission import request_run
from app.runs.drive import Workflows, drive
from app.runs.engine import Context
from app.runs.lease import claim
from app.sandbox.bubblewrap import Bubblewrap
from app.settings import Settings
from app.store.engine import open_database
from app.store.work import work
from app.workflows.listening import listener
from app.workflows.metering import metered
from app.workflows.workshop import Workshop, WorkshopSteps
from tests.support.databases import migrated_sqlite

FILES, LINES = 400, 120
SHORT, LONG = 60, 600
GOAL_MS, GOAL_SHARE = 30.0, 0.9
GOAL_COMMITS = 2.75
"""Room for a call along with what the tool before it gave, and the turn; for a quarter of them, that a command was
begun and what it gave; the run's own besides.
"""
PRICED_AS = "claude-sonnet-4-5"
REPO = Repo(1, 7, "mona", "sample")


class Busy:
    """Edits, runs and looks by turns; notes how long it was waited with, and how much of each request it had seen.

    It keeps no request: whatever is kept is looked through for garbage, the longer the more there is of it. Edits come
    to the same few files, as a tree that grows with the run would take longer by its size.
    """

    def __init__(self, turns: int) -> None:
        self.turns = turns
        self.took_ms: list[float] = []
        self._answered = 0.0
        self._turn = 0
        self._before: tuple[Message, ...] = ()
        self._sizes: list[int] = []
        self._same = self._sent = 0

    async def reply(self, request: Request) -> Reply:
        asked, self._turn = time.perf_counter(), self._turn + 1
        if self._turn > 1:
            self.took_ms.append((asked - self._answered) * 1000)
        self._weigh(request.messages)
        name, given = self._call(self._turn)
        reply = Reply((ToolUse(f"t{self._turn}", name, given),), "tool_use", "busy", cost=MicroUsd(1))
        self._answered = time.perf_counter()
        return reply

    @property
    def share_of_prefix(self) -> float:
        """How many of the characters sent stood at the beginning of the request before."""
        return self._same / self._sent

    def _weigh(self, messages: tuple[Message, ...]) -> None:
        pairs = enumerate(zip(self._before, messages, strict=False))
        common = next((at for at, (one, other) in pairs if one != other), len(self._before))
        same = self._sizes[:common]
        self._sizes = same + [len(repr(message)) for message in messages[common:]]
        if self._before:
            self._same, self._sent = self._same + sum(same), self._sent + sum(self._sizes)
        self._before = messages

    def _call(self, turn: int) -> tuple[str, dict[str, Any]]:
        if turn >= self.turns - 1:
            return "submit", {"title": "Make it better", "summary": "It is better than it was before."}
        path = f"src/part_{turn % 20}/module_{turn % FILES}.py"
        return [
            ("edit", {"path": f"src/new_{turn % 20}.py", "old": "", "new": f"value = {turn}\n" * 20}),
            ("bash", {"command": f": {turn}"}),
            ("read_file", {"path": path}),
            ("search", {"pattern": f"value_{turn % LINES} ="}),
        ][turn % 4]


def make_mirror(place: Path) -> tuple[Path, str]:
    env = {"PATH": os.defpath, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "--quiet", "--bare", place], check=True, env=env)
    text = "".join(f"value_{line} = compute({line})\n" for line in range(LINES)).encode()
    stream = b"commit refs/heads/main\ncommitter A <a@example.org> 1600000000 +0000\ndata 1\nx\n"
    for number in range(FILES):
        data = b"# %d\n" % number + text
        stream += b"M 100644 inline src/part_%d/module_%d.py\n" % (number % 20, number)
        stream += b"data %d\n%s\n" % (len(data), data)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=place, check=True, env=env, input=stream)
    told = subprocess.run(["git", "rev-parse", "main"], cwd=place, check=True, env=env, capture_output=True)
    return place, told.stdout.decode().strip()


async def run_of(turns: int, place: Path, mirror: Path, sha: str) -> tuple[Busy, float, float]:
    """The model as it was asked; milliseconds of a processor, and writes of the database, for a step."""
    engine = open_database(migrated_sqlite(place / "quorum.db"))
    async with work(engine) as db:
        await request_run(db, RunRequest("solve", REPO, 1, "k", "finished", "s"))
    busy, box = Busy(turns), Bubblewrap()
    outcomes: list[AgentOutcome] = []

    async def workflow(ctx: Context, services: Any) -> None:
        workshop = Workshop(mirror, place / "trees" / "1", sha)

        async def look(_known: str) -> tuple[bool, str]:
            return True, f"the diff\n{await workshop.snapshot()}"

        brief = Brief(
            "write", "writer", "You write. " * 300, "Make it better. " * 100, max_turns=turns, max_seconds=9e9
        )
        tools = [
            bash_tool(box, workshop.directory, writable=True),
            edit_tool(box, workshop.directory),
            *reading_tools(box, workshop.directory),
            submit_tool(look),
        ]
        steps = WorkshopSteps(ctx, workshop)
        model, hear = metered(ctx, services, MicroUsd(10**9)), listener(ctx, services)
        outcomes.append(await run_agent(brief, model=model, tools=tools, steps=steps, hear=hear))
        await workshop.remove()

    before, commits = cpu_s(), list[object]()
    event.listen(engine.sync_engine, "commit", commits.append)
    (run,) = await claim(engine, "bench", 600.0)
    most = partial(most_of, cost=partial(cost_of, PRICED_AS))
    services = cast("Any", SimpleNamespace(database=engine, model=busy, most=most, settings=Settings()))
    await drive(engine, run, Workflows({"solve": workflow}, {}), services)
    await engine.dispose()
    assert [outcome.ended for outcome in outcomes] == ["submitted"], outcomes
    return busy, (cpu_s() - before) * 1000 / turns, len(commits) / turns


def cpu_s() -> float:
    """Of this process and of all that it started."""
    told = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in told)


def bare_ms() -> float:
    """A command that does nothing, without a sandbox: what starting any program takes here."""
    took = []
    for _ in range(20):
        started = time.perf_counter()
        subprocess.run(["sh", "-c", ":"], check=True)
        took.append(time.perf_counter() - started)
    return statistics.median(took) * 1000


def figures(model: Busy, cpu: float, commits: float, bare: float) -> dict[str, str]:
    took = model.took_ms
    third, median = len(took) // 3, statistics.median(took)
    by_tool = {name: statistics.median(took[at::4]) for at, name in enumerate(("bash", "read_file", "search", "edit"))}
    return {
        f"median of a step, ms (goal {GOAL_MS:.0f})": f"{median:.1f}",
        "in starts of a program": f"{median / bare:.1f}",
        "median of the first third, ms": f"{statistics.median(took[:third]):.1f}",
        "median of the last third, ms": f"{statistics.median(took[-third:]):.1f}",
        **{f"median with {name}, ms": f"{ms:.1f}" for name, ms in by_tool.items()},
        "of a processor for a step, ms": f"{cpu:.1f}",
        "commits for a step": f"{commits:.2f}",
        f"sent before already (goal {GOAL_SHARE:.0%})": f"{model.share_of_prefix:.1%}",
    }


async def test_steps_of_a_short_and_of_a_long_run(tmp_path: Path) -> None:
    """What is the same on every machine is held to its goal: shares of what is sent, and how often is committed."""
    bare = bare_ms()
    print(f"\nA step, without the time of models and commands; starting any program takes {bare:.1f} ms here")
    columns, shares, commits = [], [], []
    for turns in (SHORT, LONG):
        (tmp_path / str(turns)).mkdir()
        model, cpu, written = await run_of(turns, tmp_path / str(turns), *make_mirror(tmp_path / f"{turns}.git"))
        columns.append(figures(model, cpu, written, bare))
        shares.append(model.share_of_prefix)
        commits.append(written)
    print(f"  {'':40} {SHORT:>8} {LONG:>8} steps")
    for name, short in columns[0].items():
        print(f"  {name:40} {short:>8} {columns[1][name]:>8}")
    assert min(shares) >= GOAL_SHARE
    assert max(commits) <= GOAL_COMMITS
