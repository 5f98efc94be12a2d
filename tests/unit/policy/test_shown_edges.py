"""Bounds of what checks, logs, proofs, instructions and messages of commits are read by."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.policy.changed_text import ChangedText, Hunk, Line
from app.policy.checked import checked, proof_told
from app.policy.ci import Check, judge, names_any, under_way
from app.policy.ci_log import readable_end
from app.policy.commit_style import learn_style, subject_of
from app.policy.finding import Finding, Severity
from app.policy.instructions import PathInstructions
from app.policy.proof import Proof, ProofFile, Ran
from app.policy.secrets_seen import secrets_in

FINDING = Finding(
    severity=Severity.MAJOR, category="bug", path="m.py", start_line=1, end_line=1, quote="x", claim="It is wrong."
)
FAILED, PASSED = Check(1, "build", 7, "failure"), Check(1, "build", 7, "success")


@pytest.mark.parametrize(
    ("here", "base", "named", "passed_here"),
    [
        ([FAILED], [FAILED], True, False),
        ([PASSED, FAILED], [PASSED], True, True),
        ([FAILED], [PASSED], False, False),
        ([FAILED], [PASSED], True, False),
    ],
)
def test_what_is_judged_is_the_check_and_whether_it_passed_here(
    here: list[Check], base: list[Check], named: bool, passed_here: bool
) -> None:
    told = judge(FAILED, here, [base], named=named)

    assert (told.check, told.passed_here) == (FAILED, passed_here)


def test_what_began_at_that_very_moment_is_under_way() -> None:
    going = Check(1, "build", 7, None, "2026-11-21T10:00:00Z")

    assert under_way([going], "2026-11-21T10:00:00Z") == [going]


@pytest.mark.parametrize(
    ("printed", "paths", "named"),
    [
        ("in src\\tally\\a.c", ["src/tally/a.c"], True),
        ("in src/split.py", ["src/split.py", "src/join.py"], True),
        ("import src.shop.other", ["src/shop.test.ts"], False),
        ("split.py failed", ["src/tally/split.py"], True),
        ("a.py failed", ["src/a.py"], True),
        ("a.c failed", ["src/a.c"], False),
    ],
)
def test_which_file_a_log_names(printed: str, paths: list[str], named: bool) -> None:
    assert names_any(printed, paths) is named


@pytest.mark.parametrize(
    ("log", "shown"),
    [
        ("a\r\nb", "a\nb"),
        ("  a  \n", "  a"),
        ("AX", "AX"),
        ("X", "X"),
        ("50%\r100%\r", "100%"),
        ("old\r  ", ""),
    ],
)
def test_what_is_readable_of_a_log(log: str, shown: str) -> None:
    assert readable_end(log) == shown


def test_how_much_of_a_log_is_left_out() -> None:
    assert readable_end("ab\ncd\nef", 8) == "ab\ncd\nef"
    assert readable_end("ab\ncd\nef", 2) == "[... 6 characters are left out here ...]\nef"


def test_each_line_with_a_secret_is_told() -> None:
    token = "ghp" + "_aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA3"
    lines = tuple(Line(number, f"TOKEN = '{token}'") for number in (3, 5))

    assert [each.line for each in secrets_in([ChangedText("a.py", None, "added", (Hunk("", lines),))])] == [3, 5]


def test_bounds_of_a_proof() -> None:
    halves = [ProofFile(path=path, text="x" * 10_000) for path in ("a", "b")]
    proof = Proof(command="a", expect="got", files=tuple(halves))

    assert len(proof.digest) == 16
    with pytest.raises(ValidationError, match="characters together"):
        Proof(command="a", expect="got", files=(*halves, ProofFile(path="c", text="x")))


def test_instructions_may_be_as_long_as_is_said() -> None:
    read = TypeAdapter(PathInstructions)
    whole = [{"paths": ["*.py"], "instructions": "x" * 2000}] * 10

    assert len(read.validate_python(whole)) == 10
    with pytest.raises(ValidationError):
        read.validate_python([*whole, {"paths": ["*.py"], "instructions": "x"}])


def test_a_proof_is_told_as_it_was_run() -> None:
    proof = Proof(command="sh a", expect="got", files=(ProofFile(path="a", text="  echo got\n"),))
    ran = Ran(shown=True, exit_code=1, output="\n  X got X\n")
    whole, long = (proof.model_copy(update={"files": (ProofFile(path="a", text="x" * many),)}) for many in (3000, 3001))

    assert proof_told(FINDING) == ""
    assert proof_told(checked(FINDING, ran=ran)) == ""
    assert proof_told(checked(FINDING, proof=proof, ran=Ran(shown=True, exit_code=0, output="XgotX"))).splitlines()[
        1
    ] == ("XgotX")
    assert proof_told(checked(FINDING, proof=proof, ran=ran)) == (
        "$ sh a\n  X got X\n[exit code 1]\n\nWith a:\n\n  echo got"
    )
    assert proof_told(checked(FINDING, proof=whole, ran=ran)).endswith("\n" + "x" * 3000)
    assert proof_told(checked(FINDING, proof=long, ran=ran)).endswith("\n" + "x" * 3000 + "\n…")


def test_what_most_commits_do_is_the_style() -> None:
    signed = [f"Mend it {number}\n\nSigned-off-by: A <a@example.org>" for number in range(9)]

    assert learn_style([*signed, "Mend it 9"]).signed
    assert learn_style([*["Mend it"] * 9, "mend it"]).upper is True
    assert learn_style(["Mend it", "mend it"] * 5).upper is None
    assert learn_style(["1 apple"] * 5).upper is None
    assert learn_style(["A shop opens"] * 5).upper is True
    assert learn_style([*["fix: mend it"] * 3, *["Mend it"] * 2]).form == "conventional"
    assert [learn_style(["x" * 10, *["x" * many] * 19]).limit for many in (50, 51)] == [50, 72]
    assert learn_style(["x" * 50] * 19).limit == 72
    assert len(learn_style(["Mend it"] * 10).samples) == 8
    assert len(learn_style([f"fix(part{number}): mend it" for number in range(13)]).areas) == 12
    assert learn_style(["\nMerge a branch"] * 5).samples == ()


def test_the_first_line_with_words_is_the_subject() -> None:
    assert (subject_of("\n\nMend it\nand more"), subject_of("X-rays are read")) == ("Mend it", "X-rays are read")
