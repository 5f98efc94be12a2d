"""Two perspectives with one reader: what it may say for each, and who then reads alone."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from app.agents.anchor import Anchored
from app.agents.council import Bench
from app.agents.pack import Packed, Part
from app.agents.panel import Heard, convene
from app.agents.roles import load_role
from app.llm.messages import Reply, Request
from app.policy.finding import Outcome
from app.policy.pairing import PAIRS, pairs_of
from app.sandbox.box import Box
from tests.support.agents import Journal, calls

WHOLE = Packed("# Whole", (Part("the diff", (), 8),), ())
FIVE = ("security", "performance", "architecture", "testing", "documentation")
FINE = {"verdict": "approve", "confidence": 0.9, "summary": "Fine."}
GRAVE = {
    "severity": "major", "category": "c", "path": "a.py", "start_line": 1, "end_line": 1, "quote": "x", "claim": "So.",
}  # fmt: skip


class Readers:
    """`told`: what the reader of testing and documentation reports. All others approve."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.requests: dict[str, Request] = {}

    async def reply(self, request: Request) -> Reply:
        self.requests[request.role] = request
        if request.role == "challenger":
            return calls(("judge", {"verdict": "upheld", "reason": "It was looked at again."}))
        if request.role == "reviewer:testing+documentation":
            return calls(("report", self.told))
        names = request.role.removeprefix("reviewer:").split("+")
        also = [{**FINE, "perspective": name} for name in names[1:]]
        return calls(("report", {**FINE, "also": also} if also else FINE))


def hear(readers: Readers, asked: tuple[str, ...] = FIVE, packed: Packed = WHOLE) -> dict[str, Heard]:
    async def place(findings: Any) -> Anchored:
        return Anchored(tuple(findings), ())

    bench = Bench(readers, cast("Box", None), Path("/nowhere"), Journal(), packed.prefix)
    return asyncio.run(convene(bench, packed, asked, place, together=PAIRS))


def fields_of(request: Request) -> set[str]:
    (report,) = [tool for tool in request.tools if tool.name == "report"]
    return set(cast("Any", report.schema)["properties"])


def test_a_pair_is_offered_room_for_one_report_more():
    readers = Readers(FINE)
    hear(readers)
    (report,) = [tool for tool in readers.requests["reviewer:security"].tools if tool.name == "report"]
    assert cast("Any", report.schema)["properties"]["also"]["maxItems"] == 1


def test_one_repair_is_told_once_by_whatever_name_it_goes():
    both = [{**GRAVE, "category": name, "suggestion": "y"} for name in ("race", "stale value")]
    told = {**FINE, "findings": both[:1], "also": [{**FINE, "perspective": "documentation", "findings": both[1:]}]}
    heard = hear(Readers(told))

    assert [len(heard[name].kept) for name in ("testing", "documentation")] == [1, 0]
    assert [name for name, _ in heard["documentation"].shared] == ["testing"]
    assert {name for name, each in heard.items() if each.outcome is Outcome.BLOCKED} == {"testing", "documentation"}


def test_each_of_a_pair_has_a_verdict_of_its_own():
    told = {**FINE, "also": [{**FINE, "perspective": "documentation", "summary": "Unsaid.", "findings": [GRAVE]}]}
    readers = Readers(told)
    heard = hear(readers)

    assert list(heard) == list(FIVE), "in the order in which they were asked"
    assert {name for name, each in heard.items() if each.outcome is Outcome.BLOCKED} == {"documentation"}
    assert [finding.claim for finding in heard["documentation"].kept] == ["So."]
    assert not heard["testing"].kept
    assert heard["testing"].opinion.report is not None
    assert heard["testing"].opinion.report.summary == "Fine. (Read together with documentation: the change is small.)"
    assert [role for role in readers.requests if role != "challenger"] == [
        "reviewer:security",
        "reviewer:performance+architecture",
        "reviewer:testing+documentation",
    ]


def test_a_pair_reads_what_every_reviewer_reads_and_is_told_both_perspectives():
    readers = Readers({**FINE, "also": [{**FINE, "perspective": "documentation"}]})
    hear(readers)
    alone, pair = readers.requests["reviewer:security"], readers.requests["reviewer:testing+documentation"]
    assert (pair.system, pair.shared, pair.part, pair.tools) == (alone.system, alone.shared, alone.part, alone.tools)
    assert "also" in fields_of(alone)
    task = cast("Any", pair.messages[0].content[0]).text
    assert all(load_role("perspectives", name).prompt in task for name in ("testing", "documentation"))


@pytest.mark.parametrize(
    ("told", "again"),
    [
        (FINE, {"documentation"}),
        ({**FINE, "also": [{**FINE, "perspective": "performance"}]}, {"documentation"}),
        ({**FINE, "also": [{**FINE, "perspective": "documentation"}] * 2}, {"documentation"}),
        ({**FINE, "also": [{**FINE, "perspective": "documentation", "confidence": 0.6}]}, {"documentation"}),
        ({**FINE, "verdict": "block", "also": [{**FINE, "perspective": "documentation"}]}, {"testing"}),
        ({"verdict": "none"}, {"testing", "documentation"}),
    ],
    ids=["missing", "another", "twice", "unsure", "a refusal without a reason", "no answer"],
)
def test_who_has_no_sure_answer_reads_alone(told: dict[str, Any], again: set[str]):
    readers = Readers(told)
    heard = hear(readers)
    assert {each.outcome for each in heard.values()} == {Outcome.APPROVED}
    alone = {role.removeprefix("reviewer:") for role in readers.requests if "+" not in role}
    assert alone == {"security", *again}


def test_what_is_read_in_parts_is_read_by_each_alone_in_all_of_them():
    """Few lines may be so long: a pair would have answered for parts that it never saw."""
    readers = Readers(FINE)
    hear(readers, packed=Packed("# Whole", (Part("a first diff", (), 8), Part("a last diff", (), 8)), ()))
    assert set(readers.requests) == {f"reviewer:{name}" for name in FIVE}
    assert all("a last diff" in str(each) for each in readers.requests.values())


def test_half_a_pair_reads_alone():
    readers = Readers(FINE)
    hear(readers, ("security", "testing"))
    assert set(readers.requests) == {"reviewer:security", "reviewer:testing"}
    assert "also" not in fields_of(readers.requests["reviewer:testing"]), "nobody here speaks for two"


@pytest.mark.parametrize(
    ("asked", "vetoes", "level", "characters", "expected"),
    [
        (FIVE, {"security"}, "medium", 15_999, PAIRS),
        (FIVE, {"security"}, "low", 100, PAIRS),
        (FIVE, {"security"}, "low", 40_000, PAIRS),
        (FIVE, {"security"}, "high", 100, ()),
        (FIVE, {"security"}, "medium", 16_000, ()),
        (FIVE, {"security", "testing"}, "medium", 100, PAIRS[:1]),
        (("security", "architecture", "testing", "documentation"), {"security"}, "medium", 100, PAIRS[1:]),
    ],
)
def test_a_reader_is_shared_where_little_can_go_wrong(asked, vetoes, level, characters, expected):
    assert pairs_of(asked, vetoes, level, characters) == tuple(expected)
