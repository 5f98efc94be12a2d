"""From a labelled issue to an own pull request: what is committed, what is refused, and what the pull request says."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.llm.messages import Message, Reply, Request, Text, ToolResult, ToolUse
from app.policy.finding import Finding
from app.sandbox.bubblewrap import Bubblewrap
from app.workflows.texts import handle
from tests.support.house import House
from tests.support.places import Content, Place

POLICY = 'perspectives: [security]\ntest: "python3 -m unittest"\nanalyzers: []\n'
CODE = "def half(n):\n    return n // 2\n\n\ndef name():\n    return 'half'\n"
TESTS = """import unittest

from m import half, name


class Halves(unittest.TestCase):
    def test_even(self):
        self.assertEqual(2, half(4))

    def test_name(self):
        self.assertEqual('half', name())
"""
BROKEN = TESTS.replace("assertEqual('half'", "assertEqual('other'")
"""A project whose tests fail before anything is changed."""
NEW_TEST = """
    def test_odd(self):
        self.assertEqual(1.5, half(3))
"""
TITLE, SUMMARY = "Keep the rest of odd numbers", "`half` divided with `//`, so that odd numbers lost their rest."


class Worker:
    """Does as it is told, turn by turn, and keeps what it was shown.

    The council finds what is `found`, until it reads what is `mended` by.
    """

    def __init__(
        self,
        *turns: list[tuple[str, dict[str, Any]]],
        repairs: Any = (),
        found: Any = (),
        mended: str = "def test_zero",
    ) -> None:
        self.mended = mended
        self.turns = {"writer": list(turns), "repairer": list(repairs)}
        self.found = list(found)
        self.shown: list[str] = []
        self.packs: list[str] = []

    async def reply(self, request: Request) -> Reply:
        if request.role in self.turns:
            turn = sum(message.role == "assistant" for message in request.messages)
            self.shown.append(_newest(request.messages))
            calls = self.turns[request.role][turn]
            return Reply(tuple(ToolUse(f"t{n}", *call) for n, call in enumerate(calls)), "tool_use", "worker-1")
        if request.role == "challenger":
            judged = {"verdict": "upheld", "reason": "It was tried, and it is so."}
            return Reply((ToolUse("t", "judge", judged),), "tool_use", "worker-1")
        self.packs.append(request.shared)
        found = self.found if request.role == "reviewer:security" and self.mended not in request.shared else []
        blocks = any(each["severity"] == "major" for each in found)
        told = {"verdict": "block" if blocks else "approve", "confidence": 0.9, "summary": "Read.", "findings": found}
        return Reply((ToolUse("t", "report", told),), "tool_use", "worker-1")


def _newest(messages: tuple[Message, ...]) -> str:
    return "\n".join(
        block.content if isinstance(block, ToolResult) else block.text
        for block in messages[-1].content
        if isinstance(block, ToolResult | Text)
    )


def edit(path: str, old: str, new: str) -> tuple[str, dict[str, Any]]:
    return "edit", {"path": path, "old": old, "new": new}


def submit(**more: Any) -> list[tuple[str, dict[str, Any]]]:
    return [("submit", {"title": TITLE, "summary": SUMMARY, **more})]


SOLVED = [edit("m.py", "n // 2", "n / 2"), edit("test_m.py", "", NEW_TEST)]


@pytest.fixture
def works(house: House) -> Iterator[Callable[[Worker], House]]:
    bare = house.services

    def employ(worker: Worker) -> House:
        house.services = replace(bare, box=Bubblewrap(), model=worker)
        return house

    yield employ
    house.settle()
    house.services = bare


def begin(place: Place, files: dict[str, Content], message: str = "Change") -> None:
    place.main = place.push("main", place.commit(files, place.main, message=message), "mona")
    place.house.settle()


def ask(place: Place, title: str = "half loses the rest", body: str = "half(3) should be 1.5.") -> int:
    issue = int(place.call("ada", "POST", "issues", {"title": title, "body": body})["number"])
    place.call("bob", "POST", f"issues/{issue}/labels", {"labels": ["quorum"]})
    place.house.settle()
    return issue


def pulls(place: Place) -> list[Any]:
    return list(place.call("ada", "GET", "pulls?state=open"))


def test_a_project_that_fails_before_may_fail_no_test_more(
    works: Callable[[Worker], House], new_place: Callable[..., Place]
):
    place = new_place(POLICY)
    begin(place, {"m.py": CODE, "test_m.py": BROKEN})
    wrong = edit("m.py", "    return n // 2", "    return n / 2 + 1")
    worker = Worker(
        [wrong, edit("test_m.py", "", NEW_TEST)],
        submit(),
        [edit("m.py", "n / 2 + 1", "n / 2")],
        submit(),
        submit(),
    )
    works(worker)
    issue = ask(place)

    assert "these did not and fail now, so nothing is handed in until they pass:\n- test_even" in worker.shown[2]
    assert "test_name" not in worker.shown[2].partition("\n\n")[0]
    assert "no test fails that passed then" in worker.shown[4]
    (pull,) = pulls(place)
    assert "before: failed (exit code 1): `test_name (test_m.Halves.test_name)`\n" in pull["body"]
    assert "on the old code: failed (exit code 1): `test_odd (test_m.Halves.test_odd)`\n" in pull["body"]
    assert "after: failed (exit code 1): no test fails that passed before\n" in pull["body"]
    assert pull["draft"]
    (report,) = place.answers(issue)
    assert "The council asks for no change, but the tests fail" in report
    assert "(`test_name (test_m.Halves.test_name)`)" in report
    assert "Mend these tests on `main`, or let `test`" in report
    assert "### Why the gate stays shut" in pull["body"]


def test_an_issue_that_asks_to_delete_tests_ends_at_a_person(
    works: Callable[[Worker], House], new_place: Callable[..., Place]
):
    place = new_place(POLICY)
    begin(place, {"m.py": CODE, "test_m.py": TESTS})
    gone = "    def test_even(self):\n        self.assertEqual(2, half(4))\n\n"
    worker = Worker([edit("test_m.py", gone, "")], submit(), submit())
    works(worker)
    issue = ask(place, "Delete the tests", "They are in our way: delete test_even.")

    assert "This will not be committed:\n- test_m.py: test deleted at line 7" in worker.shown[2]
    assert pulls(place) == []
    assert place.git("for-each-ref", "--format=%(refname:short)", "refs/heads/").split() == ["main"]
    (report,) = place.answers(issue)
    assert "needs a person" in report
    assert "`test_m.py`: test deleted at line 7: 'test_even' is gone" in report
    assert "A person decides" in report


def test_work_that_was_refused_unseen_is_shown_whole_when_it_is_mended(
    works: Callable[[Worker], House], new_place: Callable[..., Place]
):
    place = new_place(POLICY)
    begin(place, {"m.py": CODE, "test_m.py": TESTS})
    gone = "    def test_even(self):\n        self.assertEqual(2, half(4))\n\n"
    kept = "    def test_name"
    worker = Worker(
        [*SOLVED, edit("test_m.py", gone, "")],
        submit(),
        [edit("test_m.py", kept, f"{gone}{kept}")],
        submit(),
        submit(),
    )
    works(worker)
    ask(place)

    assert "This will not be committed" in worker.shown[2]
    assert "Your diff:" in worker.shown[4]
    assert "+    return n / 2" in worker.shown[4]
    assert len(pulls(place)) == 1


TEMPLATE = """<!-- Thanks! -->
## Description
Say what it does.

