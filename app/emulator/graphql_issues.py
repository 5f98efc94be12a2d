"""Issues in GraphQL: when their text was edited last, and by whom, which REST does not tell."""

from typing import Any

from app.emulator.auth import check
from app.emulator.graphql_threads import Query, login_of
from app.emulator.state import Actor, Repository

Json = dict[str, Any]


def read_node(repository: Repository, actor: Actor, issue: Json, wanted: str, _query: Query) -> Json:
    """https://docs.github.com/en/graphql/reference/objects#issue."""
    check(repository, actor, "issues", "read")
    editor = issue.get("editor")
    return {
        "__typename": "Issue",
        "id": wanted,
        "number": issue["number"],
        "lastEditedAt": issue.get("last_edited_at"),
        "editor": None if editor is None else {"__typename": editor.type, "login": login_of(editor)},
    }
