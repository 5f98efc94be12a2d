"""What GitHub takes is never exceeded, and what does not fit is counted, never lost in silence."""

import asyncio
import re
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.agents.anchor import Dropped
from app.agents.council import Opinion
from app.agents.panel import Heard
from app.emulator.check_runs import Change, NewRun
from app.forge.api import GitHub
from app.forge.check_effects import CheckRun, check_run
from app.forge.read import PullFacts
from app.policy.finding import Finding, Outcome, Report, Severity
from app.policy.values import Sha
from app.store.reviews import StoredFinding, StoredVerdict
from app.workflows.check_text import gravest_first, render_annotation, render_check
from app.workflows.explaining import render_explanation
from app.workflows.fitting import fit
from app.workflows.inline import render_comments

TEXT, COMMENT, MESSAGE_BYTES = 65_535, 65_536, 64 * 1024
WORDS = st.sampled_from(
    ["a ", "é", "`", "```\n", "\n", "<b>", "@mona ", "[x](y)", "www.", "&amp;", "\u202e", "😀", "closes #1 "]
)


def texts(longest: int) -> st.SearchStrategy[str]:
    """Up to as long as a reviewer may write, made of little that is repeated."""
    return st.builds(
        lambda parts, times: ("".join(parts) * times)[:longest],
        st.lists(WORDS, max_size=4),
        st.sampled_from([1, 9, 9_999]),
    )


def finding(severity: Severity, claim: str, evidence: str, line: int) -> Finding:
    told = {"claim": f"({line}) {claim}", "why": claim, "evidence": evidence, "suggestion": evidence}
    return Finding(severity=severity, category="c", path="a.py", start_line=line, end_line=line, quote="x", **told)


findings = st.builds(finding, st.sampled_from(Severity), texts(1_990), texts(8_000), st.integers(1, 999))
many = st.builds(lambda few, times: tuple(few * times), st.lists(findings, max_size=3), st.sampled_from([1, 1, 40]))
few_examples = settings(max_examples=10, deadline=None)


@st.composite
def hearings(draw: st.DrawFn) -> Heard:
    report = Report(verdict="block", confidence=0.5, summary=f"Read. {draw(texts(3_990))}")
    left = tuple(Dropped(each, each.why) for each in draw(many))
    shared = tuple(("testing", each) for each in draw(many))
    return Heard(Opinion(report, "m"), Outcome.BLOCKED, draw(many), left, left, shared, draw(many))


