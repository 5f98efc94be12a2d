"""What is missing, too much or too old. The numbers are those of the list of cases."""

import pytest
from gate_builders import POLICY, facts, verdict

from app.policy.finding import Outcome
from app.policy.gate import conclusion, decide, render_decision, strictest
from app.policy.rules import PERSPECTIVES


@pytest.mark.parametrize("missing", ["head_sha", "fingerprint", "files_unread", "files", "pull_state"])
def test_case_41_missing_facts_leave_the_gate_open_to_another_try_but_not_open(missing):
    assert conclusion(decide(facts(**{missing: None}), POLICY)) == ("in_progress", None)


def test_case_44_a_decision_of_any_size_fits_a_check_run():
    titles = tuple(f"{number} " + "é`|<" * 500 for number in range(2000))
    verdicts = {name: verdict(name, outcome=Outcome.BLOCKED, blocking=titles) for name in PERSPECTIVES}
    decision = decide(facts(verdicts=verdicts, files_unread=titles, files_set_aside=titles), POLICY)
    many = strictest(dict.fromkeys(range(1, 3000), decision))

    assert len(render_decision(decision)) <= 60_000
    assert len(render_decision(many)) <= 60_000
    assert len(many.title) <= 200
