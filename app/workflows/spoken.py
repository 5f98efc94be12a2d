"""What a run is to answer: a comment, or the words of a review, as they stand now."""

from app.forge.permissions import READ
from app.forge.review_comments import Heard, hear_comment, hear_review
from app.runs.engine import Context
from app.wiring import Services


async def hear_spoken(ctx: Context, services: Services) -> Heard:
    """Read it again, whenever it is asked for: what the event said of it may have been changed or taken back."""
    gh, cause = services.forge.on(ctx.run.repo, READ), ctx.run.cause
    spoken = int(str(cause["comment_id"]))
    if "in_review" in cause:
        return await hear_review(gh, ctx.run.number, spoken, str(cause["in_review"]))
    return await hear_comment(gh, spoken, on_lines=bool(cause.get("on_lines")))
