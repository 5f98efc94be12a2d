"""One pull request that is ready to merge, and small words for what each test changes about it."""

from app.policy.changed import ChangedFile
from app.policy.conditions import Condition
from app.policy.config import Policy
from app.policy.facts import Facts, PersonFact, ReviewFact, StatementFact, VerdictFact
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
        "unreviewed_code": (),
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


def person(login="bob", **changes):
    return PersonFact(login, **{"permission": "write", "teams": frozenset(), **changes})


def said(kind="override", target="testing", who=None, **changes):
    """What a person said of the diff as it is."""
    values = {"permission": "maintain", "reason": "it is a sample", "fingerprint": DIFF}
    return StatementFact(kind, target, who or person("dora", permission="maintain"), **{**values, **changes})


def approval(who=None, **changes):
    """A person's approving review of the diff as it is."""
    return ReviewFact(who or person(), **{"state": "approved", "current": True, **changes})


def ruled(requires, applies_to=None, **policy):
    """A policy with one rule, as the file would write it."""
    rule = {"name": "The rule", "requires": requires, **({"applies_to": applies_to} if applies_to is not None else {})}
    rule |= {key.removeprefix("rule_"): policy.pop(key) for key in list(policy) if key.startswith("rule_")}
    return Policy.model_validate({**policy, "rules": [rule]})


def condition(**keys):
    """As the file would write it: `and`, `or` and `not` are given as `and_`, `or_` and `not_`."""
    return Condition.model_validate({key.removesuffix("_"): value for key, value in keys.items()})


def nodes(decision):
    """Every node of the tree by its rule's name; of several the last."""
    found = {}

    def walk(node):
        found[node.rule] = node
        for child in node.children:
            walk(child)

    walk(decision.node)
    return found
