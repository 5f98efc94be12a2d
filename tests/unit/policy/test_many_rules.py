"""The most rules on the most files: every one is evaluated, and none is forgotten."""

import pytest
from gate_builders import changed, facts, nodes

from app.policy.config import MAX_RULES, Policy, parse_policy
from app.policy.errors import PolicyError
from app.policy.gate import decide, render_decision
from app.policy.rules import Rule


def test_case_30_five_hundred_rules_on_three_thousand_files_are_all_evaluated():
    rules = [
        {"name": f"Rule {number}", "applies_to": {"paths": [f"area{number}/**"]}, "requires": {"people": {}}}
        for number in range(MAX_RULES)
    ]
    policy = Policy.model_validate({"rules": rules})
    files = tuple(changed(f"area{number % 10}/deep/file{number}.py") for number in range(3_000))
    decision = decide(facts(files=files), policy)

    assert {name for name in nodes(decision) if name.startswith("Rule")} == {f"Rule {number}" for number in range(10)}
    assert len([node for node in decision.skipped if node.rule.startswith("Rule")]) == MAX_RULES - 10
    assert decision.title in render_decision(decision)


def test_case_30_more_rules_than_that_are_refused():
    text = "rules:\n" + "".join(
        f"- {{name: R{number}, requires: {{people: {{}}}}}}\n" for number in range(MAX_RULES + 1)
    )
    kept = text.rpartition("- ")[0]

    assert all(isinstance(rule, Rule) for rule in parse_policy(kept).rules)
    with pytest.raises(PolicyError, match="at most 500 items"):
        parse_policy(text)
