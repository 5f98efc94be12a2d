"""Whether somebody wished for a review, or an event did, or that it was missing."""

from app.runs.engine import Context

_BY_ITSELF = frozenset({
    "run", "missing", "sweep", "pull_request.synchronize", "pull_request.opened", "pull_request.reopened",
    "pull_request.edited", "pull_request.ready_for_review",
})  # fmt: skip
"""All that happens to a pull request itself: its author may do it without any right here, and as often as they like."""


def comes_by_itself(ctx: Context) -> bool:
    """Whether nobody wished for this review: an event, or what is missing, asked for it."""
    return ctx.run.cause.get("event") in _BY_ITSELF
