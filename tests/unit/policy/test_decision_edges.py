"""What is told of a decision beside its status: counts, names and hours are what people act upon."""

import time

import pytest
from deployment_builders import NOW, STRICT
from deployment_builders import facts as deployment
from gate_builders import POLICY, changed, facts, facts_without, nodes

from app.policy.config import parse_policy
from app.policy.decision import strictest
from app.policy.deployments import decide_deployment
from app.policy.gate import decide
from app.policy.missing import missing_of


@pytest.mark.parametrize(
    ("files", "aside", "told"),
    [
        (1, (), "1 file changed"),
        (2, (), "2 files changed"),
        (3, ("uv.lock",), "3 files changed, 1 of them set aside"),
        (3, ("uv.lock", "yarn.lock"), "3 files changed, 2 of them set aside"),
    ],
)
def test_how_much_of_a_diff_was_to_be_read_is_told(files, aside, told):
    known = facts(files=tuple(changed(f"src/{each}.py") for each in range(files)), files_set_aside=aside)

    assert nodes(decide(known, POLICY))["diff"].because == told


@pytest.mark.parametrize(("unread", "told"), [(("a",), "1 file was not read"), (("a", "b"), "2 files were not read")])
def test_how_many_files_nobody_read_is_told(unread, told):
    assert nodes(decide(facts(files_unread=unread), POLICY))["read whole"].because.startswith(told)


def test_the_decision_on_a_commit_of_several_pull_requests_says_what_stands_for_each():
    first, second = decide(facts(), POLICY), decide(facts_without("testing"), POLICY)
    both = strictest({12: second, 7: first})

    assert both.node.rule == "gate"
    assert [(each.rule, each.because) for each in both.node.children] == [("#7", first.title), ("#12", second.title)]
    assert both.title == f"#12: {second.title}"


def test_whether_the_policy_names_the_environment_is_told():
    named, built_in = (decide_deployment(deployment(), each) for each in (STRICT, None))

    assert nodes(named)["policy"].because == "it names the environment"
    assert nodes(built_in)["policy"].because == "the built-in rules hold for it"


@pytest.fixture
def far_from_greenwich(monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_hours_are_told_as_utc_wherever_the_worker_stands(far_from_greenwich):
    waits = decide_deployment(deployment(had={"staging": NOW}), STRICT)

    assert waits.title == "Wait until 2027-01-15 09:00 UTC"


def test_a_rule_that_is_called_like_a_perspective_says_nothing_of_who_may_override_that():
    policy = parse_policy("rules: [{name: testing, requires: {people: {}}, override: false}]")
    seen = facts_without("testing")
    found = {each.rule: each.override for each in missing_of(decide(seen, policy), policy)}

    assert found == {
        "testing": "somebody with maintain, but not the author",
        "testing: people": "nobody: the policy does not allow it",
    }
