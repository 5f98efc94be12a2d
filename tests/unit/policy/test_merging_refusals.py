"""What GitHub's refusal of a merge means; its words are those of its answers."""

import pytest

from app.policy.merging import after_refusal

RULES = "Repository rule violations found"


@pytest.mark.parametrize(
    ("status", "words", "told"),
    [
        (405, f"{RULES}\n\nChanges must be made through the merge queue\n\n", "enqueue"),
        (405, "Base branch was modified. Review and try the merge again.", "look again"),
        (409, "Head branch was modified. Review and try the merge again.", "look again"),
        (405, f'{RULES}\n\nRequired status check "ci" is expected.\n\n', "stop"),
        (405, "Pull Request is not mergeable", "stop"),
        (422, "merge queue", "stop"),
        (403, "Resource not accessible by integration", "stop"),
    ],
)
def test_what_follows_from_a_refusal(status: int, words: str, told: str):
    assert after_refusal(status, words) == told
