"""One fault that several reviewers find is judged once, whatever each of them calls it."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from app.agents.anchor import Anchored, Dropped, consolidate
from app.agents.council import Bench
from app.agents.one_fault import as_one_fault, with_known
from app.agents.pack import Packed, Part
from app.agents.panel import Heard, convene
from app.agents.tools.endings import report_tool
from app.llm.messages import Reply, Request
from app.policy.categories import CATEGORIES, OTHER, category_of
from app.policy.checked import checked
from app.policy.finding import Finding, Outcome, Severity
from app.sandbox.box import Box
from tests.support.agents import Journal, calls

PACKED = Packed("# The change under review", (Part("the diff", (), 8),), ())
WHY = "The caller quotes it already, see `quoted()` in app.py, line 3, so that it cannot occur."


def found(category: str, lines: tuple[int, int] = (3, 5), **more: Any) -> Finding:
    told = {"severity": "major", "path": "m.py", "quote": f"line {lines}", "claim": f"It is {category}.", **more}
    return Finding.model_validate({"category": category, "start_line": lines[0], "end_line": lines[1], **told})


class Council:
    """Each perspective reports what it is told to; `judged` by a text that the challenge must hold."""

    def __init__(self, verdict: str, **said: list[Finding]) -> None:
        self.verdict = verdict
        self.said = said
        self.challenged: list[str] = []

    async def reply(self, request: Request) -> Reply:
        if request.role == "challenger":
            self.challenged.append(request.messages[0].content[0].text)
            return calls(("judge", {"verdict": self.verdict, "reason": WHY}))
        findings = [each.model_dump(mode="json") for each in self.said[request.role.removeprefix("reviewer:")]]
        verdict = "block" if findings else "approve"
        return calls(("report", {"verdict": verdict, "confidence": 0.9, "summary": "So.", "findings": findings}))

    def sit(self) -> dict[str, Heard]:
        async def place(findings: Any) -> Anchored:
            return Anchored(tuple(findings), ())

        bench = Bench(self, cast("Box", None), Path("/nowhere"), Journal(), PACKED.prefix)
        return asyncio.run(convene(bench, PACKED, list(self.said), place))


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [("upheld", Outcome.BLOCKED), ("lowered", Outcome.APPROVED), ("refuted", Outcome.APPROVED)],
)
def test_the_same_fault_under_different_words_is_challenged_once_and_counts_for_both(verdict, outcome):
    first, second = found("sql injection"), found("unsanitized query", (5, 5))
    council = Council(verdict, security=[first], testing=[second])
    heard = council.sit()

    (shown,) = council.challenged
    assert "It is sql injection." in shown
    assert "It is unsanitized query." in shown, "it is judged with the other claim in sight"
    assert {each.outcome for each in heard.values()} == {outcome}
    kept = [each for name in heard for each in heard[name].kept]
    assert len(kept) == (0 if verdict == "refuted" else 1), "and said once"
    assert all("From the testing perspective: It is unsanitized query." in each.why for each in kept)
    assert [by for by, _ in heard["testing"].shared] == (["security"] if verdict == "upheld" else [])


@pytest.mark.parametrize(
    "second",
    [
        found("race"),
        found("injection", (6, 9)),
        found("injection", path="other.py"),
        found("a strange word"),
    ],
    ids=["another kind", "other lines", "another file", "a word that is on no list"],
)
def test_what_may_be_another_fault_is_challenged_by_itself(second):
    council = Council("upheld", security=[found("injection")], testing=[second])
    council.sit()
    assert len(council.challenged) == 2


SAME = {"quote": "KEEP_DAYS = 7"}


def test_a_stale_promise_is_one_fault_whatever_each_perspective_calls_it():
    """To one it is a sentence in the docs, to another what a caller gets."""
    said = {
        "architecture": [found("wrong result", **SAME)],
        "testing": [found("documentation", **SAME)],
        "documentation": [found("documentation", **SAME)],
    }
    council = Council("upheld", **said)
    heard = council.sit()

    (shown,) = council.challenged
    assert "It is wrong result." in shown
    assert "It is documentation." in shown
    (kept,) = [each for name in heard for each in heard[name].kept]
    assert kept.category == "wrong result"
    assert kept.why.count("It is documentation.") == 2
    assert {each.outcome for each in heard.values()} == {Outcome.BLOCKED}


@pytest.mark.parametrize(
    "second",
    [
        found("slow code", **SAME),
        found("documentation", severity="minor", **SAME),
        found("documentation", suggestion="KEEP_DAYS = 30", **SAME),
        found("documentation", quote="KEEP_DAYS = 7\nx = 1"),
        found("documentation", (9, 11), **SAME),
    ],
    ids=["another kind", "advice", "with a repair", "other lines", "the same lines elsewhere"],
)
def test_what_is_said_of_one_line_may_be_two_faults(second):
    said = {"architecture": [found("wrong result", **SAME)], "testing": [second]}
    merged = as_one_fault({name: Anchored(tuple(each), ()) for name, each in said.items()})
    assert {name: list(each.kept) for name, each in merged.items()} == said


def test_who_tells_of_two_kinds_on_one_line_means_two():
    said = {
        "architecture": [found("wrong result", **SAME), found("documentation", **SAME)],
        "testing": [found("documentation", **SAME)],
    }
    council = Council("upheld", **said)
    council.sit()
    assert len(council.challenged) == 2, "and the third is what goes by the same word"


def test_words_that_are_on_no_list_make_nothing_one():
    council = Council("upheld", security=[found("odd")], testing=[found("odd", (4, 4))])
    council.sit()
    assert len(council.challenged) == 2


def test_one_perspective_means_two_faults_when_it_tells_of_two():
    council = Council(
        "upheld", security=[found("injection"), found("injection", (4, 4))], testing=[found("sql", (5, 6))]
    )
    council.sit()
    assert len(council.challenged) == 2


def test_what_is_gone_and_what_stands_beside_it_are_two():
    gone = checked(found("injection"), removed=(3, 5))
    said = {"security": Anchored((gone,), ()), "testing": Anchored((found("injection", (4, 4)),), ())}
    assert as_one_fault(said) == said


def test_the_gravest_stands_for_all_and_a_repair_of_other_lines_is_none_there():
    grave = found("injection", (4, 4), severity="critical")
    light = found("sql", (3, 5), severity="minor", suggestion="x = 1")
    merged = as_one_fault({"testing": Anchored((light,), ()), "security": Anchored((grave,), ())})

    (moved,) = merged["testing"].kept
    assert (moved.start_line, moved.end_line, moved.category, moved.suggestion) == (4, 4, "injection", None)
    assert moved.severity is Severity.MINOR
    assert consolidate({name: each.kept for name, each in merged.items()})["testing"] == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("SQL_Injection", "injection"),
        ("path traversal", "injection"),
        ("authorization", "access control"),
        ("race condition", "race"),
        ("missing lock", "race"),
        ("lock file", "dependency"),
        ("package-lock", "dependency"),
        ("authors", OTHER),
        ("memory leak", "unbounded growth"),
        ("missing tests", "missing test"),
        ("missing-test", "missing test"),
        ("assertion weakened", "weak test"),
        ("off-by-one", "wrong result"),
        ("Vulnerable package", "vulnerable dependency"),
        ("unpinned package", "dependency"),
        ("missing requirement", "missing feature"),
        ("not implemented", "missing feature"),
        ("open redirect", "injection"),
        ("bug", OTHER),
        ("", OTHER),
        *((name, name) for name in CATEGORIES),
    ],
)
def test_words_of_reviewers_have_their_place_on_the_list(word, expected):
    assert category_of(word) == expected


def test_reviewers_are_told_the_list_and_another_word_is_no_error():
    async def none(_report: object) -> str:
        return ""

    tool = report_tool(none)
    told = tool.spec.schema["$defs"]["Finding"]["properties"]["category"]
    assert told["enum"] == list(CATEGORIES)
    report = {
        "verdict": "approve",
        "confidence": 1,
        "summary": "So.",
        "findings": [found("odd").model_dump(mode="json")],
    }
    assert tool.problem(report) is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([], ["known"]),
        ([found("CVE in a package", (3, 3), claim="said")], ["said"]),
        ([found("vulnerable dependency", (2, 4), severity="critical", claim="said")], ["said"]),
        ([found("vulnerable dependency", (3, 3), severity="minor", claim="said")], ["said", "known"]),
        ([found("dependency", (3, 3), claim="said")], ["said", "known"]),
        ([found("vulnerable dependency", (5, 5), claim="said")], ["said", "known"]),
    ],
    ids=["nobody", "in other words", "graver", "as advice", "of another kind", "of other lines"],
)
def test_what_is_known_without_a_reader_is_not_said_twice(said, kept):
    known = found("vulnerable dependency", (3, 3), claim="known")
    assert [each.claim for each in with_known(Anchored(tuple(said), ()), Anchored((known,), ())).kept] == kept


KNOWN = found("vulnerable dependency", (3, 3), claim="left 1 has GHSA-2222-3333-4444.", evidence="GHSA-2222-3333-4444")


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ({"claim": "left may be another's package."}, True),
        ({"claim": "It has GHSA-5555-6666-7777."}, True),
        ({"claim": "It has GHSA-2222-3333-4444."}, False),
        ({"claim": "It is old.", "why": "See GHSA-2222-3333-4444."}, False),
        ({"claim": "It is old.", "evidence": "GHSA-2222-3333-4444"}, False),
    ],
    ids=["no advisory", "another", "the same", "in its reason", "in its case"],
)
def test_an_advisory_is_not_refuted_in_place_of_another_fault_of_its_lines(said, again):
    other = found("vulnerable dependency", (1, 9), **said)
    kept = with_known(Anchored((other,), ()), Anchored((KNOWN,), ())).kept
    assert kept == ((other, KNOWN) if again else (other,))


@pytest.mark.parametrize(("severity", "outcome"), [("major", Outcome.ABSTAINED), ("minor", Outcome.APPROVED)])
def test_what_is_known_and_stands_nowhere_is_no_approval(severity, outcome):
    known = KNOWN.model_copy(update={"severity": Severity(severity)})

    async def place(findings: Any) -> Anchored:
        return Anchored((), tuple(Dropped(each, "its quote stands nowhere") for each in findings))

    council = Council("refuted", dependencies=[])
    bench = Bench(
        council, cast("Box", None), Path("/nowhere"), Journal(), PACKED.prefix, known={"dependencies": [known]}
    )
    heard = asyncio.run(convene(bench, PACKED, ["dependencies"], place))
    assert heard["dependencies"].outcome is outcome
