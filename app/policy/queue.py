"""What a merge group is worth: the gate's word on each pull request in it, if it holds them and nothing else. Pure.

A group can hold more than the pull request that it is named after: all that are ahead of it in the queue.
https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/merging-a-pull-request-with-a-merge-queue
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.policy.decision import Decision, Node, combine
from app.policy.values import Sha

PATIENCE_S = 240.0
"""How long a group waits for what is not known yet. A queue gives a check as little as a minute and blocks others."""
COURTESY_S = 60.0
"""How long a group is not refused for what is wrong with others than the one that it is named after."""
_TITLE_CHARS = 200
_CONTENT = "content"
_AGAIN = "put the pull requests into the queue again"


@dataclass(frozen=True)
class Member:
    """A pull request whose change is in the group, with what the gate says of it now.

    `ahead`: what it says by the policy and the owners that pull requests ahead of it in the queue put in place, if they
    change these.
    """

    number: int
    decision: Decision
    ahead: Decision | None = None
    draft: bool = False


@dataclass(frozen=True)
class Stray:
    """A commit of the group that is not the base with a pull request's change. `subject` is others' words."""

    commit: Sha
    subject: str
    because: str


def decide_group(members: Sequence[Member], stray: Stray | None) -> Decision:
    """Approved only if each member is, and no commit is left that none of them explains."""
    nodes = [*(_member(each) for each in members), _whole(members, stray)]
    node = combine("merge group", nodes)
    worst = next((each for each in nodes if each.status == node.status), node)
    names = ", ".join(f"#{each.number}" for each in members)
    title = f"Approved: {names}" if node.status == "approved" else worst.todo
    return Decision(node.status, title[:_TITLE_CHARS], node)


def undecided(because: str, quote: str = "") -> Decision:
    """Nothing is known of the group yet. `quote`: others' words, such as an error."""
    todo = f"Wait: {because}"
    node = Node("merge group", "pending", because, quotes=(quote,) if quote else (), todo=todo)
    return Decision("pending", todo[:_TITLE_CHARS], combine("merge group", [node]))


def in_time(decision: Decision, waited_s: float) -> Decision:
    """The decision; what is still waited for after `PATIENCE_S` is refused, so that the queue can go on."""
    if decision.status != "pending" or waited_s < PATIENCE_S:
        return decision
    told = f"It was not known within {PATIENCE_S:.0f} s. When it is, {_AGAIN}."
    title = f"Not known in time: {decision.title}"[:_TITLE_CHARS]
    return replace(
        decision, status="blocked", title=title, node=replace(decision.node, status="blocked"), notes=(told,)
    )


def after_others(decision: Decision, entry: int, waited_s: float) -> Decision:
    """A refusal for pull requests ahead only is not said at once.

    They have groups of their own, which are refused; then GitHub builds this one anew without them. If it heard of this
    one first, it would throw out `entry`, which has done nothing.
    """
    found = {each.rule: each.status for each in decision.node.children}
    own = found.get(f"#{entry}") == "approved" and found.get(_CONTENT) == "approved"
    if decision.status in {"approved", "pending"} or not own or waited_s >= COURTESY_S:
        return decision
    return replace(decision, status="pending", title=f"Wait for the groups ahead: {decision.title}"[:_TITLE_CHARS])


def briefly(decision: Decision) -> Decision:
    """What stands against a member is shown; of one that is approved a line is enough."""
    children = [each if each.status != "approved" else replace(each, children=()) for each in decision.node.children]
    return replace(decision, node=replace(decision.node, children=tuple(children)))


def _member(member: Member) -> Node:
    name = f"#{member.number}"
    if member.draft:
        return Node(name, "blocked", "it is a draft", todo=f"{name}: end the draft, then {_AGAIN}")
    judged = [member.decision.node, *(_by_new_policy(member.ahead) if member.ahead else [])]
    node = combine(name, judged)
    if node.status == "approved":
        return replace(node, because=member.decision.title)
    worst = next(each for each in (member.decision, member.ahead) if each is not None and each.status == node.status)
    return replace(node, because=worst.title, todo=f"{name}: {worst.title}")


def _by_new_policy(decision: Decision) -> list[Node]:
    return [replace(decision.node, rule="by the policy that a pull request ahead brings")]


def _whole(members: Sequence[Member], stray: Stray | None) -> Node:
    rule = _CONTENT
    if stray is not None:
        short = stray.commit[:12]
        because = f"{short} is not what the base branch and the pull requests give: {stray.because}"
        return Node(rule, "blocked", because, quotes=(stray.subject,), todo=f"{short}: {stray.because}; {_AGAIN}")
    if not members:
        return Node(rule, "blocked", "it holds no pull request", todo=f"Nothing was reviewed here; {_AGAIN}")
    count = "one pull request" if len(members) == 1 else f"{len(members)} pull requests"
    return Node(rule, "approved", f"it is the base branch with the changes of {count}, and nothing else")
