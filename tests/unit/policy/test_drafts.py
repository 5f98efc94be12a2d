"""When a draft of our own may be handed to people."""

import pytest

from app.policy.decision import Node, combine
from app.policy.drafts import keeps_draft

GREEN = Node("security", "approved", "approved")
PERSON = Node("a person", "error", "0 of 1 approving reviews", todo="Ask for an approving review")
CHECK = Node("check 1", "pending", "has not ended", todo="Wait for the check that the policy names")

CASES = [
    ("all is green", (), None),
    ("a person has yet to approve", (PERSON,), None),
    ("an owner has yet to approve", (combine("owners", [Node("code owners", "error", "0 of 1 groups")]),), None),
    ("the base branch has moved on", (Node("up to date", "blocked", "the base branch has moved on"),), None),
    ("a check has not ended", (combine("ci", [CHECK, GREEN]), GREEN), "check 1"),
    ("a check that only advises", (Node("ci", "pending", "", (CHECK,), advisory=True),), None),
    ("a check has failed", (PERSON, Node("check 1", "blocked", "did not succeed")), "check 1"),
    ("somebody vetoed it", (Node("veto by bob", "blocked", "holds until it is withdrawn"),), "veto by bob"),
    ("what people said is not known", (Node("people", "pending", "the reviews are not known"),), "people"),
    ("a perspective has given no answer", (Node("testing", "error", "abstained"),), "testing"),
]


@pytest.mark.parametrize(("name", "others", "kept_by"), CASES, ids=[case[0] for case in CASES])
def test_a_draft_ends_when_only_peoples_approval_is_missing(name: str, others: tuple[Node, ...], kept_by: str | None):
    found = keeps_draft(combine("gate", [GREEN, *others]))
    assert (None if found is None else found.rule) == kept_by, name
