"""The gate: from facts to a decision, without asking anybody, without a clock and without a memory.

It is judged by the base branch's policy; if the pull request changes the policy, by its own as well, and the stricter
wins. A perspective's approval counts only for the head and the diff that it was given for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.policy.applying import Answer, applies
from app.policy.builtin import ADMIN, OWN_CHANGE
from app.policy.by_default import only_advises, rules_under
from app.policy.config import POLICY_PATH, Policy
from app.policy.decision import Decision, Node, combine, conclude, conclusion, strictest
from app.policy.facts import Facts
from app.policy.own import file_at_fault
from app.policy.persons import objections, owners_node, people_node
from app.policy.perspectives import overridden, perspective_node
from app.policy.render import render_decision
from app.policy.rules import CheckOf, Rule
from app.policy.terms import Terms, terms_of
from app.policy.words import why_unasked

_LOW_RISK_ALONE = 3
"""The level of autonomy at which agents merge what is of low risk."""

OWN_POLICY = "this pull request's own policy"

__all__ = ["OWN_POLICY", "conclusion", "decide", "render_decision", "strictest"]

_LATER = ""
"""In the place of a test command that is proposed where the base has none; no policy file can say it."""


def decide(facts: Facts, policy: Policy, proposed: Policy | None = None) -> Decision:
    """`policy`: the base's, or the last valid one. `proposed`: the pull request's own, if it changes the file."""
    skipped: list[Node] = []
    loaded, asked = _policy(facts, proposed), [*_asked(facts, policy, skipped), *_unread(facts)]
    own = _own_policy(facts, policy, proposed) if facts.policy_changed and proposed is not None else []
    if loaded.status == "error":
        # Nobody reviews under a policy that cannot be used: there is nothing to wait for but its repair.
        asked, own = ([replace(each, advisory=True) for each in part] for part in (asked, own))
    children = [
        _pull(facts),
        _base(facts),
        _diff(facts),
        loaded,
        *asked,
        *objections(facts),
        *own,
    ]
    names = ", ".join(name for name in policy.required_perspectives if not why_unasked(name, policy, facts))
    decision = conclude(combine("gate", children), f"Approved: {names}", _notes(facts))
    return replace(decision, skipped=tuple(skipped))


def _own_policy(facts: Facts, policy: Policy, proposed: Policy) -> list[Node]:
    """What the pull request's own policy asks for; a first test command it cannot ask for yet, as nobody runs it."""
    if policy.test is None and proposed.test is not None:
        proposed = proposed.model_copy(update={"test": _LATER})
    return [combine(OWN_POLICY, _asked(facts, proposed, []))]


def _asked(facts: Facts, policy: Policy, skipped: list[Node]) -> list[Node]:
    """Everything that one policy asks for. Rules that do not apply are put into `skipped`."""
    required, terms = policy.required_perspectives, terms_of(policy)
    names = dict.fromkeys((*required, *policy.perspectives))
    unasked = {name: why for name in names if (why := why_unasked(name, policy, facts))}
    skipped += [Node(name, "approved", why, advisory=True) for name, why in unasked.items()]
    asked = [name for name in names if name not in unasked]
    nodes = [perspective_node(name, facts, terms, advisory=name not in required) for name in asked]
    nodes += [*_tests(facts, policy, terms), *_strict(facts, policy), *_own(facts, policy)]
    for rule in rules_under(policy):
        answer = applies(rule.applies_to, facts)
        if answer.holds is False:
            skipped.append(
                Node(rule.name, "approved", f"does not apply: {answer.because}", (), answer.quotes, advisory=True)
            )
        else:
            node = _rule(rule, answer, facts, policy)
            nodes.append(replace(node, advisory=only_advises(rule, policy)))
    return nodes


def _rule(rule: Rule, answer: Answer, facts: Facts, policy: Policy) -> Node:
    """What the rule requires. Where it is not certain that it applies, it does; a fact that may come is waited for."""
    node = combine(rule.name, list(_requirements(rule, facts, policy)))
    if answer.missing and node.status != "approved":
        because, todo = f"it is not known whether it applies: {answer.because}", "Wait: not everything is known yet"
        children = tuple(replace(each, advisory=True) for each in node.children)
        return Node(rule.name, "pending", because, children, answer.quotes[:3], todo)
    sure = "applies" if answer.holds else "it is not certain that it does not apply"
    return replace(node, because=f"{sure}: {answer.because}; {node.because}", quotes=answer.quotes[:3])


