"""What must hold for every deployment that there could be."""

from dataclasses import fields, replace

from deployment_builders import BEFORE, EARLIER, NOW, SHA, facts, landing
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.deployment_facts import DeploymentFacts, LandingFact, MigrationFact
from app.policy.deployment_text import MAX_CHARS, render_deployment
from app.policy.deployments import decide_deployment, look_again_at
from app.policy.environments import Environment

UNKNOWN = {
    each.name: each.default
    for each in fields(DeploymentFacts)
    if each.name not in {"environment", "now", "policy_error"}
}
OF_A_LANDING = {"approved": None, "security": None, "approved_at": None, "still_enough": None, "undone_by": None}

mostly = lambda good, *others: st.sampled_from([good] * 8 + list(others))  # noqa: E731 - a local shorthand
landings = st.builds(
    landing,
    st.sampled_from([SHA, EARLIER, BEFORE]),
    pull=mostly(12, None),
    approved=mostly(True, False, None),
    security=mostly(True, False, None),
    approved_at=mostly(NOW - 3600, None, 0.0),
    still_enough=mostly(True, False, None),
    undone_by=mostly(None, SHA, EARLIER),
)
all_facts = st.builds(
    facts,
    sha=mostly(SHA, None),
    run_sha=mostly(SHA, EARLIER, None),
    default_branch=mostly("main", None),
    branches=mostly(("main",), (), None),
    landings=st.lists(landings, max_size=3).map(tuple) | st.none(),
    origin=mostly("deployed", "baseline", "gap", None),
    origin_sha=mostly(BEFORE, None),
    rollback=mostly(False, True, None),
    had=mostly({"staging": NOW - 86400}, {"staging": None}, {"staging": NOW}, {}, None),
    migrations=mostly((), (MigrationFact("m/1.sql", reversible=False),), None),
    policy_source=mostly("base", "default", "invalid", "unknown"),
)
rules = (
    st.builds(
        Environment,
        after=st.sampled_from([(), ("staging",)]),
        security=st.booleans(),
        branches=st.sampled_from([(), ("main",)]),
        migrations=st.sampled_from(["any", "reversible"]),
        max_age_hours=st.sampled_from([None, 1, 100]),
    )
    | st.none()
)
many = settings(max_examples=150, deadline=None)


@many
@given(all_facts, rules, st.sets(st.sampled_from(sorted(UNKNOWN)), min_size=1))
def test_a_missing_fact_never_lets_a_deployment_through(known, environment, missing):
    before = decide_deployment(known, environment).status
    after = decide_deployment(replace(known, **{name: UNKNOWN[name] for name in missing}), environment).status

    assert after != "approved" or before == "approved"


@many
@given(
    all_facts,
    rules,
    st.sampled_from(["sha", "run_sha", "branches", "landings", "origin", "origin_sha", "policy_source"]),
)
def test_what_everything_rests_on_must_be_known(known, environment, name):
    assert decide_deployment(replace(known, **{name: UNKNOWN[name]}), environment).status != "approved"


@many
@given(all_facts, rules, st.sampled_from(sorted(OF_A_LANDING)), st.integers(0, 2))
def test_what_is_missing_of_one_landing_never_lets_a_deployment_through(known, environment, name, index):
    listed = list(known.landings or ())
    if index >= len(listed):
        return
    listed[index] = replace(listed[index], **{name: OF_A_LANDING[name]})
    after = decide_deployment(replace(known, landings=tuple(listed)), environment).status

    assert after != "approved" or decide_deployment(known, environment).status == "approved"


@many
@given(all_facts, rules, landings)
def test_another_landing_behind_the_first_commit_never_helps(known, environment, one):
    """Unless it takes one back, which only what comes later can do."""
    more = replace(known, landings=(one, *(known.landings or ())))
    if decide_deployment(more, environment).status == "approved" and known.landings:
        assert decide_deployment(known, environment).status == "approved"


@many
@given(all_facts, rules)
def test_whatever_goes_was_approved_in_every_part(known, environment):
    if decide_deployment(known, environment).status != "approved":
        return
    assert known.sha == known.run_sha is not None
    assert known.branches
    assert known.landings or known.origin == "deployed"
    ends = {each.after_sha for each in known.landings if each.approved}
    assert all(isinstance(each, LandingFact) and (each.approved or each.undone_by in ends) for each in known.landings)


@many
@given(all_facts, rules)
def test_every_decision_has_words_that_fit_and_a_time_to_look_again(known, environment):
    decision = decide_deployment(known, environment)

    assert decision.title
    assert len(render_deployment(decision, known.environment)) <= MAX_CHARS
    assert look_again_at(known, environment) > known.now
