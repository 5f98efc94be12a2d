"""How a step and its runner speak to one another. The words of strangers are never a command."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.action.commands import MOST_OF_A_KIND, annotations, command
from app.cli.action.inputs import Inputs, Post, read_inputs
from app.cli.action.job import SUMMARY_BYTES, Job, read_job
from app.cli.action.sarif_file import write_sarif
from app.cli.action.told import tell_review
from app.cli.reviewing.base import Base
from app.cli.reviewing.outcome import Remark, Review, Verdict
from app.policy.finding import Outcome, Severity
from app.policy.values import Sha

REMARK = Remark("security", Severity.MAJOR, "sql", "a b,c:d.py", 3, 5, "It is 100% wrong.", why="Bad.")
BASE = Base("main", Sha("1" * 40), Sha("2" * 40), "as asked for")
APPROVED = Verdict("testing", Outcome.APPROVED, 0.9, "m-1", "Fine.")
REVIEW = Review(BASE, "m-1", 3, 40, (REMARK,), (APPROVED,))


def test_an_annotation_stands_on_its_lines():
    (told,) = annotations([REMARK])
    assert told == ("::error file=a b%2Cc%3Ad.py,line=3,endLine=5,title=security%3A sql::It is 100%25 wrong.%0A%0ABad.")


def test_of_a_whole_file_it_has_no_line():
    (told,) = annotations([replace(REMARK, severity=Severity.NIT, start_line=0, end_line=0)])
    assert told.startswith("::notice file=a b%2Cc%3Ad.py,title=")


def test_ten_of_a_kind_are_shown_the_gravest_first():
    minor = replace(REMARK, severity=Severity.MINOR)
    critical = replace(REMARK, severity=Severity.CRITICAL, claim="First.")
    told = list(annotations([*[minor] * 11, *[REMARK] * 11, critical]))
    assert [each.split()[0] for each in told] == ["::error"] * MOST_OF_A_KIND + ["::warning"] * MOST_OF_A_KIND
    assert "First." in told[0]


@pytest.mark.parametrize("evil", ["x\n::add-mask::y", "x\r\n::add-mask::y", "x::y", "%0A::add-mask::y", "a,b:c"])
def test_no_word_of_others_ends_a_command_or_begins_one(evil: str):
    hostile = replace(REMARK, category=evil, path=evil, claim=evil, why=evil)
    for told in (*annotations([hostile]), command("error", evil, {"title": evil})):
        assert "\n" not in told
        assert "\r" not in told
        head, _, _ = told.removeprefix("::").partition("::")
        assert "add-mask::" not in head
        assert "%0A::" not in head


def job(folder: Path) -> Job:
    return Job("pull_request", b"", "https://github.com", "mona", folder, folder, folder / "out", folder / "page")


def test_an_output_holds_lines_and_ends_only_at_its_mark(tmp_path: Path):
    job(tmp_path).tell_output("a", "one\nb<<x\ntwo\nx")
    head, *lines = (tmp_path / "out").read_text().splitlines()
    assert lines == ["one", "b<<x", "two", "x", head.removeprefix("a<<")]
    assert len(head) > 30


def test_a_page_is_as_long_as_it_may_be_and_says_that_it_was_cut(tmp_path: Path):
    (tmp_path / "page").write_text("of another step of mine\n")
    job(tmp_path).tell_summary("ü\n" * SUMMARY_BYTES)
    told = (tmp_path / "page").read_bytes()
    assert SUMMARY_BYTES - 10 < len(told) <= SUMMARY_BYTES
    assert told.decode().startswith("of another step of mine\nü\n")
    assert "cut here" in told.decode()[-100:]
    job(tmp_path).tell_summary("more")
    assert (tmp_path / "page").stat().st_size <= SUMMARY_BYTES


def test_outside_of_a_job_it_is_told_what_is_missing():
    with pytest.raises(ValueError, match="GITHUB_EVENT_NAME is not set"):
        read_job({"GITHUB_EVENT_PATH": "/x"})


def test_inputs_that_are_empty_are_as_if_they_were_not_there():
    given = {"QUORUM_INPUT_FAIL_ON": "", "QUORUM_INPUT_POST": " ", "QUORUM_INPUT_BUDGET_USD": ""}
    assert read_inputs(given) == Inputs()


def test_lists_are_parted_by_commas_and_lines():
    told = read_inputs({"QUORUM_INPUT_PERSPECTIVES": "security,testing\n own", "QUORUM_INPUT_POST": "review, comment"})
    assert told.perspectives == ("security", "testing", "own")
    assert told.post == (Post.REVIEW, Post.COMMENT)
    assert read_inputs({"QUORUM_INPUT_POST": "none"}).post == ()


@pytest.mark.parametrize(
    ("name", "value"), [("FAIL_ON", "sk-1"), ("POST", "checks, sk-1"), ("BUDGET_USD", "sk-1"), ("BUDGET_USD", "0")]
)
def test_an_input_that_cannot_be_used_is_named_and_not_repeated(name: str, value: str):
    with pytest.raises(ValueError, match=f"the input `{name.lower().replace('_', '-')}`") as told:
        read_inputs({f"QUORUM_INPUT_{name}": value})
    assert "sk-1" not in str(told.value)


def test_a_sarif_file_stays_in_the_folders_of_the_job(tmp_path: Path):
    for name in ("work", "temp", "home"):
        (tmp_path / name).mkdir()
    here = replace(job(tmp_path), workspace=tmp_path / "work", temp=tmp_path / "temp")
    (tmp_path / "work" / "theirs").symlink_to(tmp_path / "home")
    (tmp_path / "work" / "q.sarif").symlink_to(tmp_path / "home" / ".profile")
    (tmp_path / "work" / "ours").symlink_to(tmp_path / "temp")

    written = [write_sarif(here, Inputs(sarif_file=each), REVIEW) for each in ("", "a/b.sarif", "ours/c.sarif")]
    assert [Path(each).relative_to(tmp_path.resolve()) for each in written] == [
        Path("temp/quorum.sarif"),
        Path("work/a/b.sarif"),
        Path("temp/c.sarif"),
    ]
    for leads_out in ("theirs/x.sarif", "q.sarif", "../x.sarif", str(tmp_path / "home" / "x.sarif")):
        assert write_sarif(here, Inputs(sarif_file=leads_out), REVIEW) == ""
    assert list((tmp_path / "home").iterdir()) == []
    assert "neither in the workspace" in (tmp_path / "page").read_text()


@pytest.mark.parametrize(
    ("review", "fail_on", "unjudged", "expected"),
    [
        (REVIEW, Severity.MAJOR, "", ("refused", 1)),
        (REVIEW, Severity.CRITICAL, "", ("approved", 0)),
        (REVIEW, None, "", ("approved", 0)),
        (replace(REVIEW, verdicts=(replace(APPROVED, outcome=Outcome.BLOCKED),)), None, "", ("refused", 0)),
        (replace(REVIEW, unread=("x",)), None, "", ("incomplete", 2)),
        (replace(REVIEW, verdicts=(replace(APPROVED, outcome=Outcome.ABSTAINED),)), None, "", ("incomplete", 2)),
        (replace(REVIEW, model=None), Severity.NIT, "why", ("unjudged", 0)),
        (Review(BASE, "m-1"), Severity.NIT, "", ("skipped", 0)),
    ],
)
def test_how_it_ends(review: Review, fail_on: Severity | None, unjudged: str, expected: tuple[str, int]):
    told = tell_review(review, fail_on, unjudged=unjudged, notes=["a note"], annotate=False)
    assert (told.verdict, told.code) == expected
    assert unjudged in told.page
    assert "- a note" in told.page
