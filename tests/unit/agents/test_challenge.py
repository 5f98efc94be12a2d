"""What a challenger is shown and may say, and what becomes of a finding; nobody votes with others' votes in sight."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from app.agents.anchor import Anchored, Dropped, consolidate
from app.agents.council import Bench, challenge
from app.agents.pack import Packed, Part
from app.agents.panel import Heard, convene
from app.agents.tools.endings import Judge, judge_tool
from app.llm.messages import Reply, Request
from app.policy.finding import Finding, Outcome, Severity
from app.sandbox.box import Box
from tests.support.agents import Journal, Model, calls, says

PACKED = Packed("# The change under review", (Part("the diff", (), 8),), ())
LONG = "The route is only served inside of the cluster, see `serve(internal=True)` in app.py, line 3."
BLOCKING = Finding(
    severity=Severity.MAJOR, category="bug", path="m.py", start_line=1, end_line=1, quote="x", claim="It is wrong."
)


def finding(severity: str, claim: str, quote: str = "x", **more: Any) -> dict[str, Any]:
    told = {"severity": severity, "category": "bug", "path": "m.py", "start_line": 1, "end_line": 1}
    return {**told, "quote": quote, "claim": claim, **more}


def report(*findings: dict[str, Any]) -> dict[str, Any]:
    verdict = "block" if any(each["severity"] in {"critical", "major"} for each in findings) else "approve"
    return {"verdict": verdict, "confidence": 0.9, "summary": "So.", "findings": list(findings)}


class Council:
    """Says by role what it is told to, after a turn without any word; `asked` are all requests in order."""

    def __init__(self, judged: str = "upheld", reason: str = LONG, **reports: dict[str, Any]) -> None:
        self.reports = reports
        self.judged = {"verdict": judged, "reason": reason}
        self.asked: list[Request] = []

    async def reply(self, request: Request) -> Reply:
        self.asked.append(request)
        await asyncio.sleep(0)  # the others have their turn
        if len(request.messages) == 1:
            return says("Let me see.")
        if request.role == "challenger":
            return calls(("judge", self.judged))
        return calls(("report", self.reports[request.role.removeprefix("reviewer:")]))


async def place(findings: Any) -> Anchored:
    return Anchored(tuple(findings), ())


def sit(council: Council) -> dict[str, Heard]:
    bench = Bench(council, cast("Box", None), Path("/nowhere"), Journal(), PACKED.prefix)
    return asyncio.run(convene(bench, PACKED, list(council.reports), place))


def texts(request: Request) -> str:
    return repr((request.system, request.shared, request.part, request.messages))


def test_nobody_sees_what_others_found_before_all_have_voted():
    names = ("security", "testing", "architecture")
    council = Council(**{name: report(finding("major", f"Found by {name}.", name)) for name in names})
    sit(council)

    reading = [each for each in council.asked if each.role != "challenger"]
    assert len(reading) == 2 * len(names)
    assert not any("Found by" in texts(each) for each in reading), "not even by who was asked later"
    first_challenge = next(index for index, each in enumerate(council.asked) if each.role == "challenger")
    assert first_challenge == len(reading), "what is found is shown when all votes are in"


def test_a_challenger_is_shown_what_is_claimed_and_not_why():
    said = BLOCKING.model_copy(
        update={"why": "Everybody would be harmed.", "evidence": "f(0) gives 1, not 0." + " And so on." * 400}
    )
    model = Model(calls(("judge", {"verdict": "upheld", "reason": LONG})))
    bench = Bench(model, cast("Box", None), Path("/nowhere"), Journal(), "# The change under review")
    asyncio.run(challenge(bench, "security", 1, said))

    shown = model.sent[0].messages[0].content[0].text
    assert all(part in shown for part in ("m.py, lines 1 to 1, major", "It is wrong.", "f(0) gives 1, not 0."))
    assert "Everybody would be harmed" not in shown
    assert len(shown) < 2500, "arguments at length are left out, wherever they stand"
    assert "security" not in shown, "nor who says it"


def test_what_is_lowered_stands_as_advice_and_blocks_no_more():
    heard = sit(Council("lowered", security=report(finding("critical", "A hole.", evidence="f(0)"))))["security"]

    (kept,) = heard.kept
    assert heard.outcome is Outcome.APPROVED
    assert kept.severity is Severity.MINOR
    assert kept.evidence == f"f(0)\n\nChallenged and lowered from critical: {LONG}"
    assert heard.withdrawn == ()


def test_who_said_the_same_is_lowered_with_it():
    same = finding("major", "It is wrong.")
    heard = sit(Council("lowered", security=report(same), testing=report(same)))

    assert {each.outcome for each in heard.values()} == {Outcome.APPROVED}
    assert [len(each.kept) for each in heard.values()] == [1, 0]
    assert all(each.shared == () for each in heard.values())


def test_who_refuses_for_one_finding_has_not_judged_another_that_stands_nowhere():
    async def only_x(findings: Any) -> Anchored:
        lost = [each for each in findings if each.quote == "lost"]
        return Anchored(tuple(each for each in findings if each not in lost), tuple(Dropped(each, "") for each in lost))

    def outcome(lost: str) -> Heard:
        council = Council(testing=report(finding("major", "It is wrong."), finding(lost, "A hole.", "lost")))
        bench = Bench(council, cast("Box", None), Path("/nowhere"), Journal(), PACKED.prefix)
        return asyncio.run(convene(bench, PACKED, ["testing"], only_x))["testing"]

    assert outcome("major").outcome is outcome("minor").outcome is Outcome.BLOCKED
    assert outcome("major").opinion.whole is None, "else it were enough to dismiss the one that has a place"
    assert outcome("minor").opinion.whole is not None


@pytest.mark.parametrize(
    ("judged", "outcome", "severities"),
    [("upheld", Outcome.BLOCKED, ["major"]), ("refuted", Outcome.APPROVED, [])],
)
def test_what_is_upheld_blocks_and_what_is_refuted_is_gone(judged: str, outcome: Outcome, severities: list[str]):
    heard = sit(Council(judged, security=report(finding("major", "It is wrong."))))["security"]

    assert heard.outcome is outcome
    assert [each.severity.value for each in heard.kept] == severities


def test_one_that_is_lowered_leaves_the_others_blocking():
    two = report(finding("major", "One."), finding("major", "Two.", "y"))
    council = Council("lowered", security=two)
    of_one = council.reply

    async def reply(request: Request) -> Reply:
        told = await of_one(request)
        if request.role == "challenger" and "Two." in texts(request) and len(request.messages) > 1:
            return calls(("judge", {"verdict": "upheld", "reason": LONG}))
        return told

    council.reply = reply  # type: ignore[method-assign]
    heard = sit(council)["security"]
    assert heard.outcome is Outcome.BLOCKED
    assert [each.severity.value for each in heard.kept] == ["minor", "major"]


def test_the_word_of_the_challenge_is_never_cut_off():
    heard = sit(Council("upheld", security=report(finding("major", "So.", evidence="e" * 8000))))["security"]

    assert len(heard.kept[0].evidence) == 8000
    assert heard.kept[0].evidence.endswith(f"Challenged and upheld: {LONG}")


@pytest.mark.parametrize(
    ("critical", "verdict", "reason", "ends"),
    [
        (True, "lowered", "It is not so bad.", False),
        (True, "lowered", LONG, True),
        (True, "refuted", "It is not so.", True),
        (True, "upheld", "It is just so.", True),
        (False, "lowered", "It is not so bad.", True),
    ],
)
def test_what_is_critical_is_not_lowered_in_passing(critical: bool, verdict: str, reason: str, ends: bool):
    tool = judge_tool(critical=critical)
    output = asyncio.run(tool.run(Judge(verdict=verdict, reason=reason).model_dump()))
    assert (output.ends, output.is_error) == (ends, not ends)


def test_a_critical_claim_that_nobody_could_lower_is_upheld():
    heard = sit(Council("lowered", "Not so bad.", security=report(finding("critical", "A hole."))))["security"]
    assert heard.outcome is Outcome.BLOCKED


def test_of_findings_in_one_place_the_gravest_is_challenged():
    grave = BLOCKING.model_copy(update={"severity": Severity.CRITICAL})
    assert consolidate({"testing": [BLOCKING], "security": [grave]}) == {"testing": [], "security": [grave]}
