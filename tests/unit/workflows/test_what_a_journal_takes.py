"""Whatever strangers write or print, what is kept of it fits into a step of the journal."""

import json
from dataclasses import asdict

import pytest

from app.forge.read import CommentFacts, IssueFacts, newest_that_fit
from app.policy.testlogs.reading import read_testlog
from app.runs.journal import _VALUE_BYTES
from app.sandbox.box import Result
from app.workflows.publishing import PullText, kept_paths
from app.workflows.testing import _log

AT = "2026-01-02T00:00:00Z"
SMILE = "\N{GRINNING FACE}"


def comment(number: int, body: str) -> CommentFacts:
    return CommentFacts(number, "rita", "User", body, AT, AT)


@pytest.mark.parametrize("letter", ["a", "\N{CJK UNIFIED IDEOGRAPH-4E2D}", SMILE])
def test_an_issue_with_any_number_of_comments_of_any_size_fits(letter: str):
    said = newest_that_fit([comment(number, letter * 65_536) for number in range(50)] + [comment(50, "Mend it.")])
    issue = IssueFacts(1, SMILE * 256, SMILE * 65_536, "open", "rita", ("quorum",) * 100, False, said)
    assert len(json.dumps(asdict(issue))) < _VALUE_BYTES
    assert said[-1].body == "Mend it."


def test_the_newest_are_kept_in_order_and_one_that_is_too_large_hides_none():
    said = [comment(number, f"{number} " + "x" * 15_000) for number in range(20)]
    kept = newest_that_fit([*said, comment(98, SMILE * 65_536), comment(99, "last")])
    assert [each.id for each in kept] == [*range(20 - len(kept) + 1, 20), 99]
    assert len(kept) > 10


def printed(names: int) -> Result:
    lines = [f"not ok {number} - {number} {SMILE * 290}" for number in range(1, names + 1)]
    return Result(1, "\n".join(["TAP version 13", f"1..{names}", *lines]) + "\n", "exit")


def test_names_of_failing_tests_that_are_too_many_to_be_kept_are_not_told_at_all():
    assert len(json.dumps([vars(unit) for unit in read_testlog(printed(450).output)])) > _VALUE_BYTES
    assert _log(printed(450)) == ()
    assert len(_log(printed(5))[0].failing) == 5


@pytest.mark.parametrize("letter", ["a", SMILE])
def test_a_change_of_very_many_files_fits(letter: str):
    paths = [f"{number}/{letter * 200}.txt" for number in range(10_000)]
    kept = kept_paths(paths)
    assert len(json.dumps(asdict(PullText("t" * 256, SMILE * 65_536, kept)))) < _VALUE_BYTES
    assert kept == tuple(paths[: len(kept)])
    assert len(kept) > 50
    assert kept_paths(paths[:50]) == tuple(paths[:50])
