"""A conversation asks to stay with who answered it, also after a crash."""

from app.agents.loop import Brief, run_agent
from app.agents.tool import AgentTool, ToolOutput
from app.llm.messages import Reply, Request, ToolUse
from app.policy.plan import Vote
from tests.support.agents import Journal


class Noting:
    def __init__(self) -> None:
        self.stays_with: list[str] = []

    async def reply(self, request: Request) -> Reply:
        self.stays_with.append(request.stays_with)
        by = ("test:first", "test:second", "test:second")[len(self.stays_with) - 1]
        return Reply((ToolUse(f"t{len(self.stays_with)}", "ponder", {}),), "tool_use", "m", by=by)


async def _take(_wanted: Vote, _previous: str | None) -> ToolOutput:
    return ToolOutput("Noted.", ends=True)


async def test_who_answered_last_is_asked_first():
    model, steps = Noting(), Journal()
    brief = Brief("a", "writer", "You mend.", "Mend it.", max_turns=2)
    await run_agent(brief, model=model, tools=[AgentTool("vote", Vote, _take)], steps=steps)
    assert model.stays_with == ["", "test:first"]

    longer = Brief("a", "writer", "You mend.", "Mend it.", max_turns=3)
    await run_agent(longer, model=model, tools=[AgentTool("vote", Vote, _take)], steps=steps)
    assert model.stays_with == ["", "test:first", "test:second"], "two turns came from the journal"
