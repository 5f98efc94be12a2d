"""A review in each of its forms. What models and strangers wrote is only text in all of them."""

import json
import lzma
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt

from app.cli.meter import Spent
from app.cli.reviewing.as_json import review_json
from app.cli.reviewing.base import Base
from app.cli.reviewing.in_markdown import MAX_CHARS, render_markdown
from app.cli.reviewing.in_sarif import review_sarif
from app.cli.reviewing.in_terminal import show_review
from app.cli.reviewing.outcome import Remark, Review, Verdict, exit_code, in_order
from app.policy.finding import Outcome, Severity
from app.policy.values import Sha
from app.sandbox.analyzers.sarif import read_sarif

BASE = Base("main", Sha("1" * 40), Sha("2" * 40), "as asked for")
GRAVE = Remark(
    "security", Severity.CRITICAL, "Off by one!", "a b/ü.py", 3, 5, "It is wrong.", "x", "Bad.", "f(0)", "y", "k"
)
SMALL = Remark("testing", Severity.NIT, "name", "b.py", 1, 1, "A name.")
WHOLE = Remark("yamllint", Severity.MINOR, "syntax", "c.yml", 0, 0, "It cannot be read.")
APPROVED = Verdict("testing", Outcome.APPROVED, 0.9, "m-1", "Fine.")
SILENT = Verdict("security", Outcome.ABSTAINED, 0.0, "m-1", "refused: no")
REVIEW = Review(BASE, "m-1", 3, 40, in_order([SMALL, WHOLE, GRAVE]), (APPROVED,), spent=Spent(calls=2, cost=1_230_000))
_SCHEMA = Path(__file__).parents[2] / "data" / "sarif-2.1.0-rtm.5.json.xz"
SCHEMA = Draft4Validator(json.loads(lzma.decompress(_SCHEMA.read_bytes())))
HOSTILE = "\x1b[31mred\x1b]8;;http://x\x07 \u202e ![i](http://x) @mona [a](http://y) <img src=x> \udcff [bold]b[/bold]"


def in_terminal(review: Review, capsys: pytest.CaptureFixture[str]) -> str:
    show_review(review)
    return capsys.readouterr().out


def results(review: Review) -> list[dict[str, Any]]:
    (run,) = review_sarif(review, Severity.MAJOR)["runs"]
    found: list[dict[str, Any]] = run["results"]
    return found


@pytest.mark.parametrize(
    ("review", "least", "code"),
    [
        (REVIEW, Severity.CRITICAL, 1),
        (replace(REVIEW, remarks=(SMALL,)), Severity.MAJOR, 0),
        (replace(REVIEW, remarks=(SMALL,)), Severity.NIT, 1),
        (replace(REVIEW, remarks=(), verdicts=(SILENT,)), Severity.MAJOR, 2),
        (replace(REVIEW, remarks=(GRAVE,), verdicts=(SILENT,)), Severity.MAJOR, 1),
        (replace(REVIEW, remarks=(), unread=("large.py",)), Severity.MAJOR, 2),
        (replace(REVIEW, remarks=(), unreadable=("x.bin",), set_aside=("y.lock",)), Severity.MAJOR, 0),
        (Review(BASE, None), Severity.NIT, 0),
    ],
)
def test_the_code_tells_a_fault_from_a_review_that_was_not_held(review: Review, least: Severity, code: int):
    assert exit_code(review, least) == code
    assert review_json(review, least)["exit_code"] == code


def test_people_read_the_gravest_first_with_its_place(capsys: pytest.CaptureFixture[str]):
    told = in_terminal(REVIEW, capsys)
    places = ["a b/ü.py:3-5 critical · security · Off by one!", "c.yml minor · yamllint", "b.py:1 nit · testing"]
    assert [told.index(place) for place in places] == sorted(told.index(place) for place in places)
    for each in (
        "It is wrong.",
        "Bad.",
        "f(0)",
        "> x",
        "testing         approved (90%): Fine.",
        "Cost: $1.23, 2 calls",
    ):
        assert each in told, each


def test_what_was_not_looked_at_is_always_told(capsys: pytest.CaptureFixture[str]):
    names = {"unread": ("large.py",), "unreadable": ("x.bin",), "set_aside": ("y.lock",), "left_out": ("in/: theirs",)}
    review = replace(REVIEW, **names, missing=("ruff: gone",), notes=("Mend the policy.",), hints=2, dropped=1)
    sarif = json.dumps(review_sarif(review, Severity.MAJOR))
    document = json.dumps(review_json(review, Severity.MAJOR))
    for each in ("large.py", "x.bin", "y.lock", "in/: theirs", "ruff: gone", "Mend the policy."):
        assert each in in_terminal(review, capsys), each
        assert each in render_markdown(review), each
        assert each in sarif, each
        assert each in document, each