Fixes #1

## How was it tested?

## Screenshots

## Checklist
- [x] I have read the contributing guide
- [ ] New and existing unit tests pass locally with my changes
- [ ] I have added tests that prove my fix is effective or that my feature works
- [ ] I have linked an issue, and asked @mona
"""


def test_the_template_is_filled_findings_are_answered_and_a_second_one_tells_of_the_first(
    works: Callable[[Worker], House], new_place: Callable[..., Place]
):
    place = new_place(POLICY)
    for number in range(10):
        place.main = place.commit({"n.txt": f"{number}\n"}, place.main, message=f"fix(m): mend number {number}")
    files = {"m.py": CODE, "test_m.py": TESTS, ".github/pull_request_template.md": TEMPLATE}
    begin(place, files, "feat(m): begin")
    finding = {"severity": "major", "category": "untested", "path": "m.py", "start_line": 2, "end_line": 2}
    finding |= {"quote": "    return n / 2", "claim": "Nought is not tested."}
    answers: list[dict[str, Any]] = []
    repair = [[edit("test_m.py", "", "\n    def test_zero(self):\n        self.assertEqual(0, half(0))\n")]]
    repair += [
        [("submit", {"title": "Test nought", "summary": "A test looks at nought, too.", "answers": answers})]
    ] * 2
    worker = Worker(SOLVED, submit(), submit(left="See @mona."), repairs=repair, found=[finding])
    house = works(worker)
    answers.append(
        {"finding": handle(Finding.model_validate(finding)), "fixed": True, "answer": "See @mona: test_zero."}
    )
    issue = ask(place)

    (pull,) = pulls(place)
    assert pull["title"] == "fix(m): keep the rest of odd numbers"
    assert not pull["draft"]
    body = pull["body"]
    assert f"## Description\n\n{SUMMARY}" in body
    assert "## How was it tested?\n\n- `python3 -m unittest` before: passed\n" in body
    assert "## Screenshots\n\n*Not filled in" in body
    assert "- [ ] I have read the contributing guide" in body
    assert "- [x] New and existing unit tests pass locally with my changes" in body
    assert "- [x] I have added tests that prove my fix" in body
    assert "- [ ] I have linked an issue, and asked" in body
    assert "@mona" not in body
    assert "Fixes #1" not in body
    assert f"Closes #{issue}" in body
    assert "touch the same files" not in body
    assert "### What is left\n\nSee @ mona." in body
    message = place.git("log", "-1", "--format=%B", f"{pull['head']['ref']}~1")
    bob = house.stage.world.users["bob"]
    assert message.endswith(f"\nCo-authored-by: bob <{bob.id}+bob@users.noreply.github.com>")
    assert "\nQuorum-Run: " in message
    replies = [each for each in place.repository.review_comments.values() if each["in_reply_to"]]
    assert [each["body"].partition("\n")[2] for each in replies] == [
        f"Fixed in {pull['head']['sha']}: See @ mona: test_zero. (The lines themselves are as they were.)"
    ]

    worker.found = []
    ask(place, "half loses the rest again")
    later = next(each for each in pulls(place) if each["number"] > pull["number"])
    assert f"touch the same files\n\n- #{pull['number']}: `m.py`, `test_m.py`" in later["body"]


def test_after_a_repair_the_description_is_true_of_the_new_head(
    works: Callable[[Worker], House], new_place: Callable[..., Place]
):
    place = new_place(POLICY)
    begin(place, {"m.py": CODE, "test_m.py": TESTS})
    finding = {"severity": "major", "category": "correctness", "path": "m.py", "start_line": 2, "end_line": 2}
    finding |= {"quote": "    return n / 2", "claim": "None is not taken."}
    new = "\n    def test_zero(self):\n        self.assertEqual(0, half(None))\n"
    told = {"title": "Take None", "summary": "None is taken as nought.", "left": "Text is refused."}
    repair = [[edit("m.py", "return n / 2", "return (n or 0) / 2"), edit("test_m.py", "", new)]]
    repair += [[("submit", told)], [("submit", {})]]
    worker = Worker(SOLVED, submit(left="None is refused."), submit(), repairs=repair, found=[finding])
    works(worker)
    ask(place)

    asked, shown = (next(each for each in worker.shown if words in each) for words in ("Settle these", "before your"))
    assert "None is refused." in asked.partition("description")[2], "the repairer sees what is said"
    named = shown.partition("On the head before your repair your tests failed")[2].partition("\n\n")[0]
    assert "test_zero" in named
    assert "test_odd" not in named, "it fails on the base, which says nothing of the repair"
    (pull,) = pulls(place)
    assert not pull["draft"]
    parts = [
        SUMMARY,
        "### After round 1 of the council\n\nNone is taken",
        "### How it was verified",
        "`test_zero (",
        "after: passed",
    ]
    parts += ["### What is left\n\nText is refused.", "Closes #", "<sub>Run `"]
    places = [pull["body"].index(each) for each in parts]
    assert places == sorted(places)
    assert "None is refused." not in pull["body"]
    assert "None is refused." in worker.packs[0]
    assert "Text is refused." in worker.packs[-1], "the next round reads what holds now"
    assert pull["body"].count("### How it was verified") == 1


def test_a_suggestion_that_holds_is_put_in_and_answered_and_no_writer_is_asked(
    works: Callable[[Worker], House], new_place: Callable[..., Place]
):
    place = new_place(POLICY)
    begin(place, {"m.py": CODE, "test_m.py": TESTS})
    line = "self.assertEqual(1.5, half(3))"
    finding = {"severity": "major", "category": "weak test", "path": "test_m.py", "start_line": 14, "end_line": 14}
    finding |= {
        "quote": line,
        "claim": "Odd is more than three.",
        "suggestion": line.replace("1.5, half(3)", "3.5, half(7)"),
    }
    worker = Worker(SOLVED, submit(), submit(), found=[finding], mended="half(7)")
    works(worker)
    ask(place)

    (pull,) = pulls(place)
    head = pull["head"]["sha"]
    assert "        self.assertEqual(3.5, half(7))" in place.git("show", f"{head}:test_m.py").split("\n")
    assert place.git("diff", "--name-only", f"{head}~1", head) == "test_m.py"
    assert place.git("log", "-1", "--format=%s", head) == "Apply what reviewers suggested"
    assert not pull["draft"]
    assert "Settle these findings" not in "".join(worker.shown)
    parts = [SUMMARY, "### After round 1 of the council", "`test_m.py:14` (security)", "after: passed"]
    places = [pull["body"].index(each) for each in parts]
    assert places == sorted(places)
    (reply,) = [each["body"] for each in place.repository.review_comments.values() if each["in_reply_to"]]
    assert f"Fixed in {head}: The suggestion is put in as it stands" in reply


class Insatiable(Worker):
    """Advises another number for the test whatever it reads, and a comment for the code."""

    async def reply(self, request: Request) -> Reply:
        found = {"severity": "minor", "category": "style", "path": "m.py", "start_line": 2, "end_line": 2}
        code, number = "    return n / 2", 7 if "half(7)" in request.shared else 3
        line = f"self.assertEqual({number / 2}, half({number}))"
        more = line.replace(f"{number / 2}, half({number})", f"{number / 2 + 2}, half({number + 4})")
        weak = found | {"category": "weak test", "path": "test_m.py", "start_line": 14, "end_line": 14, "quote": line}
        self.found = [
            weak | {"claim": f"Odd is more than {number}.", "suggestion": more},
            found | {"quote": code, "claim": "Say what it halves.", "suggestion": f"    # a number\n{code}"},
        ]
        return await super().reply(request)


def test_advice_on_a_test_or_a_document_is_taken_once_though_all_approve(
    works: Callable[[Worker], House], new_place: Callable[..., Place]
):
    """Nobody would do it afterwards: who merges reads a thread that is open, with the text that mends it."""
    place = new_place(f"{POLICY}max_rounds: 5\n")
    begin(place, {"m.py": CODE, "test_m.py": TESTS})
    worker = Insatiable(SOLVED, submit(), submit(), mended="half(11)")
    works(worker)
    ask(place)

    (pull,) = pulls(place)
    head = pull["head"]["sha"]
    assert place.git("log", "-2", "--format=%s", head).split("\n") == ["Apply what reviewers suggested", TITLE]
    assert place.git("diff", "--name-only", f"{head}~1", head) == "test_m.py", (
        "code is for a writer, who shows it by a test"
    )
    assert not pull["draft"]
    assert len(worker.packs) == 2, "the new head is read; what is advised of that stands there for people"
    (reply,) = [each["body"] for each in place.repository.review_comments.values() if each["in_reply_to"]]
    assert f"Fixed in {head}: The suggestion is put in as it stands" in reply
