"""Which of our threads a review found mended."""

from dataclasses import replace

import pytest

from app.agents.anchor import Dropped
from app.agents.council import Opinion
from app.agents.panel import Heard
from app.policy.finding import Finding, Outcome, Report, Severity, key_of, spot_of
from app.policy.values import Sha
from app.store.reviews import StoredVerdict
from app.workflows.hearing import Hearing
from app.workflows.readings import Increment
from app.workflows.remarks import Remark, said_anew
from app.workflows.resolving import fixed

OPINION = Opinion(Report(verdict="approve", confidence=0.9, summary="Read."), "m")
SILENT = Heard(OPINION, Outcome.APPROVED, (), (), ())


def finding(quote: str = "a = 1\nb = 2", path: str = "a.py") -> Finding:
    told = {"severity": Severity.MAJOR, "category": "style", "claim": "It is so."}
    return Finding.model_validate({**told, "path": path, "start_line": 1, "end_line": 1, "quote": quote})


MENDED = Remark(
    thread="PRRT_1",
    perspective="testing",
    key=key_of(finding()),
    spot=spot_of(finding()),
    blocks=True,
    touch="changed",
    settled=False,
    by_us=False,
    against=(),
)


def is_fixed(
    remark: Remark = MENDED, heard: Heard | None = SILENT, unseen: tuple[str, ...] = (), **others: Heard
) -> bool:
    asked = {**({} if heard is None else {"testing": heard}), **others}
    return bool(fixed([remark], Hearing(asked, ()), unseen))


def test_what_is_changed_and_not_said_any_more_is_mended():
    assert is_fixed()


def test_what_its_perspective_was_not_shown_again_is_not_mended():
    verdict = StoredVerdict("r", "testing", 1, 1, Sha("h"), Sha("b"), "p", Outcome.APPROVED, 0.9, "m", "Read.")
    before = {"testing": Increment(verdict, verdict, ("a.py",))}
    assert not fixed([MENDED], Hearing({"testing": SILENT}, (), increments=before), ())
    elsewhere = {"testing": Increment(verdict, verdict, ("b.py",)), "security": before["testing"]}
    assert fixed([MENDED], Hearing({"testing": SILENT}, (), increments=elsewhere), ())


@pytest.mark.parametrize(
    ("touch", "blocks", "mended"),
    [
        ("changed", True, True),
        ("changed", False, True),
        ("beside", True, True),
        ("beside", False, False),
        ("no", True, False),
        ("no", False, False),
        (None, True, False),
        (None, False, False),
    ],
)
def test_without_a_change_nothing_is_and_advice_needs_one_of_its_own_lines(touch, blocks, mended):
    assert is_fixed(replace(MENDED, touch=touch, blocks=blocks)) is mended


@pytest.mark.parametrize("quote", ["a = 1\nb = 2", "b = 2", "    a  =  1\n    b = 2\n    c = 3"])
@pytest.mark.parametrize("state", ["kept", "unplaced", "shared", "dropped"])
def test_what_is_said_again_is_not_whoever_says_it_and_however_much_they_quote(quote: str, state: str):
    said = finding(quote)
    values = {"shared": ("testing", said), "dropped": Dropped(said, "it was said before on this pull request")}
    heard = replace(SILENT, **{state: (values.get(state, said),)})

    assert not is_fixed(heard=heard)
    assert not is_fixed(security=heard)


def test_other_lines_and_other_files_are_another_thing():
    assert is_fixed(heard=replace(SILENT, kept=(finding("d = 4"), finding(path="b.py"))))


@pytest.mark.parametrize(
    "heard",
    [
        None,
        replace(SILENT, outcome=Outcome.ABSTAINED),
        replace(SILENT, opinion=Opinion(None, "m", "no usable answer"), outcome=Outcome.BLOCKED),
        replace(SILENT, opinion=replace(OPINION, reason="part 2: no usable answer"), outcome=Outcome.BLOCKED),
    ],
    ids=["not asked", "abstained", "no answer", "a part without one"],
)
def test_nobody_found_it_mended_who_did_not_read_it(heard: Heard | None):
    assert not is_fixed(heard=heard, security=SILENT)


def test_a_file_that_nobody_read_and_a_thread_that_is_resolved_are_left():
    assert not is_fixed(unseen=("a.py",))
    assert not is_fixed(replace(MENDED, settled=True, by_us=True))


def test_a_spot_is_said_anew_only_where_all_its_threads_were_resolved_by_us():
    ours = replace(MENDED, settled=True, by_us=True)

    assert said_anew([ours]) == {spot_of(finding())}
    assert said_anew([ours, MENDED]) == frozenset()
    assert said_anew([ours, replace(MENDED, settled=True)]) == frozenset()
