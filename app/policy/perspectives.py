"""What a perspective's standing is worth on given terms."""

import re
from dataclasses import replace

from app.policy.applying import at_least
from app.policy.decision import Node
from app.policy.facts import Facts, PersonFact, StatementFact, VerdictFact
from app.policy.finding import Outcome
from app.policy.persons import why_not
from app.policy.rules import Override
from app.policy.terms import Terms

_HOUR_S = 3600.0


def perspective_node(name: str, facts: Facts, terms: Terms, *, advisory: bool = False) -> Node:
    """Approved, refused, or not reviewed and why; an override that counts takes the place of what is missing."""
    node = replace(_standing(name, facts, terms), advisory=advisory)
    if node.status == "approved":
        return node
    if name in terms.vetoes and not _is_outage(node, terms):
        return node
    return overridden(node, name, facts, terms.override)


def overridden(node: Node, target: str, facts: Facts, override: Override | None) -> Node:
    """The node, or an approval by somebody's word that counts for it."""
    for said in facts.statements or ():
        if said.kind == "override" and said.target == target and why_not(said, facts, override) is None:
            gone = "; the comment is no longer there" if said.removed else ""
            told = (
                f"overridden by {said.who.login}, who may {said.who.permission} here{gone}; without it: {node.because}"
            )
            return replace(node, status="approved", because=told, quotes=(said.reason, *node.quotes), todo="")
    return node


def family_of(model: str) -> str:
    """The family of a model: `claude` of `anthropic:claude-opus-4-5`, `gpt` of `gpt-5.2`."""
    return re.split(r"[-_.0-9]", model.rpartition(":")[2].rpartition("/")[2].casefold(), maxsplit=1)[0]


def _is_outage(node: Node, terms: Terms) -> bool:
    return node.outage and terms.override is not None and terms.override.outage


def _standing(name: str, facts: Facts, terms: Terms) -> Node:
    wait = f"Wait for the {name} review"
    if facts.running is None:
        return Node(name, "pending", "it is not known whether its review is going on", todo=wait)
    if name in facts.running:
        return Node(name, "pending", "is being reviewed", todo=wait)
    verdict = facts.verdicts.get(name)
    current = verdict is not None and (verdict.head_sha, verdict.fingerprint) == (facts.head_sha, facts.fingerprint)
    if facts.stopped is not None and not current:
        todo = f"Comment `@{facts.called} review`: the {name} review did not come to its end"
        outage = facts.halted is False
        return Node(name, "error", "its review ended early", (), (facts.stopped,), todo, outage=outage)
    if verdict is None or verdict.perspective != name:
        return Node(name, "pending", "is not reviewed yet", todo=wait)
    if verdict.head_sha != facts.head_sha or verdict.fingerprint != facts.fingerprint or not facts.fingerprint:
        return Node(name, "pending", "was reviewed for another diff", todo=wait)
    return _verdict(verdict, facts, terms)


def _verdict(verdict: VerdictFact, facts: Facts, terms: Terms) -> Node:
    """A verdict on this very diff. What is neither a plain approval nor a plain refusal needs a person."""
    name = verdict.perspective
    if verdict.outcome is Outcome.BLOCKED or verdict.blocking:
        return _refusal(verdict, facts, terms)
    if verdict.outcome is not Outcome.APPROVED:
        quotes = tuple(filter(None, (verdict.reason,)))
        return Node(name, "error", "could not review", (), quotes, f"Ask again for the {name} review", outage=True)
    wrong = _not_enough(verdict, facts, terms)
    if wrong is not None:
        return wrong
    carried = f", carried over from {verdict.carried_from[:12]} with the same diff" if verdict.carried_from else ""
    whole = f", which read it in full at {verdict.whole_at[:12]} and then what was new" if verdict.whole_at else ""
    sure = f"approved with confidence {verdict.confidence:.2f} by {_model(verdict)}"
    return Node(name, "approved", f"{sure}{whole}{carried}")


