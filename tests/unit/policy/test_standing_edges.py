"""What a perspective's standing is called and worth: each way of not being approved has the perspective's name."""

import pytest
from gate_builders import NOW, OLDER, OTHER_DIFF, POLICY, facts, facts_with, facts_without, nodes, ruled, said, verdict

from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import decide
from app.policy.overriding import missing_targets
from app.policy.perspectives import family_of
from app.policy.rules import PERSPECTIVES

OTHER_FAMILY = ruled({"perspectives": ["testing"], "other_family": True}, autonomy=4)
MISSING = [
    ("under review", facts(running=frozenset({"testing"})), POLICY),
    ("not reviewed", facts_without("testing"), POLICY),
    ("ended early", facts(verdicts={**facts_without("testing").verdicts}, stopped="out of budget"), POLICY),
    ("filed under another name", facts(verdicts={**facts().verdicts, "testing": verdict("security")}), POLICY),
    ("of another head", facts_with("testing", head_sha=OLDER), POLICY),
    ("of another diff", facts_with("testing", fingerprint=OTHER_DIFF), POLICY),
    ("refused", facts_with("testing", outcome=Outcome.BLOCKED), POLICY),
    ("could not review", facts_with("testing", outcome=Outcome.ABSTAINED), POLICY),
    ("not sure", facts_with("testing", confidence=0.1), POLICY),
    ("carried on other terms", facts_with("testing", carried_from=OLDER, same=frozenset()), POLICY),
    ("too old", facts_with("testing", at=NOW - 7201), Policy(max_age_hours=2)),
    ("of an unknown age", facts_with("testing", at=None), Policy(max_age_hours=2)),
    ("of an unknown family", facts(own=True), OTHER_FAMILY),
    ("of the author's family", facts(own=True, author_family="model"), OTHER_FAMILY),
]


@pytest.mark.parametrize(("case", "known", "policy"), MISSING, ids=[each[0] for each in MISSING])
def test_what_is_missing_of_a_perspective_has_its_name(case, known, policy):
    assert missing_targets(decide(known, policy)) == ("testing",)


def test_what_is_missing_of_all_is_named_for_each():
    assert missing_targets(decide(facts(running=None), POLICY)) == PERSPECTIVES


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("anthropic:claude-opus-4-5", "claude"),
        ("openai/gpt-5.2", "gpt"),
        ("router:openai/GPT_5", "gpt"),
        ("o3", "o"),
        ("", ""),
    ],
)
def test_a_family_is_what_stands_before_the_version_whoever_serves_it(model, family):
    assert family_of(model) == family


def test_a_comment_that_is_still_there_is_not_said_to_be_gone():
    refused = facts(verdicts={**facts_with("testing", outcome=Outcome.BLOCKED).verdicts}, statements=(said(),))

    assert "no longer there" not in nodes(decide(refused, POLICY))["testing"].because


def test_a_review_that_ended_early_after_a_verdict_of_this_very_diff_takes_nothing_from_it():
    stopped = {"stopped": "out of budget"}

    assert decide(facts(**stopped), POLICY).status == "approved"
    assert decide(facts(verdicts=facts_with("testing", head_sha=OLDER).verdicts, **stopped), POLICY).status == "error"
    other = facts_with("testing", fingerprint=OTHER_DIFF).verdicts
    assert decide(facts(verdicts=other, **stopped), POLICY).status == "error"