def _requirements(rule: Rule, facts: Facts, policy: Policy) -> Iterator[Node]:
    wanted, terms = rule.requires, terms_of(policy, rule)
    names = wanted.perspectives or (policy.required_perspectives if wanted.tightens and not wanted.some_of else ())
    for name in names:
        yield _voice(name, facts, policy, terms)
    if wanted.some_of is not None:
        asked = [name for name in wanted.some_of.of if not why_unasked(name, policy, facts)]
        count = min(wanted.some_of.count, len(asked))
        yield _some(count, [perspective_node(name, facts, terms) for name in asked])
    if wanted.people is not None:
        yield overridden(people_node("people", wanted.people, facts), "people", facts, terms.override)
    if wanted.codeowners:
        yield overridden(owners_node("code owners", facts), "people", facts, terms.override)
    for number, check in enumerate(wanted.checks, start=1):
        yield _check(f"check {number}", check, facts)
    if wanted.tests:
        yield from _tests(facts, policy, terms)


def _voice(name: str, facts: Facts, policy: Policy, terms: Terms) -> Node:
    """A perspective that has no part in this change does not hold it up."""
    why = why_unasked(name, policy, facts)
    return Node(name, "approved", why) if why else perspective_node(name, facts, terms)


def _some(count: int, nodes: Sequence[Node]) -> Node:
    """Approved with enough of them; else as the best of those that are still missing stand."""
    approved = [node for node in nodes if node.status == "approved"]
    rule, told = f"{count} of {len(nodes)}", f"{len(approved)} of {count} approvals are there"
    if len(approved) >= count:
        return Node(rule, "approved", told, tuple(replace(node, advisory=True) for node in nodes))
    missing = [node for node in nodes if node.status != "approved"]
    order = ("pending", "error", "blocked")
    best = sorted(missing, key=lambda node: order.index(node.status))[: count - len(approved)]
    children = tuple(node if node in best else replace(node, advisory=True) for node in nodes)
    return Node(rule, best[-1].status, told, children)


def _check(rule: str, wanted: str | CheckOf, facts: Facts) -> Node:
    """Another check. One that nobody reported is missing, and several of a name must all have succeeded."""
    name, app = (wanted, None) if isinstance(wanted, str) else (wanted.name, wanted.app)
    if facts.checks is None:
        return Node(rule, "pending", "the other checks are not known", (), (name,), "Wait: the checks were not read")
    ended = [each.conclusion for each in facts.checks if each.name == name and app in {None, each.app}]
    if ended and all(each == "success" for each in ended):
        return Node(rule, "approved", "succeeded", quotes=(name,))
    if not ended or None in ended:
        told = "has not ended" if ended else "is not there"
        return Node(rule, "pending", told, (), (name,), "Wait for the check that the policy names")
    return Node(rule, "blocked", "did not succeed", (), (name,), "Repair the check that the policy names")


def _pull(facts: Facts) -> Node:
    rule = "pull request"
    if facts.pull_state is None or facts.draft is None or facts.base_ref is None:
        return Node(rule, "pending", "its state is not known", todo="Wait: GitHub has not said how it stands")
    if facts.pull_state != "open":
        return Node(rule, "blocked", f"it is {facts.pull_state}", todo=f"Nothing: it is {facts.pull_state}")
    return Node(rule, "approved", "it is a draft; GitHub does not merge it yet" if facts.draft else "it is open")


def _base(facts: Facts) -> Node:
    """Checks belong to commits: a success given for a branch that anybody may change would count for every other."""
    rule = "base branch"
    if facts.guarded is None:
        return Node(
            rule, "pending", "it is not known whether it requires the gate", todo="Wait: its rules are not read"
        )
    if facts.guarded:
        return Node(rule, "approved", "it is the default branch, or requires the gate")
    told = "it does not require the gate, and an approval here would count for every branch that does"
    return Node(rule, "error", told, todo="Nothing to do here: the base branch does not require the gate")


