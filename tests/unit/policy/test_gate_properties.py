"""What must hold for every pull request that there could be."""

from dataclasses import replace

from gate_builders import DIFF, HEAD, OLDER, OTHER_DIFF, changed, verdict
from gate_builders import facts as ready
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import conclusion, decide, render_decision
from app.policy.rules import PERSPECTIVES

FILES = (changed("src/a.py"),)
RANK = {"approved": 0, "error": 1, "pending": 2, "blocked": 3}
UNKNOWN = {
    "pull_state": None,
    "draft": None,
    "head_sha": None,
    "base_ref": None,
    "fingerprint": None,
    "files": None,
    "verdicts": {},
    "running": None,
    "files_unread": None,
    "tests": "unknown",
    "policy_source": "unknown",
    "policy_changed": None,
    "guarded": None,
    "own": None,
    "reviews": None,
    "statements": None,
}

names = st.sampled_from(PERSPECTIVES)
mostly = lambda good, *others: st.sampled_from([good] * 12 + list(others))  # noqa: E731 - a local shorthand
verdicts = st.builds(
    lambda outcome, head, diff, confidence, blocking: {
        "outcome": outcome, "head_sha": head, "fingerprint": diff, "confidence": confidence, "blocking": blocking
    },
    mostly(Outcome.APPROVED, Outcome.BLOCKED, Outcome.ABSTAINED),
    mostly(HEAD, OLDER),
    mostly(DIFF, OTHER_DIFF, ""),
    mostly(0.9, 0.0, 0.5, 1.0, float("nan"), float("inf")),
    mostly((), ("a finding",)),
)  # fmt: skip
policies = st.builds(
    lambda required, test, confidence: Policy(required=required, test=test, min_confidence=confidence),
    st.sampled_from(["all", ("security",), ("security", "testing")]),
    st.sampled_from([None, "pytest"]),
    st.sampled_from([0.0, 0.5, 1.0]),
)
all_facts = st.builds(
    lambda found, **rest: ready(verdicts={name: verdict(name, **each) for name, each in found.items()}, **rest),
    st.fixed_dictionaries(dict.fromkeys(PERSPECTIVES, verdicts)),
    pull_state=mostly("open", "closed", "merged", None),
    draft=mostly(False, True, None),
    head_sha=mostly(HEAD, None),
    base_ref=mostly("main", None),
    fingerprint=mostly(DIFF, None, ""),
    files=mostly(FILES, (), None),
    running=mostly(frozenset(), frozenset({"testing"}), None),
    files_unread=mostly((), ("a.sql",), None),
    tests=mostly("passed", "failed", "unknown", "not_configured"),
    policy_source=mostly("base", "org", "default", "invalid", "unknown"),
    policy_changed=mostly(False, True, None),
    guarded=mostly(True, False, None),
    own=mostly(False, True, None),
    reviews=mostly((), None),
)
many = settings(max_examples=80, deadline=None)


@many
@given(all_facts, policies, names)
def test_another_approval_of_this_diff_never_closes_the_gate(facts, policy, name):
    approval = verdict(name, confidence=1.0, fingerprint=facts.fingerprint, head_sha=facts.head_sha)
    more = replace(facts, verdicts={**facts.verdicts, name: approval})

    assert RANK[decide(more, policy).status] <= RANK[decide(facts, policy).status]


@many
@given(all_facts, policies, st.text(min_size=1).filter(lambda text: text not in {DIFF, OTHER_DIFF}))
def test_another_fingerprint_always_closes_the_gate(facts, policy, fingerprint):
    assert decide(replace(facts, fingerprint=fingerprint), policy).status != "approved"


@many
@given(all_facts, policies)
def test_another_head_always_closes_the_gate(facts, policy):
    assert decide(replace(facts, head_sha="c" * 40), policy).status != "approved"


@many
@given(all_facts, policies, st.permutations(PERSPECTIVES))
def test_the_order_of_facts_does_not_matter(facts, policy, order):
    shuffled = replace(facts, verdicts={name: facts.verdicts[name] for name in order})

    assert decide(shuffled, policy) == decide(facts, policy)


@many
@given(all_facts, policies, st.sets(st.sampled_from(sorted(UNKNOWN)), min_size=1))
def test_a_missing_fact_never_opens_the_gate(facts, policy, missing):
    before = decide(facts, policy).status
    after = decide(replace(facts, **{name: UNKNOWN[name] for name in missing}), policy).status

    assert after != "approved" or before == "approved"
    assert after != "approved" or missing <= {"tests"}


@many
@given(all_facts, policies, names)
def test_a_missing_verdict_never_opens_the_gate(facts, policy, name):
    fewer = replace(facts, verdicts={key: each for key, each in facts.verdicts.items() if key != name})

    assert decide(fewer, policy).status != "approved" or decide(facts, policy).status == "approved"


@many
@given(all_facts, policies, policies)
def test_a_policy_in_the_pull_request_never_opens_what_the_base_keeps_closed(facts, policy, proposed):
    changed = replace(facts, policy_changed=True)
    if facts.policy_source == "invalid":
        changed = replace(changed, policy_source="base")

    both = decide(changed, policy, proposed).status
    assert RANK[both] >= RANK[decide(replace(changed, policy_changed=False), policy).status]


@many
@given(all_facts, policies)
def test_an_open_gate_has_an_approval_of_security_for_this_very_diff(facts, policy):
    if decide(facts, policy).status == "approved":
        security = facts.verdicts["security"]
        assert security.outcome is Outcome.APPROVED
        assert (security.head_sha, security.fingerprint) == (facts.head_sha, facts.fingerprint)
        assert not security.blocking


@many
@given(all_facts, policies)
def test_every_decision_has_a_title_a_conclusion_and_a_page(facts, policy):
    decision = decide(facts, policy)

    assert 0 < len(decision.title) <= 200
    assert conclusion(decision)[1] in {"success", "failure", "action_required", None}
    assert decision.title in render_decision(decision)
