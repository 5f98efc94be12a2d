"""What is run for a review beside its tests: proofs of what blocks, suggestions, and the coverage report."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.llm.messages import Reply, Request, ToolUse
from app.sandbox.bubblewrap import Bubblewrap
from tests.support.house import House
from tests.support.places import QUICK, Content, Place

TESTED = f'{QUICK}test: "sh check.sh"\ncoverage: out/cover.info\nanalyzers: []\n'
CHECK = """set -e
python3 -c 'import m; assert m.half(4) == 2'
[ -z "$(sed -n '/^two = 3/p' m.py)" ]
mkdir -p out
printf 'SF:/work/m.py\\nDA:1,1\\nDA:2,1\\nDA:3,1\\nDA:4,1\\nDA:5,0\\nDA:6,0\\nend_of_record\\n' > out/cover.info
"""
BEFORE = "def half(n):\n    return n // 2\n"
AFTER = "def half(n):\n    return n / 2\none = 1\ntwo = 2\nthree = 3\nfour = 4\n"


class Reviewers:
    """Testing says what it is given, the challenger upholds it with a proof; nobody else says anything."""

    def __init__(self, findings: list[dict[str, Any]], proof: dict[str, Any] | None = None) -> None:
        self.shown: list[str] = []
        self._findings = findings
        self._proof = proof

    async def reply(self, request: Request) -> Reply:
        self.shown.append(request.shared)
        if request.role == "challenger":
            judged = {"verdict": "upheld", "reason": "It was tried.", "proof": self._proof}
            return Reply((ToolUse("t", "judge", judged),), "tool_use", "reviewers-1")
        found = self._findings if request.role == "reviewer:testing" else []
        blocks = any(each["severity"] == "major" for each in found)
        told = {"verdict": "block" if blocks else "approve", "confidence": 0.9, "summary": "Read.", "findings": found}
        return Reply((ToolUse("t", "report", told),), "tool_use", "reviewers-1")


def says(quote: str, severity: str = "minor", **more: Any) -> dict[str, Any]:
    where = {"path": "m.py", "start_line": 1, "end_line": 1, "quote": quote, "category": f"about {quote.strip()}"}
    return {**where, "severity": severity, "claim": f"{quote.strip()} is wrong.", **more}


@pytest.fixture
def with_sandbox(house: House) -> Iterator[House]:
    bare = house.services
    house.services = replace(bare, box=Bubblewrap())
    yield house
    house.settle()
    house.services = bare


def review(house: House, place: Place, model: Reviewers, files: dict[str, Content]) -> dict[str, str]:
    """The comments on lines, by the line's text; and the head's summary under "summary"."""
    place.main = place.push("main", place.commit({"m.py": BEFORE, "check.sh": CHECK}, place.main), "mona")
    house.settle()
    house.services = replace(house.services, model=model)
    _, number = place.pull(files)
    lines = AFTER.split("\n")
    told = {
        lines[each["line"] - 1].strip(): each["body"]
        for each in place.repository.review_comments.values()
        if each["review"]["pull"] == number
    }
    return {**told, "summary": next(each for each in place.answers(number) if "The council on" in each)}


def stored(house: House, place: Place) -> dict[str, dict[str, Any]]:
    rows = house.rows("SELECT finding FROM findings WHERE repo_id = :id", id=place.repository.id)
    found = [json.loads(value) if isinstance(value, str) else value for (value,) in rows]
    return {each["quote"].strip(): each for each in found}


def steps(house: House, place: Place) -> list[str]:
    query = "SELECT s.name FROM steps s JOIN runs r ON r.id = s.run_id WHERE r.repo_id = :id"
    return [name for (name,) in house.rows(query, id=place.repository.id)]


def test_what_blocks_is_shown_by_running_it_where_that_can_be(with_sandbox: House, new_place: Callable[..., Place]):
    place = new_place(QUICK)
    proof = {
        "command": "python3 try.py",
        "expect": "half(3) is 1.5",
        "files": [{"path": "try.py", "text": "import m\nassert m.half(3) == 1, f'half(3) is {m.half(3)}'\n"}],
    }
    told = review(with_sandbox, place, Reviewers([says("    return n / 2", "major")], proof), {"m.py": AFTER})

    comment = told["return n / 2"]
    assert "<summary>Shown by running</summary>" in comment
    assert "AssertionError: half(3) is 1.5\n[exit code 1]" in comment
    kept = stored(with_sandbox, place)["return n / 2"]
    assert kept["ran"]["shown"] is True
    assert kept["proof"] == proof
    assert sum(".proof-" in name for name in steps(with_sandbox, place)) == 1


def test_suggestions_are_tried_with_the_tests_and_coverage_is_told(
    with_sandbox: House, new_place: Callable[..., Place]
):
    place = new_place(TESTED)
    findings = [
        says("one = 1", suggestion="one = 1  # first"),
        says("two = 2", suggestion="two = 3"),
        says("three = 3", suggestion="three = 3\n"),
        says("four = 4", suggestion="four = 2 + 2\nfive = 5"),
    ]
    model = Reviewers(findings)
    stale = "SF:m.py\nDA:6,1\nend_of_record\n"
    told = review(with_sandbox, place, model, {"m.py": AFTER, "out/cover.info": stale})

    assert "```suggestion\none = 1  # first\n```" in told["one = 1"]
    assert "Applied to this head, the tests pass with it." in told["one = 1"]
    assert "```suggestion" not in told["two = 2"]
    assert "A suggestion is not offered: with it the tests failed (exit code 1)." in told["two = 2"]
    assert "```suggestion" not in told["three = 3"]
    assert "A suggestion is not offered: it changes nothing." in told["three = 3"]
    assert "```suggestion\nfour = 2 + 2\nfive = 5\n```" in told["four = 4"]
    assert stored(with_sandbox, place)["two = 2"]["suggestion"] is None
    # All three together, the first, the others together, and each of these alone.
    assert sum(name.startswith("suggestions-") for name in steps(with_sandbox, place)) == 5

    assert "Tests: passed. They ran 3 of 5 changed lines; not: `m.py:5-6`." in told["summary"]
    (section,) = {each.partition("## Changed lines that no test ran")[2][:400] for each in model.shown}
    assert "The tests ran 3 of 5 changed lines; not:\n- m.py: 5-6" in section


def test_without_a_test_command_a_suggestion_is_offered_and_that_is_said(
    with_sandbox: House, new_place: Callable[..., Place]
):
    place = new_place(QUICK)
    told = review(with_sandbox, place, Reviewers([says("one = 1", suggestion="one = 2")]), {"m.py": AFTER})

    assert "```suggestion\none = 2\n```" in told["one = 1"]
    assert "Not tested: no test command is configured." in told["one = 1"]
    assert "They ran" not in told["summary"]


def test_what_is_said_of_a_removed_line_stands_on_it_and_is_resolved_when_the_line_is_back(
    with_sandbox: House, new_place: Callable[..., Place]
):
    place = new_place(QUICK)
    model = Reviewers([says("    return n // 2", "major")])
    told = review(with_sandbox, place, model, {"m.py": "def half(n):\n"})
    (thread,) = place.repository.review_comments.values()
    assert (thread["side"], thread["line"], len(told)) == ("LEFT", 2, 2)

    with_sandbox.services = replace(with_sandbox.services, model=Reviewers([]))
    place.push("topic", place.commit({"m.py": f"{BEFORE}one = 1\n"}, place.main))
    with_sandbox.settle()

    assert thread["resolved_by"].login == "quorum[bot]"
