"""Sub-issues: https://docs.github.com/en/rest/issues/sub-issues."""

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
