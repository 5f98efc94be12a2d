"""Issues, labels and comments as GitHub shows them."""

import zlib
from typing import Any

from app.emulator.render import api_of, page_of, render_reactions, render_user
from app.emulator.state import Repository, World

Json = dict[str, Any]


def render_issue(world: World, repository: Repository, issue: Json) -> Json:
    """An issue, or the issue side of a pull request."""
    number, api = issue["number"], api_of(world, repository)
    url = f"{api}/issues/{number}"
    kind = "pull" if issue["pull"] else "issues"
    page = f"{page_of(world, repository)}/{kind}/{number}"
    given = [each["shown"]["content"] for each in repository.reactions if each["on"] == ("issue", number)]
    shown = {
        "id": issue["id"],
        "node_id": f"I_{issue['id']}",
        "number": number,
        "title": issue["title"],
        "body": issue["body"],
        "state": issue["state"],
        "state_reason": issue.get("state_reason"),
        "locked": False,
        "active_lock_reason": None,
        "user": render_user(world, issue["user"]),
        "labels": [render_label(api, name) for name in issue["labels"]],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": sum(comment["issue"] == number for comment in repository.comments.values()),
        "created_at": issue["created_at"],
        "updated_at": issue["updated_at"],
        "closed_at": issue.get("closed_at"),
        "author_association": association(repository, issue["user"].login),
        "reactions": render_reactions(url, given),
        "url": url,
        "repository_url": api,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": page,
    }
    if issue["pull"]:
        side = {"url": f"{api}/pulls/{number}", "html_url": page, "diff_url": f"{page}.diff"}
        shown["pull_request"] = {**side, "patch_url": f"{page}.patch", "merged_at": issue["pull"]["merged_at"]}
    return shown


def association(repository: Repository, login: str) -> str:
    """A hint, as GitHub says, and no permission."""
    if login == repository.owner.login:
        return "OWNER"
    return "COLLABORATOR" if login in repository.permissions else "NONE"


def render_label(api: str, name: str) -> Json:
    return {
        "id": zlib.crc32(name.encode()),
        "node_id": f"L_{zlib.crc32(name.encode())}",
        "url": f"{api}/labels/{name}",
        "name": name,
        "description": None,
        "color": "ededed",
        "default": False,
        "archived_at": None,
        "archived_by": None,
    }


def render_comment(world: World, repository: Repository, comment: Json) -> Json:
    api, number = api_of(world, repository), comment["issue"]
    url = f"{api}/issues/comments/{comment['id']}"
    kind = "pull" if repository.issues[number]["pull"] else "issues"
    given = [each["shown"]["content"] for each in repository.reactions if each["on"] == ("comment", comment["id"])]
    return {
        "id": comment["id"],
        "node_id": f"IC_{comment['id']}",
        "url": url,
        "html_url": f"{page_of(world, repository)}/{kind}/{number}#issuecomment-{comment['id']}",
        "issue_url": f"{api}/issues/{number}",
        "body": comment["body"],
        "user": render_user(world, comment["user"]),
        "created_at": comment["created_at"],
        "updated_at": comment["updated_at"],
        "author_association": association(repository, comment["user"].login),
        "reactions": render_reactions(url, given),
        "performed_via_github_app": None,
    }
