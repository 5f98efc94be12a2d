"""A comment that stands on a pull request for as long as that lives, and always says what is true now."""

from contextlib import suppress
from typing import Any

from app.forge.api import GitHub
from app.forge.cut import cut
from app.forge.effects import Effect, is_ours, marker_of
from app.forge.errors import NotFoundError
from app.policy.values import Json


def standing_comment(gh: GitHub, number: int, key: str, body: str, *, known: int | None, none_yet: bool) -> Effect:
    """The one comment with this key: written if it is not there, else brought to what is wanted.

    `known`: its id, as far as we remember. `none_yet`: nobody ever commented here. Else it is looked for.
    """
    marker = marker_of(gh, number, key)
    text = f"{marker}\n{cut(body)}"

    async def find() -> Json | None:
        found = await _held(gh, number, marker)
        return {"id": found["id"]} if found is not None and found["body"] == text else None

    async def write() -> Json:
        return {"id": (await gh.post(f"issues/{number}/comments", {"body": text}))["id"]}

    async def do() -> Json:
        found = await _held(gh, number, marker)
        if found is None:
            return await write()
        if found["body"] != text:
            await gh.patch(f"issues/comments/{found['id']}", {"body": text})
        return {"id": found["id"]}

    async def first() -> Json:
        if known is not None:
            with suppress(NotFoundError):
                await gh.patch(f"issues/comments/{known}", {"body": text})
                return {"id": known}
        return await (write() if none_yet else do())

    return Effect(do, find, first)


async def _held(gh: GitHub, number: int, marker: str) -> Any:
    async for item in gh.pages(f"issues/{number}/comments"):
        if is_ours(gh, item) and marker in item["body"]:
            return item
    return None
