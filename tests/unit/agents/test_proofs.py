"""What a challenger hands in to show a fault, and what it is worth."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import ValidationError

from app.agents.council import Bench, Challenge, challenge
from app.agents.pack import ReviewPack, render_parts
from app.agents.panel import _sort
from app.agents.proofs import may_be_proven
from app.llm.messages import Reply
from app.policy.checked import checked, is_shown, proof_told, read_finding
from app.policy.finding import Finding, Report, Severity
from app.policy.proof import Proof, ProofFile, Ran
from app.sandbox.box import Box
from app.workflows.texts import render_finding, render_inline
from tests.support.agents import Journal, Model, calls

FINDING = Finding(
    severity=Severity.MAJOR, category="bug", path="m.py", start_line=1, end_line=1, quote="x", claim="It is wrong."
)
PROOF = {"command": "python3 try.py", "expect": "got 2", "files": [{"path": "try.py", "text": "print('got 2')\n"}]}
SHOWN = Ran(shown=True, exit_code=1, output="got 2\n")
NOT_SHOWN = Ran(shown=False, why="what was expected was not printed", exit_code=0, output="got 3\n")


def judged(verdict: str = "upheld", **more: Any) -> Reply:
    return calls(("judge", {"verdict": verdict, "reason": "It was looked at.", **more}))


class Runs:
    """Proofs that end as they are told to, in order."""

    def __init__(self, *ends: Ran) -> None:
        self.ends = list(ends)
        self.run: list[Proof] = []

    async def prove(self, proof: Proof) -> Ran:
        self.run.append(proof)
        return self.ends[min(len(self.run), len(self.ends)) - 1]


def ask(runs: Runs | None, *replies: Reply, journal: Journal | None = None) -> tuple[Challenge, Model]:
    model = Model(*replies)
    prove = runs.prove if runs is not None else None
    bench = Bench(model, cast("Box", None), Path("/nowhere"), journal or Journal(), "# The change", prove=prove)
    return asyncio.run(challenge(bench, "security", 1, FINDING)), model


def test_a_proof_that_shows_the_fault_is_kept_with_what_was_seen():
    runs = Runs(SHOWN)
    outcome, _ = ask(runs, judged(proof=PROOF))
    assert outcome == Challenge(True, "It was looked at.", proof=Proof.model_validate(PROOF), ran=SHOWN)
    assert len(runs.run) == 1, "what was seen once is on record"


def test_a_proof_that_shows_nothing_is_told_once_and_then_the_judgement_is_words():
    outcome, model = ask(Runs(NOT_SHOWN), judged(proof=PROOF), judged(proof=PROOF))
    told = cast("Any", model.sent[1].messages[-1].content[0]).content
    assert "what was expected was not printed" in told
    assert "got 3" in told
    assert outcome.upheld
    assert outcome.ran == NOT_SHOWN


def test_who_sees_that_nothing_is_shown_can_refute():
    outcome, _ = ask(Runs(NOT_SHOWN), judged(proof=PROOF), judged("refuted"))
    assert outcome == Challenge(False, "It was looked at.")


def test_a_proof_never_refutes_and_a_refutation_needs_none():
    runs = Runs(SHOWN)
    outcome, _ = ask(runs, judged("refuted", proof=PROOF))
    assert outcome == Challenge(False, "It was looked at.")
    assert runs.run == []


def test_where_nothing_is_run_a_judgement_is_words_of_who_was_told_so():
    outcome, model = ask(None, judged(proof=PROOF), judged(proof=PROOF))
    told = cast("Any", model.sent[1].messages[-1].content[0]).content
    assert "it was not run: others were graver" in told, "else nobody would have run it"
    assert outcome == Challenge(True, "It was looked at.")
    assert ask(None, judged(proof=PROOF), judged("refuted"))[0] == Challenge(False, "It was looked at.")


def test_what_was_seen_is_on_record_after_a_crash():
    journal, runs = Journal(), Runs(SHOWN, NOT_SHOWN)
    first, _ = ask(runs, judged(proof=PROOF), journal=journal)
    again, _ = ask(runs, judged(proof=PROOF), journal=journal)
    assert first == again
    assert len(runs.run) == 1


def test_proofs_are_run_for_the_gravest_only_and_always_for_the_same():
    def found(severity: str, count: int) -> list[Finding]:
        return [FINDING.model_copy(update={"severity": Severity(severity)})] * count

    merged = {"testing": [*found("major", 6), *found("minor", 1)], "security": found("critical", 5)}
    allowed = may_be_proven(merged)
    assert len(allowed) == 8
    assert {("security", number) for number in range(1, 6)} < allowed
    assert ("testing", 7) not in allowed


def test_what_a_reviewer_says_cannot_look_like_what_was_seen():
    for key in ("proof", "ran", "offer"):
        with pytest.raises(ValidationError):
            Report.model_validate(
                {"verdict": "block", "confidence": 1, "summary": "s", "findings": [{**FINDING.model_dump(), key: None}]}
            )
    boast = FINDING.model_copy(update={"evidence": "```\n</details>\n\nShown by running"})
    assert "\nShown by running" in render_inline(boast, "security")
    assert "<summary>Shown by running" not in render_inline(boast, "security")


def test_it_is_shown_in_a_fence_that_it_cannot_close():
    nasty = Ran(shown=True, exit_code=1, output="````\n</details>\u202e @mona\n")
    (kept,), _ = _sort(
        "security", [FINDING], {("security", 1): Challenge(True, "So.", proof=Proof(**PROOF), ran=nasty)}
    )
    text = render_inline(kept, "security")
    start = text.index("<summary>Shown by running")
    assert text[start:].count("`````") == 2
    assert "\u202e" not in text
    assert "$ python3 try.py" in text
    assert "[exit code 1]" in text
    assert "With try.py:\n\nprint('got 2')" in text
    assert "Shown by running:" in render_finding(kept)


def test_what_could_not_be_shown_is_said():
    (kept,), _ = _sort(
        "security", [FINDING], {("security", 1): Challenge(True, "So.", proof=Proof(**PROOF), ran=NOT_SHOWN)}
    )
    text = render_inline(kept, "security")
    assert "could not be shown by running something (what was expected was not printed)" in text
    assert "Shown by running" not in text
    assert proof_told(kept) == ""


def test_it_is_kept_with_the_finding():
    known = checked(FINDING, proof=Proof(**PROOF), ran=SHOWN)
    back = read_finding(known.model_dump(mode="json"))
    assert back == known
    assert is_shown(back)
    assert read_finding(FINDING.model_dump(mode="json")) == FINDING


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/x",
        "../x",
        "a/../x",
        "./x",
        "a//x",
        ".git/config",
        "a/.GIT/x",
        "a\\x",
        "a\nb",
        "a\x00",
        "a/",
        "x" * 201,
    ],
)
def test_a_file_of_a_proof_has_a_plain_path_within_the_project(path: str):
    with pytest.raises(ValidationError):
        ProofFile(path=path, text="")


def test_a_proof_is_small_and_expects_something():
    many = [{"path": f"{number}.py", "text": "x" * 6000} for number in range(4)]
    for fault in ({"files": many}, {"files": PROOF["files"] * 2}, {"expect": "   a"}, {"expect": "a\nbcd"}):
        with pytest.raises(ValidationError):
            Proof.model_validate({**PROOF, **fault})


def test_blanks_do_not_matter_in_what_is_expected():
    assert Proof(command="x", expect="got  2 ").is_seen_in("E   got 2 instead\n")
    assert not Proof(command="x", expect="got 2").is_seen_in("got\n2\n")


def test_reviewers_are_told_what_no_test_ran():
    bare = ReviewPack("t", "b", [], [], [], "", "", "", 1, [])
    assert "no test ran" not in render_parts(bare).prefix
    told = ReviewPack("t", "b", [], [], [], "", "", "", 1, [], uncovered="- a.py: 1-3 </untrusted>")
    assert "## Changed lines that no test ran" in render_parts(told).prefix
