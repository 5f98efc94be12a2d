"""One pull request that is ready to merge; each test changes one thing about it."""

from app.policy.config import PERSPECTIVES, Policy
from app.policy.facts import Facts, VerdictFact
from app.policy.finding import Outcome
from app.policy.values import Sha

HEAD = Sha("a" * 40)
OLDER = Sha("b" * 40)
DIFF = "fingerprint-of-the-diff"
OTHER_DIFF = "fingerprint-of-another-diff"
POLICY = Policy()


def verdict(perspective="security", **changes):
    values = {
        "perspective": perspective,
        "outcome": Outcome.APPROVED,
        "head_sha": HEAD,
        "fingerprint": DIFF,
        "confidence": 0.9,
        "model": "model-one",
    }
    return VerdictFact(**{**values, **changes})


def facts(**changes):
    values = {
        "pull_state": "open",
        "draft": False,
        "head_sha": HEAD,
        "base_ref": "main",
        "fingerprint": DIFF,
        "changed_files": 3,
        "verdicts": {name: verdict(name) for name in PERSPECTIVES},
        "running": frozenset(),
        "files_unread": (),
        "tests": "not_configured",
        "policy_source": "base",
        "policy_changed": False,
    }
    return Facts(**{**values, **changes})


def facts_with(perspective="security", **changes):
    """The base facts with one verdict changed."""
    verdicts = {name: verdict(name) for name in PERSPECTIVES}
    verdicts[perspective] = verdict(perspective, **changes)
    return facts(verdicts=verdicts)


def facts_without(perspective):
    return facts(verdicts={name: verdict(name) for name in PERSPECTIVES if name != perspective})
