"""The gate: from facts to a decision, without asking anybody and without a memory.

It is judged by the base branch's policy; if the pull request changes the policy, by its own as well, and the stricter
wins. A perspective's approval counts only for the head and the diff that it was given for.
"""

import re

from app.policy.config import POLICY_PATH, VETO, Policy
from app.policy.decision import Decision, Node, combine, conclude, conclusion, strictest
from app.policy.facts import Facts, VerdictFact
from app.policy.finding import Outcome
from app.policy.render import render_decision

__all__ = ["conclusion", "decide", "render_decision", "strictest"]


def decide(facts: Facts, policy: Policy, proposed: Policy | None = None) -> Decision:
    """`policy`: the base's, or the last valid one. `proposed`: the pull request's own, if it changes the file."""
    children = [
        _pull(facts),
        _diff(facts),
        _policy(facts, proposed),
        *_perspectives(facts, policy),
        *_tests(facts, policy),
        *_unread(facts),
    ]
    if facts.policy_changed and proposed is not None:
        own = combine("this pull request's own policy", _perspectives(facts, proposed))
        children.append(own)
    asked = ", ".join(policy.required_perspectives)
    return conclude(combine("gate", children), f"Approved: {asked}", _notes(facts))


def _pull(facts: Facts) -> Node:
    rule = "pull request"
    if facts.pull_state is None or facts.draft is None or facts.base_ref is None:
        return Node(rule, "pending", "its state is not known", todo="Wait: GitHub has not said how it stands")
    if facts.pull_state != "open":
        return Node(rule, "blocked", f"it is {facts.pull_state}", todo=f"Nothing: it is {facts.pull_state}")
    return Node(rule, "approved", "it is a draft; GitHub does not merge it yet" if facts.draft else "it is open")


def _diff(facts: Facts) -> Node:
    if facts.head_sha is None or not facts.fingerprint or facts.changed_files is None:
        return Node("diff", "pending", "the diff is not known", todo="Wait: the diff has not been read")
    if facts.changed_files <= 0:
        return Node("diff", "blocked", "it is empty, so nothing was reviewed", todo="Push a change: the diff is empty")
    count = "1 file" if facts.changed_files == 1 else f"{facts.changed_files} files"
    aside = f", {len(facts.files_set_aside)} of them set aside" if facts.files_set_aside else ""
    return Node("diff", "approved", f"{count} changed{aside}", quotes=facts.files_set_aside)


def _policy(facts: Facts, proposed: Policy | None) -> Node:
    rule, error = "policy", tuple(filter(None, (facts.policy_error,)))
    if facts.policy_changed is None or facts.policy_source == "unknown":
        return Node(
            rule, "pending", "it could not be loaded; that is tried again", todo="Wait: the policy is not loaded"
        )
    if facts.policy_changed and facts.proposed_policy_error is not None:
        quotes = (facts.proposed_policy_error,)
        return Node(
            rule, "blocked", "this pull request makes it unusable", quotes=quotes, todo=f"Correct {POLICY_PATH}"
        )
    if facts.policy_changed and proposed is None:
        return Node(rule, "pending", "the changed policy is not read yet", todo="Wait: the policy is not loaded")
    if facts.policy_source == "invalid" and not facts.policy_changed:
        because = f"{POLICY_PATH} on the base branch cannot be used"
        return Node(rule, "error", because, quotes=error, todo=f"Correct {POLICY_PATH} on the base branch")
    said = {
        "base": "from the base branch",
        "org": "from the organization's .github repository; the base branch has none",
        "default": "the built-in one; neither the base branch nor the organization has one",
        "invalid": "the last one that could be used; this pull request repairs the base branch's",
    }[facts.policy_source]
    also = "; this pull request changes it, so both must be satisfied" if facts.policy_changed else ""
    return Node(rule, "approved", f"{said}{also}", quotes=error)


def _perspectives(facts: Facts, policy: Policy) -> list[Node]:
    required = policy.required_perspectives
    names = dict.fromkeys((*required, *policy.perspectives))
    return [_perspective(name, facts, policy.min_confidence, advisory=name not in required) for name in names]


