"""An agent's time is what its models and tools took, by the journal, and is looked at before each call."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from app.agents import loop
from app.agents.loop import AgentOutcome, Brief, run_agent
from app.agents.tool import AgentTool, ToolOutput
from app.llm.errors import RequestTooLongError
from app.llm.messages import Reply, Request
from tests.support.agents import Journal, Model, calls


class Look(BaseModel):
    """Look."""

    place: str = "here"


class Clock:
    """Goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def look_tool(self, seconds: float) -> AgentTool[Look]:
        async def look(wanted: Look, _previous: str | None) -> ToolOutput:
            self.now += seconds
            return ToolOutput(wanted.place * 3_000)

        return AgentTool("look", Look, look)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(loop, "time", SimpleNamespace(**{**vars(time), "monotonic": lambda: clock.now}))
    return clock


def run(clock: Clock, model: Any, journal: Journal, seconds: float = 60, most: float = 150) -> AgentOutcome:
    brief = Brief("agent", "writer", "You look.", "Look.", max_seconds=most)
    return asyncio.run(run_agent(brief, model=model, tools=[clock.look_tool(seconds)], steps=journal))


def looks(number: int) -> Reply:
    return calls(("look", {"place": f"{number}a"}), ("look", {"place": f"{number}b"}))


def test_it_ends_before_the_call_for_which_there_is_no_time(clock: Clock):
    journal = Journal()
    outcome = run(clock, Model(*map(looks, range(9))), journal)
    assert (outcome.ended, outcome.turns, outcome.seconds) == ("time", 2, 180)
    assert "3 minutes of work" in outcome.reason
    assert "agent.tool-2-1.look" in journal.known
    assert "agent.turn-3" not in journal.known


def test_within_a_turn_too(clock: Clock):
    journal = Journal()
    assert run(clock, Model(*map(looks, range(9))), journal, most=170).ended == "time"
    assert run(clock, Model(*map(looks, range(9))), journal, most=59).turns == 1
    assert run(clock, Model(looks(1)), Journal(), most=0).turns == 0


def test_at_a_replay_the_same_time_has_passed_however_fast_it_is(clock: Clock):
    journal = Journal()
    first = run(clock, Model(*map(looks, range(9))), journal)
    assert run(clock, Model(), Journal(journal.known), seconds=0) == first


def test_a_conversation_that_is_too_long_is_sent_again_shorter_and_so_at_a_replay(clock: Clock):
    class Small:
        """Takes twelve thousand characters."""

        def __init__(self) -> None:
            self.sent: list[Request] = []

        async def reply(self, request: Request) -> Reply:
            self.sent.append(request)
            if len(repr(request.messages)) > 12_000:
                raise RequestTooLongError("too long")
            return calls(("look", {"place": f"{len(request.messages):02}"}))

    small, journal = Small(), Journal()
    outcome = run(clock, small, journal, seconds=30)
    assert outcome.ended == "time"
    assert "agent.turn-3.shorter-1" in journal.known
    again = Small()
    assert run(clock, again, Journal(dict(list(journal.known.items())[:4])), seconds=30) == outcome
    assert again.sent == small.sent[-len(again.sent) :]
