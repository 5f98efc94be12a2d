"""One reading for several perspectives: what it may say for them, and who then reads for themselves."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from app.agents import council
from app.agents.anchor import Anchored, Dropped
from app.agents.council import Bench
from app.agents.light import Light
from app.agents.loop import AgentOutcome, Brief
from app.agents.pack import Packed, Part
from app.agents.panel import Heard, convene
from app.agents.roles import load_role
from app.llm.messages import Reply, Request
from app.policy.effort import EFFORTS
from app.policy.finding import Outcome
from app.policy.risk import Level
from app.policy.values import MicroUsd
from app.sandbox.box import Box
from tests.support.agents import Journal, Model, calls, says

LIGHT = Packed("# Light", (Part("the diff alone", (), 14),), ())
WHOLE = Packed("# Whole", (Part("the diff with all around", (), 24),), ())
TRIVIAL = Light(LIGHT, "only documents")
ASKED = ("security", "testing")
FINE = {"verdict": "approve", "confidence": 0.9, "summary": "Words only."}
ADVICE = {
    "severity": "minor", "category": "c", "path": "a.md", "start_line": 1, "end_line": 1, "quote": "x", "claim": "So.",
}  # fmt: skip


class Readers:
    """`lightly` is the light reviewer's answer; the others approve at length. `asked` are the roles."""

    def __init__(self, lightly: Reply) -> None:
        self.lightly = lightly
        self.asked: list[str] = []
        self.requests: list[Request] = []

    async def reply(self, request: Request) -> Reply:
        self.asked.append(request.role)
        self.requests.append(request)
        return self.lightly if request.role == "light" else calls(("report", {**FINE, "summary": "Read alone."}))


def lightly(*reports: dict[str, Any]) -> Reply:
    return calls(("reports", {"reports": list(reports)}))


def hear(readers: Any, light: Light | None = TRIVIAL, drop: bool = False) -> dict[str, Heard]:
    async def place(findings: Any) -> Anchored:
        return Anchored((), tuple(Dropped(each, "so") for each in findings)) if drop else Anchored(tuple(findings), ())

    bench = Bench(readers, cast("Box", None), Path("/nowhere"), Journal(), WHOLE.prefix)
    return asyncio.run(convene(bench, WHOLE, ASKED, place, light))


def test_one_request_answers_for_all_and_each_has_a_verdict_of_its_own():
    readers = Readers(
        lightly({**FINE, "perspective": "security"}, {**FINE, "perspective": "testing", "summary": "So."})
    )
    heard = hear(readers)

    assert readers.asked == ["light"]
    assert {each.outcome for each in heard.values()} == {Outcome.APPROVED}
    assert [each.opinion.report.summary for each in heard.values() if each.opinion.report] == [
        "Words only. (Read once for several perspectives: only documents.)",
        "So. (Read once for several perspectives: only documents.)",
    ]
    (request,) = readers.requests
    assert request.shared == "# Light\n\nthe diff alone"
    assert all(load_role("perspectives", name).prompt in request.messages[0].content[0].text for name in ASKED)
    assert {tool.name for tool in request.tools} == {"read_file", "search", "list_files", "reports"}, (
        "nothing that could run"
    )


@pytest.mark.parametrize(
    "doubt",
    [
        {**FINE, "verdict": "block"},
        {**FINE, "confidence": 0.6},
        {**FINE, "findings": [{**ADVICE, "severity": "major"}]},
    ],
)
def test_a_perspective_that_is_in_doubt_reads_for_itself(doubt: dict[str, Any]):
    readers = Readers(lightly({**doubt, "perspective": "security"}, {**FINE, "perspective": "testing"}))
    heard = hear(readers)

    assert readers.asked == ["light", "reviewer:security"]
    assert heard["security"].opinion.report.summary == "Read alone."
    assert readers.requests[1].shared.startswith("# Whole")
    assert heard["security"].kept == (), "a doubt is no finding"


@pytest.mark.parametrize(
    "answer",
    [
        says("I approve of all."),
        says("No.", "refusal"),
        lightly({**FINE, "perspective": "nobody"}),
        lightly({**FINE, "perspective": "Security"}),
        calls(("reports", {"reports": []})),
        calls(("report", FINE)),
        lightly(*[{**FINE, "perspective": name} for name in (*ASKED, *ASKED)]),
    ],
)
def test_what_is_missing_said_twice_or_no_answer_approves_nothing(answer: Reply):
    readers = Readers(answer)
    heard = hear(readers)

    assert set(readers.asked) == {"light", "reviewer:security", "reviewer:testing"}
    assert [each.opinion.report.summary for each in heard.values() if each.opinion.report] == ["Read alone."] * 2


def test_advice_is_taken_along_and_told_when_it_cannot_be_placed():
    answer = lightly({**FINE, "perspective": "security", "findings": [ADVICE]}, {**FINE, "perspective": "testing"})
    assert len(hear(Readers(answer))["security"].kept) == 1

    readers = Readers(answer)
    hear(readers, drop=True)
    assert readers.asked == ["light", "light"]
    assert "It is dropped: so." in readers.requests[1].messages[-1].content[0].content


def test_what_is_not_trivial_is_not_read_lightly():
    readers = Readers(says("Nobody asks me."))
    hear(readers, None)
    assert readers.asked == ["reviewer:security", "reviewer:testing"]


@pytest.mark.parametrize(("level", "turns"), [("low", 9), ("medium", 15), ("high", 24)])
def test_a_reviewer_has_as_many_turns_as_the_risk_is_worth(level: Level, turns: int, monkeypatch: pytest.MonkeyPatch):
    briefs: list[Brief] = []

    async def run_agent(brief: Brief, **_: Any) -> AgentOutcome:
        briefs.append(brief)
        return AgentOutcome("turns", None, 0, MicroUsd(0), "m")

    monkeypatch.setattr(council, "run_agent", run_agent)
    bench = Bench(Model(), cast("Box", None), Path("/nowhere"), Journal(), "", effort=EFFORTS[level])
    asyncio.run(council.review_perspective(bench, "security", cast("council.Faults", None)))
    assert briefs[0].max_turns == turns


def test_nobody_has_too_few_turns_to_look():
    assert EFFORTS["low"].turns_of(1) == 4
