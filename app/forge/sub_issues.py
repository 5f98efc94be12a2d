"""Sub-issues, and which issue waits for which.

https://docs.github.com/en/rest/issues/sub-issues, https://docs.github.com/en/rest/issues/issue-dependencies
"""

from app.forge.api import GitHub
from app.forge.effects import Effect
from app.forge.errors import NotFoundError, RefusedError
from app.policy.values import Json


def sub_issue(gh: GitHub, number: int, child: int) -> Effect:
    """Make issue `child` a sub-issue of `number`. A GitHub that has none, or refuses, leaves both as they are.

    GitHub takes at most 100 for an issue, and eight levels:
    https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/adding-sub-issues
    """

    async def find() -> Json | None:
        try:
            async for item in gh.pages(f"issues/{number}/sub_issues"):
                if item["number"] == child:
                    return {"attached": True}
        except (NotFoundError, RefusedError):
            return {"attached": False}
        return None

    async def do() -> Json:
        found = await find()
        if found is not None:
            return found
        identity = (await gh.get(f"issues/{child}"))["id"]
        try:
            await gh.post(f"issues/{number}/sub_issues", {"sub_issue_id": identity})
        except (NotFoundError, RefusedError):
            return {"attached": False}
        return {"attached": True}

    return Effect(do, find)


def blocked_by(gh: GitHub, number: int, before: int) -> Effect:
    """Show that issue `number` waits for `before`. A GitHub that knows no such thing, or refuses, leaves both alone."""
    place = f"issues/{number}/dependencies/blocked_by"

    async def find() -> Json | None:
        try:
            async for item in gh.pages(place):
                if item["number"] == before:
                    return {"shown": True}
        except (NotFoundError, RefusedError):
            return {"shown": False}
        return None

    async def do() -> Json:
        found = await find()
        if found is not None:
            return found
        identity = (await gh.get(f"issues/{before}"))["id"]
        try:
            await gh.post(place, {"issue_id": identity})
        except (NotFoundError, RefusedError):
            return {"shown": False}
        return {"shown": True}

    return Effect(do, find)
