"""The comment that says how a pull request stands with the council."""

from dataclasses import replace

from markdown_it import MarkdownIt

from app.agents.walk import WHOLE
from app.policy.finding import Finding, Outcome, Severity
from app.policy.grouping import Group
from app.policy.risk import Risk
from app.policy.weakened.found import Kind, Weakening
from app.store.usage import Totals
from app.workflows.summary import Line, Summary, render_summary
from app.workflows.walkthrough import Walkthrough

FINE = Summary(
    head_sha="abcdef0123456789",
    files=2,
    lines=1,
    risk=Risk("medium", ("changes 2 files of code",)),
    verdicts=(Line("security", Outcome.APPROVED, 0.9, "claude-x", "Read it | all."),),
    findings=(),
    set_aside=(),
    unread=(),
    left_out=0,
    tests="passed",
    totals=Totals(3, 1200, 34, 123_456),  # type: ignore[arg-type]
)


def finding(severity: Severity, claim: str = "It is so.") -> Finding:
    return Finding(severity=severity, category="c", path="a.py", start_line=3, end_line=3, quote="x", claim=claim)


def test_a_good_change_is_told_in_a_few_lines():
    text = render_summary(FINE)

    assert text.splitlines()[0] == "### The council on `abcdef012345`: nothing blocks"
    assert "2 files, 1 line to read. Risk: **medium** (changes 2 files of code). Tests: passed." in text
    assert "| security | approved (90%) | Read it \\| all. |" in text
    assert "3 calls to `claude-x`, 1,234 tokens, $0.12." in text
    assert "Findings" not in text


def test_the_files_that_make_a_change_grave_are_named():
    text = render_summary(replace(FINE, risk=Risk("high", ("changes 1 file of workflows or hooks",), ("a.yml",))))

    assert "**high** (changes 1 file of workflows or hooks), most of all for `a.yml`. Tests" in text


def test_who_refused_and_who_was_silent_is_said_first():
    verdicts = (
        Line("testing", Outcome.BLOCKED, 0.8, "m", "No."),
        Line("security", Outcome.BLOCKED, 0.8, "m", "No.", "1234567890abcdef"),
        Line("performance", Outcome.ABSTAINED, 0.0, "m", "It timed out."),
    )
    text = render_summary(replace(FINE, verdicts=verdicts))

    assert text.splitlines()[0].endswith("testing and security must be satisfied first; performance could not review")
    assert "| security | **refused** (80%, carried over from `1234567890ab`) | No. |" in text


def test_findings_stand_by_how_grave_they_are_and_only_so_many():
    many = [("testing", finding(Severity.NIT)) for _ in range(40)]
    text = render_summary(replace(FINE, findings=[*many, ("security", finding(Severity.CRITICAL, "Ask @mona."))]))
    listed = [line for line in text.splitlines() if line.startswith("- ")]

    assert listed[0].startswith("- **critical** · security · `a.py:3` · `")
    assert listed[-1] == "- and 11 more, in the check runs"
    assert "@mona" not in text.replace("`@mona`", ""), "nobody is called"


def test_what_is_cut_off_does_not_set_free_what_stands_in_code():
    words = f"`@mona ![x](https://e.vil/a.png) <img src=y> {'a' * 300}`"
    verdicts = (Line("security", Outcome.BLOCKED, 0.9, "m", words),)
    text = render_summary(replace(FINE, verdicts=verdicts, findings=(("security", finding(Severity.MAJOR, words)),)))

    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert "<img" not in html
    assert "@mona" not in text.replace("`@mona", "`"), "nobody is called"
    fenced = replace(FINE, verdicts=(Line("security", Outcome.APPROVED, 0.9, "m", "```sh\nrm\n```"),))
    assert "| security | approved (90%) | ```sh ``` |" in render_summary(fenced), "it stays in its cell"


def test_what_was_not_looked_at_is_always_said():
    names = tuple(f"gen/{number}.py" for number in range(25))
    text = render_summary(replace(FINE, set_aside=names, unread=("big.sql",), left_out=2))

    assert "**Nobody read** `big.sql`: that keeps the gate shut." in text
    assert "Set aside as generated, vendored or locked: `gen/0.py`" in text
    assert " and 5 more." in text
    assert "2 findings left out" in text


def test_what_a_person_is_asked_to_decide_stands_before_the_table():
    text = render_summary(replace(FINE, dispute="**A person is asked to decide.**"))

    assert text.index("A person is asked") < text.index("| perspective |")
    assert "A person is asked" not in render_summary(FINE)


def test_what_is_asked_less_of_is_shown_to_people_as_a_fact():
    skipped = Weakening(Kind.TEST_SKIPPED, "tests/test_a.py", 7, "@skip", "it is skipped now `@mona`")
    gone = Weakening(Kind.TEST_DELETED, "tests/test_b.py", 3, "def test_b():", "nothing took its place", gone=True)
    text = render_summary(replace(FINE, weakened=(skipped, gone)))

    assert "**Asks for less than before**, told from the diff alone; there can be a good reason for each:" in text
    assert "- test skipped · `tests/test_a.py:7` — it is skipped now `@mona`\n" in text
    assert "- test deleted · `tests/test_b.py`, line 3 before the change — nothing took its place\n" in text
    many = render_summary(replace(FINE, weakened=(skipped,) * 12))
    assert "- and 2 more" in many
    assert "Asks for less" not in render_summary(FINE)


def test_programs_that_did_not_look_are_named():
    text = render_summary(
        replace(FINE, unlooked=("eslint: there is no node", "ruff: it looked at 1000 of 1200 files @mona"))
    )

    assert (
        "Analyzers did not look at all of it: eslint: there is no node; ruff: it looked at 1000 of 1200 files" in text
    )
    assert "@mona" not in text.replace("`@mona`", "")


def test_what_a_change_does_comes_first():
    walk = Walkthrough((), {WHOLE: "Rounds half up, @mona."}, "")
    text = render_summary(replace(FINE, walk=walk))

    assert text.splitlines()[2].startswith("What it does: Rounds half up, ")
    assert "@mona" not in text.replace("`@mona`", "")
    assert "Walkthrough" not in text


def test_a_large_change_has_a_walkthrough_between_findings_and_what_nobody_read():
    walk = Walkthrough((Group("app", 12, 3, 4),), {"app": "Keeps the cents."}, "")
    text = render_summary(replace(FINE, walk=walk, unread=("big.sql",), findings=(("testing", finding(Severity.NIT)),)))

    places = [text.index(part) for part in ("**Findings**", "| `app`, 12 files |", "Keeps the cents.", "Nobody read")]
    assert places == sorted(places)
    assert "Walkthrough" not in render_summary(FINE)