def test_what_the_work_asks_less_of_is_told_as_a_fact(capsys: pytest.CaptureFixture[str]):
    less = Remark("testing", Severity.MINOR, "test skipped", "test_a.py", 7, 7, "It is skipped now")
    review = replace(REVIEW, weakened=(less,))
    told = "Asks for less than before, told from the diff: test skipped at test_a.py:7 (It is skipped now)."
    assert told in " ".join(in_terminal(review, capsys).split())
    assert told in render_markdown(review)
    assert told in json.dumps(review_sarif(review, Severity.MAJOR))
    assert review_json(review, Severity.MINOR)["weakened"][0]["path"] == "test_a.py"
    assert exit_code(replace(review, remarks=()), Severity.NIT) == exit_code(replace(REVIEW, remarks=()), Severity.NIT)
    assert "Asks for less" not in render_markdown(REVIEW)


def test_what_the_change_does_is_said_first_in_the_reviewers_words(capsys: pytest.CaptureFixture[str]):
    review = replace(REVIEW, what=f"It rounds half up. {HOSTILE}")
    markdown = render_markdown(review)
    assert markdown.index("What it does: It rounds half up. ") < markdown.index("**Critical**")
    assert "<img" not in MarkdownIt("gfm-like", {"linkify": False}).render(markdown)
    terminal = in_terminal(review, capsys)
    assert terminal.index("What it does: It rounds half up. ") < terminal.index("It is wrong.")
    assert "\x1b" not in terminal
    assert review_json(review, Severity.MAJOR)["what"].startswith("It rounds half up.")
    assert "What it does" not in render_markdown(REVIEW)


def test_nothing_was_found_only_by_who_looked(capsys: pytest.CaptureFixture[str]):
    unheard = replace(REVIEW, remarks=(), verdicts=(SILENT,))
    heard = replace(unheard, verdicts=(SILENT, APPROVED))
    for told in (in_terminal(unheard, capsys), render_markdown(unheard)):
        assert "No perspective could review it." in told
        assert "Nothing was found" not in told
    for told in (in_terminal(heard, capsys), render_markdown(heard)):
        assert "Nothing was found." in told


def test_the_variable_that_is_missing_is_the_models_own(capsys: pytest.CaptureFixture[str]):
    told = in_terminal(replace(REVIEW, model=None, lacking="OPENAI_API_KEY"), capsys)
    assert "OPENAI_API_KEY is not set" in told
    assert "ANTHROPIC" not in told