def _perspective(name: str, facts: Facts, min_confidence: float, *, advisory: bool) -> Node:
    wait = f"Wait for the {name} review"
    if facts.running is None:
        return Node(name, "pending", "it is not known whether its review is going on", todo=wait, advisory=advisory)
    if name in facts.running:
        return Node(name, "pending", "is being reviewed", todo=wait, advisory=advisory)
    verdict = facts.verdicts.get(name)
    current = verdict is not None and (verdict.head_sha, verdict.fingerprint) == (facts.head_sha, facts.fingerprint)
    if facts.stopped is not None and not current:
        todo = f"Comment `@quorum review`: the {name} review did not come to its end"
        return Node(name, "error", "its review ended early", (), (facts.stopped,), todo, advisory)
    if verdict is None or verdict.perspective != name:
        return Node(name, "pending", "is not reviewed yet", todo=wait, advisory=advisory)
    if verdict.head_sha != facts.head_sha or verdict.fingerprint != facts.fingerprint or not facts.fingerprint:
        return Node(name, "pending", "was reviewed for another diff", todo=wait, advisory=advisory)
    return _verdict(verdict, min_confidence, advisory=advisory)


def _verdict(verdict: VerdictFact, min_confidence: float, *, advisory: bool) -> Node:
    """A verdict on this very diff. What is neither a plain approval nor a plain refusal needs a person."""
    name = verdict.perspective
    if verdict.outcome is Outcome.BLOCKED or verdict.blocking:
        count = len(verdict.blocking)
        found = "1 finding" if count == 1 else f"{count or 'its'} findings"
        veto = "; its veto cannot be overridden" if name == VETO else ""
        todo = f"Fix {found} of {name}"
        return Node(name, "blocked", f"{found} must be fixed{veto}", (), verdict.blocking, todo, advisory)
    if verdict.outcome is not Outcome.APPROVED:
        quotes = tuple(filter(None, (verdict.reason,)))
        return Node(name, "error", "could not review", (), quotes, f"Ask again for the {name} review", advisory)
    if not min_confidence <= verdict.confidence <= 1:
        because = f"approved with confidence {verdict.confidence:.2f}; the policy asks for {min_confidence:.2f}"
        return Node(name, "error", because, todo=f"Ask again for the {name} review: it was not sure", advisory=advisory)
    model = re.sub(r"[^A-Za-z0-9.:/_-]", "", verdict.model)[:60]
    carried = f", carried over from {verdict.carried_from[:12]} with the same diff" if verdict.carried_from else ""
    because = f"approved with confidence {verdict.confidence:.2f} by {model or 'an unnamed model'}{carried}"
    return Node(name, "approved", because, advisory=advisory)


def _tests(facts: Facts, policy: Policy) -> list[Node]:
    """Only the base's command counts: the pull request does not choose what it is tested by."""
    if policy.test is None:
        return []
    if facts.tests == "passed":
        return [Node("tests", "approved", "the policy's command passed")]
    if facts.tests == "failed":
        return [Node("tests", "blocked", "the policy's command failed", todo="Repair the tests")]
    return [Node("tests", "pending", "there is no result yet", todo="Wait for the tests")]


def _unread(facts: Facts) -> list[Node]:
    rule = "read whole"
    if facts.files_unread is None:
        return [Node(rule, "pending", "it is not known which files were read", todo="Wait for the reviews")]
    if not facts.files_unread:
        return []
    count = "1 file was" if len(facts.files_unread) == 1 else f"{len(facts.files_unread)} files were"
    todo = "Split the pull request: it is too large to be reviewed whole"
    return [
        Node(rule, "blocked", f"{count} not read, so the approvals are not for all of it", (), facts.files_unread, todo)
    ]


def _notes(facts: Facts) -> tuple[str, ...]:
    if not facts.foreign_gates:
        return ()
    return ("Somebody else reports a check with the gate's name. Require it from this App, and see who did.",)