def _diff(facts: Facts) -> Node:
    if facts.head_sha is None or not facts.fingerprint or facts.files is None:
        return Node("diff", "pending", "the diff is not known", todo="Wait: the diff has not been read")
    if not facts.files:
        return Node("diff", "blocked", "it is empty, so nothing was reviewed", todo="Push a change: the diff is empty")
    count = "1 file" if len(facts.files) == 1 else f"{len(facts.files)} files"
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
            *(rule, "blocked", "this pull request makes it unusable"),
            quotes=quotes,
            todo=f"Correct {file_at_fault(facts.proposed_policy_error) or POLICY_PATH}",
        )
    if facts.policy_changed and proposed is None:
        return Node(rule, "pending", "the changed policy is not read yet", todo="Wait: the policy is not loaded")
    if facts.policy_source == "org_invalid":  # no pull request here can repair that
        because = f"{POLICY_PATH} in the organization's .github repository cannot be used"
        return Node(rule, "error", because, quotes=error, todo=f"Correct {POLICY_PATH} in the .github repository")
    if facts.policy_source == "invalid" and not facts.policy_changed:
        file = file_at_fault(facts.policy_error) or POLICY_PATH
        because = f"{file} on the base branch cannot be used"
        return Node(rule, "error", because, quotes=error, todo=f"Correct {file} on the base branch")
    said = {
        "base": "from the base branch",
        "org": "from the organization's .github repository; the base branch has none",
        "default": "the built-in one; neither the base branch nor the organization has one",
        "invalid": "the last one that could be used; this pull request repairs the base branch's",
    }[facts.policy_source]
    also = "; this pull request changes it, so both must be satisfied" if facts.policy_changed else ""
    return Node(rule, "approved", f"{said}{also}", quotes=error)


def _tests(facts: Facts, policy: Policy, terms: Terms) -> list[Node]:
    """Only the base's command counts: the pull request does not choose what it is tested by."""
    if policy.test is None:
        return []
    if facts.tests == "passed":
        return [Node("tests", "approved", "the policy's command passed")]
    if facts.tests == "not_configured" and policy.test == _LATER:
        return [Node("tests", "approved", "the base branch names no command; this one is run once it is merged")]
    if facts.tests == "failed":
        node = Node("tests", "blocked", "the policy's command failed", todo="Repair the tests")
    else:
        node = Node("tests", "pending", "there is no result yet", todo="Wait for the tests")
    return [overridden(node, "tests", facts, terms.override)]


def _own(facts: Facts, policy: Policy) -> list[Node]:
    """Whether a person must approve what an agent wrote: at autonomy 3 not for what is of low risk, above it never."""
    if facts.own is None:
        return [Node("author", "pending", "is not known", todo="Wait: GitHub has not said who wrote it")]
    low = facts.risk is not None and facts.risk.level == "low"
    if not facts.own or policy.autonomy > _LOW_RISK_ALONE or (policy.autonomy == _LOW_RISK_ALONE and low):
        return []
    return [overridden(people_node("a person", OWN_CHANGE, facts), "people", facts, ADMIN)]


def _strict(facts: Facts, policy: Policy) -> list[Node]:
    rule = "up to date"
    if not policy.strict:
        return []
    if facts.up_to_date is None:
        return [Node(rule, "pending", "it is not known where the base branch is", todo="Wait: the base is not known")]
    if facts.up_to_date:
        return [Node(rule, "approved", "the head holds the base branch's newest commit")]
    return [Node(rule, "blocked", "the base branch has moved on", todo="Update the branch: the base has moved on")]


def _unread(facts: Facts) -> list[Node]:
    rule = "read whole"
    if facts.files_unread is None and facts.stopped is not None and not facts.verdicts:
        return []  # nobody read anything, as each perspective says; whatever stands in for one stands in for that
    if facts.files_unread is None:
        return [Node(rule, "pending", "it is not known which files were read", todo="Wait for the reviews")]
    if not facts.files_unread:
        return []
    number, unread = len(facts.files_unread), facts.files_unread
    if {file.path for file in facts.files or () if file.binary}.issuperset(unread):
        told = f"{'1 binary file' if number == 1 else f'{number} binary files'} cannot be read"
        todo = "Take the binary files out, or have a maintainer name them in the policy's `set_aside`"
    else:
        told = f"{'1 file was' if number == 1 else f'{number} files were'} not read"
        todo = "Split the pull request: it is too large to be reviewed whole"
    return [Node(rule, "blocked", f"{told}, so the approvals are not for all of it", (), unread, todo)]


def _notes(facts: Facts) -> tuple[str, ...]:
    if not facts.foreign_gates:
        return ()
    return ("Somebody else reports a check with the gate's name. Require it from this App, and see who did.",)