def _refusal(verdict: VerdictFact, facts: Facts, terms: Terms) -> Node:
    name, count = verdict.perspective, len(verdict.blocking)
    veto = name in terms.vetoes
    # The same words can stand in several places, and be harmless in one of them only: a key must mean one finding.
    told_apart = len(set(verdict.keys)) == count
    said = [] if veto or not told_apart else [_dismissed(key, facts, terms) for key in verdict.keys]
    if said and None not in said:
        who = ", ".join(sorted({each.who.login for each in said if each is not None}))
        reasons = tuple(each.reason for each in said if each is not None)
        if not verdict.confidence > 0:
            told = "its findings were dismissed, and a part of the change got no answer"
            return Node(name, "error", told, (), reasons, f"Ask again for the {name} review")
        wrong = _not_enough(verdict, facts, terms)  # what is left counts on the terms of every approval
        if wrong is not None:
            return replace(wrong, because=f"its findings were dismissed; the rest is {wrong.because}", quotes=reasons)
        return Node(name, "approved", f"its findings were dismissed by {who}", quotes=(*reasons, *verdict.blocking))
    found = "1 finding" if count == 1 else f"{count or 'its'} findings"
    told = "; its veto cannot be overridden" if veto else ""
    return Node(name, "blocked", f"{found} must be fixed{told}", (), verdict.blocking, f"Fix {found} of {name}")


def _dismissed(key: str, facts: Facts, terms: Terms) -> StatementFact | None:
    """Who said that a finding will not be fixed: it counts at every head, as long as they may write here."""
    for said in facts.statements or ():
        if said.kind == "dismissal" and said.target == key and may_dismiss(said.who, facts, terms.override):
            return said
    return None


def may_dismiss(who: PersonFact, facts: Facts, override: Override | None) -> bool:
    """Where the policy lets somebody override, people who may write dismiss findings; the author as it says."""
    if override is None or who.bot or who.permission is None or not at_least(who.permission, "write"):
        return False
    author = facts.author is None or facts.author.login.casefold() == who.login.casefold()
    return override.author or not author


def _not_enough(verdict: VerdictFact, facts: Facts, terms: Terms) -> Node | None:
    """What the terms ask for beyond the approval."""
    name = verdict.perspective
    ask = f"Ask again for the {name} review"
    if not terms.min_confidence <= verdict.confidence <= 1:
        told = f"approved with confidence {verdict.confidence:.2f}; the policy asks for {terms.min_confidence:.2f}"
        return Node(name, "error", told, todo=f"{ask}: it was not sure")
    if verdict.carried_from is not None and (lacking := terms.carry_over - verdict.same):
        told = f"approved at {verdict.carried_from[:12]}; the policy carries over {', '.join(sorted(lacking))} only"
        return Node(name, "pending", told, todo=f"Wait for the {name} review")
    if terms.max_age_hours is not None:
        if facts.now is None or verdict.at is None:
            return Node(name, "pending", "it is not known how old its approval is", todo=f"Wait for the {name} review")
        if facts.now - verdict.at > terms.max_age_hours * _HOUR_S:
            told = f"approved more than {terms.max_age_hours} hours ago, which is the most that the policy takes"
            return Node(name, "error", told, todo=f"{ask}: its approval is too old")
    if terms.other_family and facts.own is not False:
        return _family(verdict, facts)
    return None


def _family(verdict: VerdictFact, facts: Facts) -> Node | None:
    name, family = verdict.perspective, family_of(verdict.model)
    if facts.own is None or not facts.author_family or not family:
        return Node(
            name, "pending", "it is not known which models wrote and reviewed", todo=f"Wait for the {name} review"
        )
    if family != facts.author_family:
        return None
    told = f"approved by {_model(verdict)}, which is of the author's own family; the policy asks for another"
    return Node(name, "error", told, todo=f"Configure a model of another family for {name}")


def _model(verdict: VerdictFact) -> str:
    return re.sub(r"[^A-Za-z0-9.:/_-]", "", verdict.model)[:60] or "an unnamed model"
