"""How much of a long conversation a provider has read before, also where turns have more blocks than it looks back."""

from pathlib import Path
from typing import Any

import pytest

from app.agents.loop import Brief, run_agent
from app.agents.tools.endings import report_tool
from app.agents.tools.files import reading_tools
from app.policy.finding import Report
from app.sandbox.box import Result
from tests.benchmarks.cached import Caching
from tests.support.agents import Journal


class Files:
    """Each reads alike."""

    async def run(self, _argv: object, **_: Any) -> Result:
        return Result(0, "     1  value = compute(1)\n" * 12)


@pytest.mark.parametrize(("shared", "part"), [("", ""), ("The change. " * 400, ""), ("The change. " * 400, "A part.")])
@pytest.mark.parametrize("calls", [1, 14])
async def test_nine_tenths_of_a_long_run_are_read_from_the_cache(calls: int, shared: str, part: str):
    async def faults(_report: Report) -> str:
        return ""

    model = Caching(32, calls)
    brief = Brief("review", "reviewer:security", "You review. " * 500, "Review it.", shared, part, max_turns=40)
    tools = [*reading_tools(Files(), Path("/nowhere")), report_tool(faults)]
    outcome = await run_agent(brief, model=model, tools=tools, steps=Journal())
    assert outcome.ended == "submitted"
    used = model.usage
    assert used.cache_read >= 0.9 * (used.input + used.cache_read + used.cache_write)
