"""Whether somebody wished for a review, or an event did, or that it was missing."""

from app.runs.engine import Context

_BY_ITSELF = frozenset(
    {"run", "missing", "sweep", "pull_request.synchronize", "pull_request.opened", "pull_request.reopened"}
)


def comes_by_itself(ctx: Context) -> bool:
    """Whether nobody wished for this review: an event, or what is missing, asked for it."""
    return ctx.run.cause.get("event") in _BY_ITSELF
