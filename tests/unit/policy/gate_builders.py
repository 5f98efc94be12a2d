"""One pull request that is ready to merge; each test changes one thing about it."""

from app.policy.changed import ChangedFile
from app.policy.config import Policy
from app.policy.facts import Facts, PersonFact, VerdictFact
from app.policy.finding import Outcome
from app.policy.rules import PERSPECTIVES
from app.policy.values import Sha

HEAD = Sha("a" * 40)
OLDER = Sha("b" * 40)
DIFF = "fingerprint-of-the-diff"
OTHER_DIFF = "fingerprint-of-another-diff"
POLICY = Policy()
ADA = PersonFact("ada", permission="write")
NOW = 1_790_000_000.0


def changed(path, was=None, **changes):
    values = {"status": "modified", "added": 3, "removed": 1, "binary": False}
    return ChangedFile(path, was, **{**values, **changes})


def verdict(perspective="security", **changes):
    values = {
        "perspective": perspective,
        "outcome": Outcome.APPROVED,
        "head_sha": HEAD,
        "fingerprint": DIFF,
        "confidence": 0.9,
        "model": "model-one",
        "at": NOW - 60,
    }
    return VerdictFact(**{**values, **changes})


def facts(**changes):
    values = {
        "pull_state": "open",
        "draft": False,
        "head_sha": HEAD,
        "base_ref": "main",
        "fingerprint": DIFF,
        "files": tuple(changed(name) for name in ("src/a.py", "src/b.py", "src/c.py")),
        "changed_text": "x = 1",
        "whitespace_only": False,
        "title": "Add a thing",
        "labels": {},
        "author": ADA,
        "first_time": False,
        "own": False,
        "contributors": frozenset(),
        "signed": False,
        "up_to_date": True,
        "checks": (),
        "reviews": (),
        "owners": (),
        "statements": (),
        "guarded": True,
        "now": NOW,
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