def test_in_a_terminal_words_of_others_steer_nothing(capsys: pytest.CaptureFixture[str]):
    hostile = Remark("security", Severity.NIT, HOSTILE, HOSTILE, 1, 1, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    verdict = replace(APPROVED, summary=HOSTILE)
    base = replace(BASE, name=HOSTILE)
    told = in_terminal(Review(base, "m", 1, 1, (hostile,), (verdict,), notes=(HOSTILE,), set_aside=(HOSTILE,)), capsys)
    assert not {"\x1b", "\x07", "\u202e", "\udcff"} & set(told)
    assert "[bold]b[/bold]" in told


def test_as_a_comment_words_of_others_lead_nowhere():
    hostile = Remark("security", Severity.NIT, HOSTILE, HOSTILE, 1, 1, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    base = replace(BASE, name=HOSTILE)
    verdicts = (replace(APPROVED, summary=f"{HOSTILE} | x | <b> {'y' * 185} http://long.example.org/x"),)
    told = render_markdown(Review(base, "m", 1, 1, (hostile,), verdicts, notes=(HOSTILE,), left_out=(HOSTILE,)))
    page = MarkdownIt("commonmark").enable("table").render(told)
    seen = re.sub(r"<code.*?</code>", "", page, flags=re.DOTALL)
    for each in ("<img", "<a ", "@mona", "http://"):
        assert each not in seen, each
    assert "\x1b" not in told


def test_what_was_shown_by_running_stands_apart_from_what_was_said(capsys: pytest.CaptureFixture[str]):
    shown = replace(SMALL, proof=f"$ {HOSTILE}\n```\n2 cents apart\n[exit code 1]")
    text = render_markdown(replace(REVIEW, remarks=(shown,)))
    assert "Shown by running:\n\n````\n$ " in text
    show_review(replace(REVIEW, remarks=(shown,)))
    told = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert told.index("Shown by running:") < told.index("2 cents apart") < told.index("[exit code 1]")


def test_a_comment_is_never_longer_than_github_takes():
    large = Remark("security", Severity.MAJOR, "c", "p" * 1000, 1, 1, "c" * 2000, "q" * 4000, "w" * 4000, "e" * 8000)
    many = replace(REVIEW, remarks=(large,) * 30, set_aside=("s" * 4000,) * 20, notes=("n" * 5000,) * 3)
    told = render_markdown(many)
    assert len(told) <= MAX_CHARS
    assert "more are left out" in told
    assert "Cost: $1.23" in told


def test_sarif_is_read_back_as_it_was_meant():
    alarms = read_sarif("quorum", json.dumps(review_sarif(REVIEW, Severity.MAJOR)))
    assert [(each.rule, each.severity, each.path, each.line, each.end_line) for each in alarms] == [
        ("security/Off-by-one", "error", "a b/ü.py", 3, 5),
        ("yamllint/syntax", "warning", "c.yml", 0, 0),
        ("testing/name", "note", "b.py", 1, 1),
    ]
    assert alarms[0].message == "It is wrong. Bad."


HOSTILE_REMARK = Remark("security", Severity.NIT, HOSTILE, HOSTILE, 1, 1, HOSTILE, HOSTILE, HOSTILE)
MANY = tuple(replace(SMALL, start_line=each, end_line=each) for each in range(1, 5100))


@pytest.mark.parametrize(
    "review",
    [
        REVIEW,
        Review(BASE, None),
        replace(REVIEW, remarks=(HOSTILE_REMARK,), notes=(HOSTILE,), unread=(HOSTILE,)),
        replace(REVIEW, remarks=(replace(SMALL, claim="", why="", category="!!"),)),
        replace(REVIEW, remarks=(replace(SMALL, end_line=0),)),
        replace(REVIEW, remarks=MANY),
    ],
)
def test_sarif_is_as_the_standard_and_github_want_it(review: Review):
    """https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning."""
    told = review_sarif(review, Severity.MAJOR)
    assert [each.message for each in SCHEMA.iter_errors(json.loads(json.dumps(told)))] == []
    (run,) = told["runs"]
    for rule in run["tool"]["driver"]["rules"]:
        texts = [rule[name]["text"] for name in ("shortDescription", "fullDescription", "help")]
        assert all(0 < len(each) <= 1024 for each in texts)
    assert all(each["message"]["text"].strip() and each["locations"] for each in run["results"])
    assert len(run["results"]) <= 5000
    left_out = len(review.remarks) - len(run["results"])
    assert (f"{left_out} findings more are left out" in json.dumps(run["invocations"])) is (left_out > 0)


def test_in_sarif_words_of_others_lead_nowhere():
    (run,) = review_sarif(replace(REVIEW, remarks=(HOSTILE_REMARK,)), Severity.MAJOR)["runs"]
    told = run["results"][0]["message"]["text"]
    assert not {"\x1b", "\u202e", "\udcff"} & set(told)
    for each in ("](", "@mona", "://"):
        assert each not in told, each


def test_sarif_names_its_rules_and_knows_a_finding_again():
    (run,) = review_sarif(REVIEW, Severity.MAJOR)["runs"]
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    assert [rules[each["ruleIndex"]] for each in run["results"]] == [each["ruleId"] for each in run["results"]]
    assert run["results"][0]["partialFingerprints"] == {
        "quorumFinding/v1": "k",
        "primaryLocationLineHash": "k:1",
    }
    assert "partialFingerprints" not in run["results"][1]
    assert "region" not in run["results"][1]["locations"][0]["physicalLocation"], "the whole file is meant"


@pytest.mark.parametrize("review", [replace(REVIEW, verdicts=(SILENT,), remarks=()), REVIEW])
def test_sarif_says_whether_the_review_was_held(review: Review):
    (run,) = review_sarif(review, Severity.MAJOR)["runs"]
    assert run["invocations"][0]["executionSuccessful"] is not bool(review.silent)


def test_a_name_that_is_no_text_has_a_place_in_sarif():
    (result,) = results(replace(REVIEW, remarks=(replace(SMALL, path="\udcff#?.py"),)))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%FF%23%3F.py"


def test_keys_for_programs_stay():
    told = review_json(REVIEW, Severity.MAJOR)
    assert (told["version"], told["fail_on"], told["judged"]) == (1, "major", True)
    assert set(told) == {
        *("version", "base", "model", "judged", "files", "lines", "findings", "verdicts", "hints", "not_looked_at"),
        *("what", "weakened", "notes", "dropped", "cost", "fail_on", "exit_code"),
    }
    assert set(told["findings"][0]) == {
        *("by", "severity", "category", "path", "start_line", "end_line", "claim", "quote", "why", "evidence"),
        *("suggestion", "key", "proof"),
    }
    assert set(told["base"]) == {"name", "tip", "commit", "why", "branch"}
    assert set(told["verdicts"][0]) == {"perspective", "outcome", "confidence", "model", "summary"}
