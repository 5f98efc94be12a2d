"""Effects on issues of our own: each can be found again, by the marker in its text or by its state."""

from datetime import UTC, datetime

from app.forge.api import GitHub
from app.forge.cut import cut
from app.forge.effects import Effect, is_ours, marker_of
from app.policy.values import Json

_CLOCKS_DIFFER_S = 3600.0


def issue(gh: GitHub, key: str, title: str, body: str, since_s: float) -> Effect:
    """An issue that is opened once for its key. `since_s`: when it was asked for first, in seconds since 1970."""
    marker = marker_of(gh, 0, key)
    since = datetime.fromtimestamp(since_s - _CLOCKS_DIFFER_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    async def find() -> Json | None:
        async for item in gh.pages("issues", state="all", since=since):
            if is_ours(gh, item) and marker in (item["body"] or ""):
                return {"number": item["number"]}
        return None

    async def do() -> Json:
        found = await find()
        if found is not None:
            return found
        answer = await gh.post("issues", {"title": title, "body": f"{marker}\n{cut(body)}"})
        return {"number": answer["number"]}

    return Effect(do, find)


async def read_closer(gh: GitHub, number: int) -> tuple[str, str]:
    """Login and type of who closed an issue last by hand; empty for a commit or a pull request that named it.

    https://docs.github.com/en/rest/using-the-rest-api/issue-event-types#closed
    """
    closer = ("", "")
    async for event in gh.pages(f"issues/{number}/events"):
        if event["event"] == "closed":
            by_hand = event["actor"] and not event.get("commit_id")
            closer = (event["actor"]["login"], event["actor"]["type"]) if by_hand else ("", "")
    return closer


def reopen_issue(gh: GitHub, number: int) -> Effect:
    """One that is open already stays as it is."""

    async def find() -> Json | None:
        return {"number": number} if (await gh.get(f"issues/{number}"))["state"] == "open" else None

    async def do() -> Json:
        await gh.patch(f"issues/{number}", {"state": "open"})
        return {"number": number}

    return Effect(do, find)


def close_issue(gh: GitHub, number: int, reason: str = "completed") -> Effect:
    """One that is closed already stays as it is."""

    async def find() -> Json | None:
        return {"number": number} if (await gh.get(f"issues/{number}"))["state"] == "closed" else None

    async def do() -> Json:
        await gh.patch(f"issues/{number}", {"state": "closed", "state_reason": reason})
        return {"number": number}

    return Effect(do, find)


async def is_wanted(gh: GitHub, number: int, label: str) -> bool:
    """Whether an issue is open and has a label, now; labels are case-insensitive on GitHub."""
    found = await gh.get(f"issues/{number}")
    return found["state"] == "open" and any(each["name"].casefold() == label for each in found["labels"])
