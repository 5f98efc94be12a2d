"""A perspective reads no more than its file says; to a provider all readers have the same tools."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.agents.council import Bench, review_perspective
from app.agents.light import Light, read_lightly
from app.agents.pack import Packed, Part
from app.llm.messages import Reply, Request, ToolResult
from app.policy.config import parse_policy
from app.policy.reads import least
from app.policy.words import words_on
from app.sandbox.box import Result
from tests.support.agents import Journal, calls
from tests.support.own import own_file

PACKED = Packed("# The change under review", (Part("the diff", (), 8),), ())
CALLS = (
    ("read_file", {"path": "m.py"}),
    ("read_file", {"path": "./m.py"}),
    ("read_file", {"path": "other.py"}),
    ("read_file", {"path": "x/../m.py"}),
    ("search", {"pattern": "x", "path": "m.py"}),
    ("list_files", {"glob": "*"}),
)
NAMES = "perspectives: [security, wording]\n"


class Box:
    """Notes what was started."""

    def __init__(self) -> None:
        self.started: list[str] = []

    async def run(self, argv: Any, **_: Any) -> Result:
        self.started.append(" ".join(argv[:1]))
        return Result(0, "text\n")


class Reader:
    """Calls every tool, then reports, as whoever it is asked for."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    async def reply(self, request: Request) -> Reply:
        self.asked.append(request)
        if len(request.messages) == 1:
            return calls(*CALLS)
        report = {"verdict": "approve", "confidence": 0.9, "summary": "Read.", "findings": []}
        if request.role == "light":
            return calls(("reports", {"reports": [{**report, "perspective": "wording"}]}))
        return calls(("report", report))


async def none_found(_report: object) -> str:
    return ""


def bench(reads: str | None) -> Bench:
    more = {} if reads is None else {"reads": reads}
    words = words_on(parse_policy(NAMES, [own_file(**more)]), ["m.py"])
    changed = frozenset({"m.py"})
    return Bench(Reader(), Box(), Path("/nowhere"), Journal(), "# The change", words=words, changed=changed)


def results(asked: list[Request]) -> list[bool]:
    """Of each call, whether it was made."""
    return [not each.is_error for each in asked[1].messages[-1].content if isinstance(each, ToolResult)]


@pytest.mark.parametrize(
    ("reads", "made"),
    [
        (None, [True] * 6),
        ("repository", [True] * 6),
        ("changed_files", [True, True, False, False, False, False]),
        ("diff", [False] * 6),
    ],
)
def test_tools_refuse_what_a_perspective_may_not_read(reads, made):
    given = bench(reads)
    assert asyncio.run(review_perspective(given, "wording", none_found)).report is not None
    assert results(given.model.asked) == made
    assert len(given.box.started) == sum(made), "what is refused is not done either"
    told = given.model.asked[0].messages[0].content[0].text
    assert ("tools" in told.split("<project")[-1]) is (reads in {"diff", "changed_files"}), "and its reader knows"


def test_to_a_provider_narrow_readers_and_others_have_the_same_tools():
    specs = []
    for reads, name in (("diff", "wording"), (None, "security")):
        given = bench(reads)
        asyncio.run(review_perspective(given, name, none_found))
        specs.append([(tool.name, tool.description, tool.schema) for tool in given.model.asked[0].tools])
    assert specs[0] == specs[1]


def test_who_reads_for_several_reads_no_more_than_each_of_them():
    given = bench("diff")
    asyncio.run(read_lightly(given, Light(PACKED, "it is small"), ["security", "wording"], none_found))
    assert results(given.model.asked) == [False] * 6
    assert least() == least("repository") == "repository"
    assert least("repository", "diff", "changed_files") == "diff"
