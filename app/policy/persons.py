"""Who counts, and for what. Rights are those of now, never those of when something was said."""

from collections.abc import Iterator, Sequence

from app.policy.applying import at_least
from app.policy.decision import Node
from app.policy.facts import Facts, PersonFact, StatementFact
from app.policy.rules import Override, People

_ROLES = frozenset({"write", "maintain", "admin"})


def is_one_of(person: PersonFact, who: Sequence[str]) -> bool:
    """Whether a person is meant by a role, a team or a name. Nobody without write access is, and no bot."""
    named = {each.casefold().removeprefix("@") for each in who if "/" not in each and each not in _ROLES}
    teams = {each.casefold() for each in who if "/" in each}
    if person.bot or person.permission is None or not at_least(person.permission, "write"):
        return False
    if person.login.casefold() in named:
        return True
    roles = [each for each in who if each in _ROLES]
    return bool(teams & (person.teams or frozenset())) or any(at_least(person.permission, role) for role in roles)


def approvers(facts: Facts) -> Iterator[PersonFact]:
    """People whose approving review is for this very diff, who wrote no part of it."""
    wrote = _who_wrote(facts)
    for review in facts.reviews or ():
        if review.state == "approved" and review.current and review.who.login.casefold() not in wrote:
            yield review.who


def may_ask_again(person: PersonFact, facts: Facts) -> bool:
    """Whether a veto's refusal is looked at again, at the same diff, as they wish.

    Who wrote a part of it may not: else they would ask until somebody says yes. What is not known counts against it.
    """
    if facts.contributors is None or facts.author is None:
        return False
    return is_one_of(person, ("write",)) and person.login.casefold() not in _who_wrote(facts)


def people_node(rule: str, wanted: People, facts: Facts) -> Node:
    """Approving reviews by people."""
    asked = whom(wanted.who)
    if facts.reviews is None or facts.contributors is None or facts.author is None:
        return Node(rule, "pending", "the reviews are not known", todo="Wait: the reviews have not been read")
    found = sorted({person.login for person in approvers(facts) if is_one_of(person, wanted.who)})
    if len(found) >= wanted.count:
        return Node(rule, "approved", f"approved by {', '.join(found)}")
    count = f"{len(found)} of {wanted.count} approving reviews by a person ({asked})"
    earlier = sum(1 for review in facts.reviews if review.state == "approved" and not review.current)
    told = f"{count}; {earlier} for another diff" if earlier else count
    return Node(rule, "error", told, todo=f"Ask for an approving review ({asked})")


def owners_node(rule: str, facts: Facts) -> Node:
    """An owner's approval for each file that has owners: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners."""
    if facts.owners is None or facts.reviews is None or facts.contributors is None or facts.author is None:
        return Node(rule, "pending", "owners or reviews are not known", todo="Wait: the code owners are not known")
    if not facts.owners:
        return Node(rule, "approved", "no changed file has an owner")
    there = list(approvers(facts))
    missing = [group for group in facts.owners if not any(is_one_of(person, sorted(group)) for person in there)]
    if not missing:
        return Node(rule, "approved", "an owner approved each file that has owners")
    groups = tuple(" or ".join(sorted(group)) for group in missing)
    told = f"{len(facts.owners) - len(missing)} of {len(facts.owners)} groups of owners approved"
    return Node(rule, "error", told, (), groups, "Ask the code owners for an approving review")


def objections(facts: Facts) -> list[Node]:
    """What people hold against it: reviews that ask for changes, and vetoes. What is not known of them counts."""
    if facts.reviews is None or facts.statements is None:
        return [Node("people", "pending", "what people said is not known", todo="Wait: the reviews have not been read")]
    asking = sorted({each.who.login for each in facts.reviews if each.state != "approved" and _weighs(each.who)})
    nodes = [Node(f"review by {who}", "blocked", "asks for changes", todo=f"Answer {who}'s review") for who in asking]
    for said in facts.statements:
        if said.kind == "veto" and _weighs(said.who):
            who = said.who.login
            because, todo = "holds until it is withdrawn", f"Ask {who}, who vetoed it"
            nodes.append(Node(f"veto by {who}", "blocked", because, (), (said.reason,), todo))
    return nodes


def why_not(said: StatementFact, facts: Facts, override: Override | None) -> str | None:
    """Why an override does not count, as the rest of a sentence; None if it does."""
    if override is None:
        return "the policy lets nobody override this"
    if said.fingerprint != facts.fingerprint or not facts.fingerprint:
        return "it was said of another diff"
    if said.who.bot:
        return "a bot may not override"
    author = facts.author
    if not override.author and (author is None or author.login.casefold() == said.who.login.casefold()):
        return "the author may not override"
    if not is_one_of(said.who, override.by):
        return f"it takes {whom(override.by)}"
    return None


def whom(who: Sequence[str]) -> str:
    """`somebody with write or org/team`: names without a sign that would call people."""
    return " or ".join(f"somebody with {each}" if each in _ROLES else each.removeprefix("@") for each in who)


def _who_wrote(facts: Facts) -> set[str]:
    wrote = {login.casefold() for login in facts.contributors or ()}
    return wrote if facts.author is None else {*wrote, facts.author.login.casefold()}


def _weighs(person: PersonFact) -> bool:
    """Whether an objection counts: of people who may write, and of whom it is not known."""
    return not person.bot and (person.permission is None or at_least(person.permission, "write"))
