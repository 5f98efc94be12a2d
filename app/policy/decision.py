"""A decision that explains itself: a tree of rules, each with its status and the reason for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Status = Literal["approved", "pending", "error", "blocked"]
"""`pending`: not reviewed, goes on by itself. `error`: not reviewed, needs a person. `blocked`: reviewed, refused."""

_WORST_FIRST: tuple[Status, ...] = ("blocked", "pending", "error", "approved")
"""What goes on by itself is told before what somebody must do then."""
_TITLE_CHARS = 200

CheckStatus = Literal["completed", "in_progress"]
Conclusion = Literal["success", "failure", "action_required"]
_CONCLUSIONS: dict[Status, Conclusion | None] = {
    "approved": "success",
    "blocked": "failure",
    "error": "action_required",
    "pending": None,
}


@dataclass(frozen=True)
class Node:
    """`because` and `todo` are our words; `quotes` are those of others (titles, paths, errors), not to be trusted.

    `advisory`: shown, but it does not count. `outage`: whoever should have spoken could not; nobody kept them from it.
    """

    rule: str
    status: Status
    because: str
    children: tuple["Node", ...] = ()
    quotes: tuple[str, ...] = ()
    todo: str = ""
    advisory: bool = False
    outage: bool = False

    def leaves(self) -> Iterator["Node"]:
        """The rules that count, in order. One whose parts are only shown speaks for itself."""
        if self.advisory:
            return
        counted = [child for child in self.children if not child.advisory]
        if not counted:
            yield self
        for child in counted:
            yield from child.leaves()


@dataclass(frozen=True)
class Decision:
    """`title` names the first thing to do. `notes` change nothing; `skipped` are rules that do not apply."""

    status: Status
    title: str
    node: Node
    notes: tuple[str, ...] = ()
    skipped: tuple[Node, ...] = ()


def combine(rule: str, children: Sequence[Node]) -> Node:
    """The worst status of the children that count. None at all is an error: nothing has been asked for."""
    counted = [child for child in children if not child.advisory]
    if not counted:
        return Node(rule, "error", "no rule applies", tuple(children), todo="Name a rule in the policy")
    status = _worst(counted)
    ok = sum(child.status == "approved" for child in counted)
    return Node(rule, status, f"{ok} of {len(counted)} rules are satisfied", tuple(children))


def conclude(node: Node, approved_title: str, notes: tuple[str, ...] = ()) -> Decision:
    leaves = list(node.leaves())
    first = [leaf for leaf in leaves if leaf.status == node.status]
    if node.status == "approved" or not first:
        return Decision(node.status, approved_title if node.status == "approved" else node.because, node, notes)
    title = first[0].todo or first[0].because
    more = sum(leaf.status != "approved" for leaf in leaves) - 1
    title = f"{title} (and {more} more)" if more else title
    return Decision(node.status, title[:_TITLE_CHARS], node, notes)


def strictest(decisions: Mapping[int, Decision]) -> Decision:
    """For a commit that is the head of several pull requests: its one check shows the worst and names each."""
    nodes = [
        Node(f"#{number}", decision.status, decision.title, (decision.node,), todo=f"#{number}: {decision.title}")
        for number, decision in sorted(decisions.items())
    ]
    notes = tuple(dict.fromkeys(note for decision in decisions.values() for note in decision.notes))
    node = combine("gate", nodes)
    worst = next((each for each in nodes if each.status == node.status), node)
    names = ", ".join(each.rule for each in nodes)
    title = f"Approved for {names}" if node.status == "approved" else worst.todo
    return Decision(node.status, title[:_TITLE_CHARS], node, notes)


def conclusion(decision: Decision) -> tuple[CheckStatus, Conclusion | None]:
    """A check run's status and conclusion. Never `neutral` or `skipped`, which pass a required check.

    https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches
    """
    end = _CONCLUSIONS[decision.status]
    return ("in_progress", None) if end is None else ("completed", end)


def _worst(nodes: Sequence[Node]) -> Status:
    found = {node.status for node in nodes}
    return next(status for status in _WORST_FIRST if status in found)
