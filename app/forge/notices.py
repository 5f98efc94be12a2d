"""A line on top of one of our comments for as long as something holds, whatever else the comment says meanwhile."""

import re

from app.forge.api import GitHub
from app.forge.cut import cut
from app.forge.effects import Effect, is_ours
from app.forge.errors import NotFoundError
from app.policy.values import Json

_BEGIN, _END = "<!-- quorum:notice -->", "<!-- quorum:notice-end -->"
_NOTICE = re.compile(rf"{_BEGIN}.*?{_END}\n+", re.DOTALL)


def with_notice(gh: GitHub, comment_id: int, words: str) -> Effect:
    """Put it there, in place of another. `words` are ours: what strangers wrote is cleaned before."""
    return _edit(gh, comment_id, f"{_BEGIN}\n> {words}\n{_END}\n\n")


def take_notice_off(gh: GitHub, comment_id: int) -> Effect:
    """One that is not there any more, as the comment was written anew, need not be taken off."""
    return _edit(gh, comment_id, "")


def noticed(body: str, notice: str) -> str:
    """The comment's text with this notice and no other, below the marker in its first line."""
    marker, line_feed, rest = _NOTICE.sub("", body.replace("\r\n", "\n")).partition("\n")
    return f"{marker}{line_feed}{notice}{rest}"


def _edit(gh: GitHub, comment_id: int, notice: str) -> Effect:
    """The same again changes nothing. A comment that somebody deleted stays deleted; others' are left alone."""

    async def wanted() -> tuple[str, str] | None:
        try:
            found = await gh.get(f"issues/comments/{comment_id}")
        except NotFoundError:
            return None
        return (found["body"], noticed(found["body"], notice)) if is_ours(gh, found) else None

    async def find() -> Json | None:
        bodies = await wanted()
        return {"id": comment_id} if bodies is None or bodies[0] == bodies[1] else None

    async def do() -> Json:
        bodies = await wanted()
        if bodies is not None and bodies[0] != bodies[1]:
            await gh.patch(f"issues/comments/{comment_id}", {"body": cut(bodies[1])})
        return {"id": comment_id}

    return Effect(do, find)
