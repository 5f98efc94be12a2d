"""What is missing, too much or too old. The numbers are those of the list of cases."""

import pytest
from gate_builders import POLICY, facts, ruled, verdict

from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import conclusion, decide, render_decision, strictest
from app.policy.rules import PERSPECTIVES, Requires, Rule


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


@pytest.mark.parametrize("unread", [("a.sql",), ("a.sql", "b.sql")])
def test_case_13_and_44_what_was_not_read_is_counted_and_named(unread):
    decision = decide(facts(files_unread=unread), POLICY)

    assert decision.title == "Split the pull request: it is too large to be reviewed whole"
    assert all(f"`{name}`" in render_decision(decision) for name in unread)


def test_case_44_the_first_words_stay_and_the_rest_is_said_to_be_left_out():
    titles = tuple(f"{number} " + "x" * 290 for number in range(10))
    verdicts = {name: verdict(name, outcome=Outcome.BLOCKED, blocking=titles) for name in PERSPECTIVES}
    rules = tuple(Rule(name=f"Rule {number}", requires=Requires(perspectives=PERSPECTIVES)) for number in range(40))
    text = render_decision(decide(facts(verdicts=verdicts), Policy(rules=rules)))

    assert text.startswith("**Fix 10 findings of security")
    assert text.endswith("The rest is left out: it is too long.")
    assert "| | | and " in text, "and so are rows beyond the most"
    assert len(text) < 60_100


@pytest.mark.parametrize("missing", ["checks", "labels", "changed_text", "title", "signed", "owners", "up_to_date"])
def test_case_41_a_fact_that_a_rule_asks_about_and_nobody_knows_never_opens(missing):
    asking = {
        "checks": ruled({"checks": ["ci"]}),
        "labels": ruled({"people": {}}, {"labels": ["risky"]}),
        "changed_text": ruled({"people": {}}, {"lines": "eval"}),
        "title": ruled({"people": {}}, {"title": "WIP"}),
        "signed": ruled({"people": {}}, {"signed": False}),
        "owners": ruled({"codeowners": True}),
        "up_to_date": Policy(strict=True),
    }

    assert conclusion(decide(facts(**{missing: None}), asking[missing])) == ("in_progress", None)


@pytest.mark.parametrize("state", ["closed", "merged"])
def test_case_16_what_is_not_open_is_never_approved(state):
    assert decide(facts(pull_state=state), POLICY).status == "blocked"
