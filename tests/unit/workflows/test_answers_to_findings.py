"""What is said of a finding after a repair, and where."""

import pytest

from app.forge.threads import Thread
from app.forge.touched import Touch
from app.policy.finding import Finding, Severity
from app.policy.values import Sha
from app.workflows.answering import render_answer, thread_of
from app.workflows.standing import Voiced
from app.workflows.texts import handle, render_inline

OLD, NEW = Sha("a" * 40), Sha("b" * 40)
FINDING = Finding(
    severity=Severity.MAJOR, category="bug", path="m.py", start_line=3, end_line=3, quote="x = 1", claim="It is wrong."
)


@pytest.mark.parametrize(
    ("said", "touch", "told"),
    [
        ((True, "It adds up."), "changed", f"Fixed in {NEW}: It adds up."),
        ((True, "It adds up."), "no", f"Fixed in {NEW}: It adds up. (The lines themselves are as they were.)"),
        (
            (False, "See [this](http://e.com) @mona."),
            "no",
            "Not changed: See this (`http://e.com`) @ mona.",
        ),
        (None, "changed", f"The repairer gave no answer of its own. {NEW} changes these lines."),
        (None, "no", f"The repairer gave no answer of its own. {NEW} leaves these lines as they were."),
    ],
)
def test_what_code_knows_is_told_beside_what_the_agent_says(said: tuple[bool, str] | None, touch: Touch, told: str):
    known = {} if said is None else {handle(FINDING): said}
    assert render_answer(FINDING, known, NEW, touch) == told


def thread(comment: int, *, line: int = 3, head: Sha = OLD, who: str = "testing", resolved: bool = False) -> Thread:
    return Thread(f"T{comment}", "m.py", line, head, render_inline(FINDING, who), resolved, None, (), comment)


@pytest.mark.parametrize(
    ("threads", "comment"),
    [
        ([thread(1), thread(2, who="security")], 1),
        ([thread(1, line=9), thread(2)], 2),
        ([thread(1, head=NEW)], 1),
        ([thread(1, head=NEW, resolved=True)], 0),
        ([thread(1, who="security")], 0),
        ([], 0),
    ],
)
def test_the_answer_goes_where_the_finding_was_voiced(threads: list[Thread], comment: int):
    assert thread_of(threads, Voiced("testing", FINDING), OLD) == comment
