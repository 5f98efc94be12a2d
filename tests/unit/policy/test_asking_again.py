"""Who may have a veto's refusal looked at again, at the same diff."""

import pytest
from gate_builders import facts

from app.policy.config import Policy
from app.policy.facts import Facts, PersonFact
from app.policy.persons import may_ask_again
from app.policy.rules import Requires, Rule
from app.policy.terms import vetoes_of

GRACE = PersonFact("Grace", permission="write")


@pytest.mark.parametrize(
    ("who", "known", "may"),
    [
        (GRACE, {}, True),
        (PersonFact("grace", permission="admin"), {}, True),
        (PersonFact("grace", permission="triage"), {}, False),
        (PersonFact("grace"), {}, False),
        (PersonFact("grace", bot=True, permission="admin"), {}, False),
        (GRACE, {"contributors": frozenset({"grace"})}, False),
        (GRACE, {"author": PersonFact("GRACE")}, False),
        (GRACE, {"contributors": None}, False),
        (GRACE, {"author": None}, False),
    ],
)
def test_writers_who_wrote_no_part_of_it(who: PersonFact, known: dict[str, object], may: bool):
    seen: Facts = facts(**{"contributors": frozenset({"ada"}), "author": PersonFact("ada"), **known})

    assert may_ask_again(who, seen) is may


def test_a_perspective_has_a_veto_if_any_rule_of_any_policy_gives_it_one():
    rule = Rule(name="Speed", requires=Requires(perspectives=("performance",)), veto=True)

    assert vetoes_of([Policy()]) == {"security"}
    assert vetoes_of([Policy(vetoes=("security", "testing")), Policy(rules=(rule,))]) == {
        "security",
        "testing",
        "performance",
    }
