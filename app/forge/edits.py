"""Who changed what an issue says, and when. REST tells that of titles, and of texts only GraphQL does."""

from datetime import datetime
from typing import Any

from app.forge.api import GitHub

_OF_TEXT = """
query lastEditOf($id: ID!) { node(id: $id) { ... on Issue { lastEditedAt editor { __typename login } } } }
"""
_NOBODY = ""
"""Who has no account any more, or is no person: nobody's permission can be asked for."""


async def read_editors(gh: GitHub, number: int, since: float) -> list[str]:
    """Logins of who changed an issue's title or text at `since` (seconds since 1970) or later; of its text the last.

    Empty for one who is no person. https://docs.github.com/en/graphql/reference/objects#issue and
    https://docs.github.com/en/rest/using-the-rest-api/issue-event-types#renamed.
    """
    node_id = (await gh.get(f"issues/{number}"))["node_id"]
    text = (await gh.graphql(_OF_TEXT, id=node_id))["node"]
    edits = [(text["lastEditedAt"], _person(text["editor"], "__typename"))]
    edits += [
        (event["created_at"], _person(event["actor"], "type"))
        async for event in gh.pages(f"issues/{number}/events")
        if event["event"] == "renamed"
    ]
    return list(dict.fromkeys(login for at, login in edits if at and _seconds(at) >= since))


def _person(who: dict[str, Any] | None, kind: str) -> str:
    return str(who["login"]) if who is not None and who[kind] == "User" else _NOBODY


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
