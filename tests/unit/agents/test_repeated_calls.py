"""What is called again for one result need not be said again, and fields that nobody needs are not offered."""

import asyncio
import json
from typing import Any

from app.agents.loop import AgentOutcome, Brief, run_agent
from app.agents.tools.endings import report_tool
from app.agents.tools.handing_in import Submit, repair_tool, submit_tool
from app.agents.tools.responses import respond_tool
from app.policy.finding import Report
from tests.support.agents import Journal, Model, calls

FIRST = {"title": "Round to cents", "summary": "The sum is rounded once, at its very end.", "left": "The old reports."}


async def shown(_known: str) -> tuple[bool, str]:
    return True, "Your diff: +1 -1"


async def measured(_command: str) -> tuple[bool, str]:
    return True, ""


def run(*turns: Any) -> tuple[AgentOutcome, Model]:
    model, journal = Model(*[calls(("submit", each)) for each in turns]), Journal()
    brief = Brief("agent", "writer", "You mend.", "Mend it.", max_turns=4)
    outcome = asyncio.run(run_agent(brief, model=model, tools=[submit_tool(shown)], steps=journal))
    again = asyncio.run(run_agent(brief, model=Model(), tools=[submit_tool(shown)], steps=Journal(dict(journal.known))))
    assert again == outcome, "a replay hands in the same"
    return outcome, model


def test_what_the_second_call_leaves_out_is_as_the_first_gave_it():
    assert run(FIRST, {})[0].value == FIRST
    assert run(FIRST, {"left": "", "title": "Round once"})[0].value == {**FIRST, "left": "", "title": "Round once"}


def test_the_first_call_has_to_say_all():
    outcome, model = run({"title": FIRST["title"]}, FIRST, {})
    assert "summary: Field required" in model.sent[1].messages[-1].content[0].content
    assert outcome.value == FIRST


def test_of_a_call_that_could_not_be_understood_nothing_is_kept():
    outcome, _ = run({**FIRST, "left": 7}, {key: FIRST[key] for key in ("title", "summary")}, {})
    assert "left" not in (outcome.value or {})


def offered(tool: Any) -> dict[str, Any]:
    return tool.spec.schema["properties"]


def test_fields_are_offered_to_who_needs_them_only():
    assert "measure" not in offered(submit_tool(shown))
    assert "measure" in offered(submit_tool(shown, measured))
    assert "required" not in repair_tool(shown, ()).spec.schema
    whole, plain = {"answers", "points", "left"}, {"title", "summary"}
    assert set(offered(repair_tool(shown, ["0a1b2c3d"]))) == whole | plain
    assert set(offered(repair_tool(shown, ()))) == {"points", "left"} | plain
    assert set(offered(repair_tool(shown, (), described=False))) == plain
    answered = set(offered(respond_tool(1, shown)))
    assert answered - set(offered(respond_tool(1, shown, described=False))) == {"points", "left"}

    async def faults(_report: Report) -> str:
        return ""

    alone, large, pair = (report_tool(faults, **told) for told in ({}, {"walk": True}, {"pair": True}))
    fields = {"verdict", "confidence", "summary", "findings"}
    assert [set(offered(each)) - fields for each in (alone, large, pair)] == [set(), {"walkthrough"}, {"also"}]
    assert "AlsoReport" not in json.dumps(alone.spec.schema)
    assert set(alone.spec.schema["$defs"]) == {"Finding", "Severity"}
    assert alone.problem({"verdict": "approve", "confidence": 1, "summary": "Fine.", "also": []}) is None


def test_the_fields_of_one_call_are_not_those_of_another_tool():
    assert set(offered(submit_tool(shown, measured, planned=True))) == set(Submit.model_fields)
