"""A thousand runs in one worker process, each with a model that takes two seconds a turn."""

import asyncio
import logging
import time
from pathlib import Path

import psutil
import structlog

from app.agents.loop import Brief, run_agent
from app.agents.tool import AgentTool, ToolOutput
from app.agents.tools.endings import Judge, judge_tool
from app.agents.tools.files import Search
from app.llm.messages import Reply, Request, ToolUse
from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import request_run
from app.runs.drive import Workflows
from app.runs.driver import Driver
from app.runs.engine import Context
from app.store.engine import migrate, open_database
from app.store.work import work

RUNS, TURNS, TURN_S = 1000, 4, 2.0
REPO = Repo(1, 7, "mona", "sample")


class SlowModel:
    """Asks for a search until its last turn."""

    async def reply(self, request: Request) -> Reply:
        await asyncio.sleep(TURN_S)
        turn = sum(message.role == "assistant" for message in request.messages) + 1
        if turn == TURNS:
            judged = Judge(verdict="refuted", reason="It does not hold.").model_dump(mode="json")
            return Reply((ToolUse(f"t{turn}", "judge", judged),), "tool_use", "slow")
        return Reply((ToolUse(f"t{turn}", "search", {"pattern": f"turn {turn}"}),), "tool_use", "slow")


def search_tool() -> AgentTool[Search]:
    async def search(_wanted: Search, _previous: str | None) -> ToolOutput:
        return ToolOutput("x" * 4000)

    return AgentTool("search", Search, search)


async def solve(ctx: Context, model: SlowModel) -> None:
    brief = Brief("agent", "writer", "You search.", "Search. " * 500)
    outcome = await run_agent(brief, model=model, tools=[search_tool(), judge_tool()], steps=ctx)
    assert outcome.ended == "submitted"


async def test_a_thousand_runs_in_one_worker_process(tmp_path: Path) -> None:
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path / 'quorum.db'}")
    await migrate(engine)
    async with work(engine) as db:
        for number in range(RUNS):
            key = f"solve:{number}"
            await request_run(db, RunRequest("solve", REPO, number, key, "finished", key))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    process = psutil.Process()
    before, most, peak = process.memory_info().rss, 0, 0
    driver = Driver(engine, "bench", Workflows({"solve": solve}, {}), SlowModel(), slots=RUNS, lease_s=60.0)
    stop, start = asyncio.Event(), time.perf_counter()
    driving = asyncio.create_task(driver.run_until(stop))
    begun = False
    while not begun or driver.in_progress:
        await asyncio.sleep(0.1)
        begun = begun or driver.in_progress > 0
        most, peak = max(most, driver.in_progress), max(peak, process.memory_info().rss)
    seconds = time.perf_counter() - start
    stop.set()
    await driving
    await engine.dispose()
    a_run = (peak - before) / most / 1024
    ideal = TURNS * TURN_S
    print(
        f"\n{RUNS} runs of {TURNS} turns: {most} at once in one process at most, {a_run:.0f} KiB each; all done "
        f"in {seconds:.0f} s, {seconds / ideal:.1f} times the {ideal:.0f} s that the model takes for one"
    )
