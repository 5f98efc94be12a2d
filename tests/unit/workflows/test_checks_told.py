"""The one comment about failing checks: what it says, and that no name or log in it acts."""

from app.policy.ci import Check, Judged
from app.policy.values import Sha
from app.store.tended import Attempt
from app.workflows.checks_seen import ChecksLook, Seen
from app.workflows.checks_text import render_checks

HEAD = "a" * 40
SEEN = Seen(Judged(Check(1, "build", 7, "failure"), "broken", "it passes on the base branch"), "boom")


def attempt(state="succeeded", commit: str | None = "b" * 40, reason=""):
    return Attempt("r", state, reason, Sha(HEAD), ("build",), None if commit is None else Sha(commit), 1.0, 2.0)


def test_whose_fault_it_is_and_what_is_done():
    told = render_checks(ChecksLook((SEEN,), (), False, False, more=2), HEAD, ["I repair it."])
    assert told.startswith(f"### 3 checks failed on {HEAD[:12]}")
    assert "- `build` — **broken**: it passes on the base branch. I repair it." in told
    assert "- and 2 checks more" in told
    assert "```\nboom\n```" in told


def test_what_was_tried_is_told_in_its_order():
    failed = attempt("failed", None, "It was too hard.\n\nWhat to do: Do it by hand.")
    told = render_checks(ChecksLook((), (attempt(), failed), False, True, ended=4), HEAD, [])
    assert told.startswith("### No check fails any more")
    assert f"repaired `build` in {'b' * 12}\n- could not repair `build`: It was too hard." in told


def test_before_anything_has_run_nothing_is_said_to_pass():
    told = render_checks(ChecksLook((), (attempt(),), False, True), HEAD, [])
    assert told.startswith("### The checks are to run again")


def test_names_and_logs_of_strangers_do_not_act():
    name, log = "`@all <b>", "```\n@everybody [x](http://evil)\n````"
    seen = Seen(Judged(Check(1, name, 7, "failure"), "flaky", "so"), log)
    told = render_checks(ChecksLook((seen,), (), False, False), HEAD, ["Well."])
    assert "- `'@all <b>` —" in told
    assert f"`````\n{log}\n`````" in told
