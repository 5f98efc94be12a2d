"""What a fact is while nobody has looked: not known. A default that knew something could open the gate."""

from dataclasses import MISSING, fields

import pytest
from deployment_builders import SHA
from gate_builders import POLICY, facts, verdict

from app.policy.deployment_facts import DeploymentFacts, LandingFact
from app.policy.environments import Environment
from app.policy.facts import EVERYTHING, Facts, PersonFact, StatementFact
from app.policy.gate import decide
from app.policy.kinds import kinds_of
from app.policy.merging import Automerge
from app.policy.rules import Override, People, Requires, Rule

HARMLESS = {"files_set_aside", "foreign_gates", "policy_error", "proposed_policy_error", "stopped", "halted", "called"}
"""What there is nothing of is told by nothing there."""


def test_all_that_the_gate_judges_by_is_not_known_at_first():
    known = {field.name: getattr(Facts(), field.name) for field in fields(Facts)}
    said = {"verdicts": {}, "tests": "unknown", "policy_source": "unknown", "called": "quorum"}
    nothing = {"files_set_aside": (), "foreign_gates": ()}

    assert known == {**dict.fromkeys(known), **said, **nothing}
    assert Facts().paths is None
    assert Facts().kinds is None
    assert Facts().risk is None


WATCHED = sorted(
    {field.name for field in fields(Facts)}
    - HARMLESS
    - {"now", "author_family", "changed_text", "whitespace_only", "title", "labels", "first_time", "signed", "tests"}
    - {"up_to_date", "checks", "owners", "contributors", "author"}
)
"""What every policy asks about, whatever it says."""


@pytest.mark.parametrize("name", WATCHED)
def test_the_gate_stays_shut_while_a_fact_that_every_policy_asks_about_is_not_known(name):
    field = next(each for each in fields(Facts) if each.name == name)
    unknown = field.default if field.default is not MISSING else field.default_factory()

    assert decide(facts(**{name: unknown}), POLICY).status != "approved"


def test_all_that_a_deployment_is_judged_by_is_not_known_at_first():
    known = DeploymentFacts("prod", 0.0)
    names = [field.name for field in fields(known) if field.name not in {"environment", "now", "policy_source"}]

    assert known.policy_source == "unknown"
    assert [getattr(known, name) for name in names] == [None] * len(names)


def test_nothing_is_known_of_a_landing_at_first():
    known = {field.name: getattr(LandingFact(SHA), field.name) for field in fields(LandingFact)}

    assert known == {**dict.fromkeys(known), "after_sha": SHA, "reason": "", "policy_hash": ""}


def test_of_a_person_no_right_and_no_team_is_known_at_first():
    assert PersonFact("ada") == PersonFact("ada", bot=False, permission=None, teams=frozenset())
    assert not StatementFact("veto", "", PersonFact("ada"), "read", "", "").removed


def test_a_verdict_was_given_for_the_very_head_unless_it_says_otherwise():
    fresh = verdict()

    assert (fresh.carried_from, fresh.blocking, fresh.keys, fresh.reason, fresh.same) == (None, (), (), "", EVERYTHING)
    assert fresh.whole_at is None
    assert {"exact", "same_tree", "same_diff", "same_diff_and_message"} == EVERYTHING


def test_each_name_of_a_change_has_its_kinds():
    known = facts()

    assert known.kinds == tuple(kinds_of(name) for name in known.paths.names)


def test_what_a_policy_does_not_say_is_what_it_always_was():
    assert dict(Override()) == {"by": ("maintain",), "author": False, "outage": False}
    assert dict(People()) == {"count": 1, "who": ("write",)}
    assert dict(Environment()) == {
        "after": (),
        "soak_minutes": 0,
        "security": True,
        "branches": (),
        "migrations": "any",
        "max_age_hours": None,
    }
    assert dict(Automerge()) == {"method": "squash", "applies_to": None}
    said = {"min_confidence": None, "other_family": False, "max_age_hours": None, "some_of": None, "codeowners": False}
    asked = {"perspectives": None, "people": People(), "checks": (), "tests": False}
    assert dict(Requires(people=People())) == {**said, **asked}
    rule = Rule(name="x", requires=Requires(people=People()))
    assert (rule.applies_to, rule.override, rule.carry_over, rule.veto) == (None, None, None, False)
    assert {name: value for name, value in dict(POLICY).items() if name not in {"budget_usd", "override"}} == {
        "perspectives": ("security", "performance", "architecture", "testing", "documentation"),
        "max_minutes": 120,
        "split": "ask",
        "watch_default": False,
        "required": "all",
        "analyzers": None,
        "path_instructions": (),
        "coverage": None,
        "test": None,
        "setup": None,
        "max_rounds": 3,
        "min_confidence": 0.5,
        "set_aside": (),
        "environments": {},
        "carry_over": "same_diff",
        "strict": False,
        "max_age_hours": None,
        "vetoes": ("security",),
        "autonomy": 2,
        "automerge": None,
        "labels": False,
        "rules": (),
    }
    assert (str(POLICY.budget_usd), POLICY.override) == ("5.00", Override())
