"""Answers within a thread on a pull request's lines."""

from app.forge.api import GitHub
from app.forge.cut import cut
from app.forge.effects import Effect, is_ours, marker_of
from app.forge.errors import NotFoundError, RefusedError
from app.policy.values import Json


def thread_reply(gh: GitHub, number: int, comment_id: int, key: str, body: str) -> Effect:
    """A reply that is written once for its key. `comment_id`: of the thread's first comment.

    A thread that was deleted, or whose conversation is locked, is left alone: the receipt holds no id then.
    https://docs.github.com/en/rest/pulls/comments#create-a-reply-for-a-review-comment
    """
    marker = marker_of(gh, number, key)

    async def find() -> Json | None:
        async for item in gh.pages(f"pulls/{number}/comments"):
            if is_ours(gh, item) and marker in item["body"]:
                return {"id": item["id"]}
        return None

    async def first() -> Json:
        try:
            answer = await gh.post(f"pulls/{number}/comments/{comment_id}/replies", {"body": f"{marker}\n{cut(body)}"})
        except (NotFoundError, RefusedError):
            return {"id": None}
        return {"id": answer["id"]}

    async def do() -> Json:
        return await find() or await first()

    return Effect(do, find, first)
