import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from app.agents.council import Bench, challenge, review_perspective, settle
from app.llm.errors import OverloadedError
from app.llm.messages import Reply
from app.policy.finding import Finding, Outcome, Report, Severity
from app.sandbox.box import Box
from tests.support.agents import Journal, Model, calls, says

BLOCKING = Finding(
    severity=Severity.MAJOR, category="bug", path="m.py", start_line=1, end_line=1, quote="x", claim="It is wrong."
)
ADVICE = BLOCKING.model_copy(update={"severity": Severity.MINOR})


def report(verdict: str, *findings: Finding) -> Report:
    return Report.model_validate({"verdict": verdict, "confidence": 0.9, "summary": "So.", "findings": list(findings)})


def bench(*replies: Reply | OverloadedError) -> Bench:
    return Bench(Model(*replies), cast("Box", None), Path("/nowhere"), Journal(), "# The change under review")


@pytest.mark.parametrize(
    ("told", "standing", "expected"),
    [
        (report("approve"), [], Outcome.APPROVED),
        (report("approve", ADVICE), [], Outcome.APPROVED),
        (report("approve", BLOCKING), [BLOCKING], Outcome.BLOCKED),
        (report("block", BLOCKING), [BLOCKING], Outcome.BLOCKED),
        # Its one blocking finding was refuted, or pointed nowhere.
        (report("block", BLOCKING), [], Outcome.APPROVED),
        (report("block", ADVICE), [], Outcome.ABSTAINED),
        (report("block"), [], Outcome.ABSTAINED),
        (None, [], Outcome.ABSTAINED),
        (None, [BLOCKING], Outcome.BLOCKED),
    ],
)
def test_only_findings_that_stood_block_and_nothing_usable_is_no_approval(told, standing, expected):
    assert settle(told, standing) is expected


@pytest.mark.parametrize(("severity", "expected"), [("major", Outcome.ABSTAINED), ("minor", Outcome.APPROVED)])
def test_a_blocking_finding_that_stands_nowhere_was_not_refuted(severity: str, expected: Outcome):
    lost = BLOCKING.model_copy(update={"severity": Severity(severity)})
    assert settle(report("block" if severity == "major" else "approve", lost), [], [lost]) is expected


async def none_found(_report: Report) -> str:
    return ""


def test_a_reviewer_is_told_once_what_of_its_report_cannot_be_used():
    async def faults(_report: Report) -> str:
        return "m.py: dropped"

    given = bench(*[calls(("report", report("approve").model_dump(mode="json")))] * 3)
    opinion = asyncio.run(review_perspective(given, "security", faults))
    requests = cast("Model", given.model).sent
    assert opinion.report is not None
    assert len(requests) == 2
    assert requests[1].messages[-1].content[0].content == "m.py: dropped"


def test_a_reviewer_is_asked_from_its_perspective_about_what_all_share():
    given = bench(calls(("report", report("approve").model_dump(mode="json"))))
    opinion = asyncio.run(review_perspective(given, "security", none_found))
    asked = cast("Model", given.model).sent[0]
    assert opinion.report.verdict == "approve"
    assert asked.role == "reviewer:security"
    assert asked.shared == given.shared
    assert {tool.name for tool in asked.tools} == {"read_file", "search", "list_files", "report"}, (
        "nothing that could write or run"
    )


@pytest.mark.parametrize(
    "replies",
    [
        [says("I approve.")],
        [says("No.", "refusal")],
        [OverloadedError("529")],
        [calls(("report", {"verdict": "approve"}))],
        [calls(("report", {**report("approve").model_dump(mode="json"), "confidence": 7}))],
    ],
)
def test_a_reviewer_without_a_usable_answer_has_no_opinion(replies: list[Any]):
    opinion = asyncio.run(review_perspective(bench(*replies), "testing", none_found))
    assert opinion.report is None
    assert opinion.reason


def test_a_challenger_can_refute():
    judged = {"verdict": "refuted", "reason": "The caller checks that."}
    given = bench(calls(("judge", judged)))
    assert asyncio.run(challenge(given, "security", 1, BLOCKING)).upheld is False
    asked = cast("Model", given.model).sent[0]
    assert "It is wrong." in asked.messages[0].content[0].text
    assert {tool.name for tool in asked.tools} == {"read_file", "search", "list_files", "bash", "judge"}


def test_a_challenger_that_fails_leaves_the_finding_upheld():
    outcome = asyncio.run(challenge(bench(says("Hm.")), "security", 1, BLOCKING))
    assert outcome.upheld
    assert "no_tool_call" in outcome.reason
