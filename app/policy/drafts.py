"""What keeps a draft of our own from being handed to people: all that the gate lacks but their approval. Pure."""

from app.policy.decision import Node

_OF_PEOPLE = frozenset({"people", "code owners", "a person"})
"""Rules that ask for approving reviews, by what `app.policy.gate` calls them."""
_BY_A_BUTTON = "up to date"
"""Whoever merges updates the branch; the next merge of another pull request would make it a draft again."""


def keeps_draft(decision: Node) -> Node | None:
    """The first rule that is not satisfied and not for people to satisfy; None if the draft may end."""
    return next((leaf for leaf in decision.leaves() if not _may_wait(leaf)), None)


def _may_wait(leaf: Node) -> bool:
    """An approval that is missing needs a person (`error`); what people said and is not known yet is waited for."""
    asked = leaf.status == "error" and leaf.rule in _OF_PEOPLE
    return leaf.status == "approved" or asked or leaf.rule == _BY_A_BUTTON