class Checks:
    """Takes what GitHub takes of check runs, and shows what was kept."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.forge = SimpleNamespace(app_id=1)

    async def post(self, _path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._take(TypeAdapter(NewRun).validate_python(body, strict=True))

    async def patch(self, _path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._take(TypeAdapter(Change).validate_python(body, strict=True))

    def _take(self, body: Any) -> dict[str, Any]:
        self.requests.append(body)
        return {"id": 7}


@few_examples
@given(hearings())
def test_a_check_run_takes_every_annotation_once_the_gravest_first(heard: Heard) -> None:
    notes = [render_annotation(each) for each in gravest_first(heard.kept)]
    checks = Checks()
    want = CheckRun(Sha("f" * 40), "quorum/x", "7/x", "No", render_check(heard), "failure", notes)
    asyncio.run(_do(check_run(cast("GitHub", checks), want, new=True).first))

    assert [note for body in checks.requests for note in body["output"]["annotations"]] == notes
    assert len(checks.requests) == max(1, -(-len(notes) // 50))
    assert all(len(note["message"].encode()) <= MESSAGE_BYTES for note in notes)
    levels = [each.severity for each in gravest_first(heard.kept)]
    assert levels == sorted(levels, key=list(Severity).index)


@pytest.mark.parametrize("letter", ["a", "😀", "@a", "![a](b)"])
def test_an_annotation_holds_the_longest_that_a_reviewer_can_say(letter: str) -> None:
    longest = finding(Severity.MAJOR, "", "", 1).model_copy(
        update={"claim": (letter * 2_000)[:2_000], "why": f"{(letter * 3_997)[:3_996]}\nEND", "category": "c" * 60}
    )
    note = render_annotation(longest)

    assert note["message"].endswith("END")
    assert len(note["message"].encode()) <= MESSAGE_BYTES
    assert len(note["title"]) <= 255


def test_as_much_is_told_as_there_is_room_for() -> None:
    """The longest findings there can be, each with another size, so that one of the texts comes near to the limit."""
    sizes = []
    for size in range(900, 1_900, 100):
        heard = Heard(
            Opinion(Report(verdict="block", confidence=0.5, summary="Read."), "m"),
            Outcome.BLOCKED,
            tuple(finding(Severity.MAJOR, "a" * size, "b" * 99, line) for line in range(1, 181)),
            (),
            (),
        )
        sizes.append(len(render_check(heard)))
    assert max(sizes) <= TEXT
    assert min(sizes) > TEXT - 6_000, "as a whole, and no further one"


@few_examples
@given(hearings())
def test_a_check_run_tells_every_finding_or_how_many_are_missing(heard: Heard) -> None:
    text = render_check(heard)
    everything = len(heard.kept) + len(heard.unplaced) + len(heard.shared) + 2 * len(heard.dropped)
    told = len(re.findall(r"^(?:\*\*\w+\*\* · |- (?:said by|withdrawn|dropped))", text, re.MULTILINE))
    missing = re.search(r"^\*(\d+) remarks? more did not fit here", text, re.MULTILINE)

    assert len(text) <= TEXT
    assert told + (int(missing[1]) if missing else 0) == everything
    if missing:
        assert "`@quorum explain`" in text


def test_what_would_block_and_stands_nowhere_is_named_for_who_has_to_see_to_it() -> None:
    left = tuple(
        Dropped(finding(each, f"It is {each}, @mona.", "", 1), "it is on no line")
        for each in (Severity.MAJOR, Severity.NIT)
    )
    text = render_check(Heard(Opinion(None, "m", "no answer"), Outcome.ABSTAINED, (), left, ()))

    assert "- dropped: `a.py`: (1) It is major, " in text
    assert text.endswith("- dropped: it is on no line")
    assert "@mona" not in text.replace("`@mona`", "")


@few_examples
@given(many)
def test_a_review_has_comments_that_fit_and_counts_the_others(found: tuple[Finding, ...]) -> None:
    comments, left = render_comments([("testing", each) for each in found])

    assert len(comments) + left == len(found)
    assert len(comments) == min(50, len(found))
    assert all(len(each["body"]) <= COMMENT for each in comments)
    shown = Counter(each["line"] for each in comments)
    assert shown == Counter(each.start_line for each in gravest_first(found)[:50])
    for comment, each in zip(comments, gravest_first(found), strict=False):
        assert ("suggestion\n" in comment["body"]) or "too long for a comment" in comment["body"], each


@few_examples
@given(many, many)
def test_what_two_say_of_the_same_lines_is_one_comment_and_nothing_is_lost(
    ours: tuple[Finding, ...], theirs: tuple[Finding, ...]
) -> None:
    said = [*(("security", each) for each in ours), *(("testing", each) for each in theirs)]
    comments, left = render_comments(said)

    opened = Counter(name for each in comments for name in re.findall(r"^\*\*(\w+) · ", each["body"], re.MULTILINE))
    assert opened.total() + left == len(said)
    assert all(len(each["body"]) <= COMMENT for each in comments)


def test_the_gravest_begins_the_comment_and_what_is_said_of_other_lines_has_its_own() -> None:
    grave, mild = (finding(each, "c", "e", 3) for each in (Severity.MAJOR, Severity.MINOR))
    comments, left = render_comments(
        [("testing", mild), ("security", grave), ("api", finding(Severity.NIT, "c", "e", 4))]
    )

    assert [each["line"] for each in comments] == [3, 4]
    assert comments[0]["body"].startswith("**security · ")
    assert "\n\n---\n\n**testing · " in comments[0]["body"]
    assert left == 0


@few_examples
@given(many, st.integers(1, 12))
def test_what_is_on_record_is_told_from_the_newest_round_on(found: tuple[Finding, ...], rounds: int) -> None:
    heads = [Sha(f"{number:040d}") for number in range(rounds)]
    verdicts = [_verdict(head) for head in heads]
    stored = [
        StoredFinding(f"{head}{n}", "r", 1, 1, "testing", head, each, "published", "")
        for head in heads
        for n, each in enumerate(found)
    ]
    pull = PullFacts(1, "n", "t", "", "open", False, "mona", heads[-1], "topic", "main")
    text = render_explanation(pull, verdicts, stored, None)

    assert len(text) <= COMMENT - 100, "a marker goes before it"
    left = re.search(r"\((\d+) earlier rounds? left out", text)
    assert text.count("**Round ") == rounds - (int(left[1]) if left else 0)
    assert f"**Round {rounds}, commit" in text
    assert text.endswith("its last decision stands in `quorum/gate`.")


@given(st.lists(st.text("ab\n", max_size=30), max_size=9), st.integers(60, 200))
def test_blocks_fit_as_a_whole_or_are_counted(blocks: list[str], room: int) -> None:
    text = fit(blocks, lambda number: f"({number} more)", room)
    left = re.search(r"\((\d+) more\)\Z", text)
    shown = len(blocks) - (int(left[1]) if left else 0)

    assert len(text) <= room
    assert text.startswith("\n\n".join(blocks[:shown]))
    assert shown == len(blocks) or len("\n\n".join([*blocks[: shown + 1], "(9 more)"])) > room, "one more would fit"


async def _do(first: Any) -> None:
    await first()


def _verdict(head: Sha) -> StoredVerdict:
    return StoredVerdict("r", "testing", 1, 1, head, head, "f", Outcome.BLOCKED, 0.9, "m", "No.")
