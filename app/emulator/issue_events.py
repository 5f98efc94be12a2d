"""What happened to an issue or pull request: recorded in its timeline, and told."""

from typing import Any

from app.emulator.events import tell
from app.emulator.render import api_of, render_user
from app.emulator.render_issues import render_issue
from app.emulator.render_pulls import render_pull
from app.emulator.state import Repository, User, World, now

Json = dict[str, Any]


def tell_of(world: World, repository: Repository, issue: Json, action: str, sender: User, **more: Any) -> None:
    """The `issues` or `pull_request` event of something that happened to an issue."""
    issue["updated_at"] = now()
    if issue["pull"]:
        payload = {"number": issue["number"], "pull_request": render_pull(world, repository, issue)}
        tell(world, repository, "pull_request", action, sender, {**payload, **more})
    else:
        payload = {"issue": render_issue(world, repository, issue)}
        tell(world, repository, "issues", action, sender, {**payload, **more})


def record(world: World, repository: Repository, issue: Json, event: str, actor: User, **more: Any) -> None:
    """https://docs.github.com/en/rest/issues/events."""
    identity = world.next_id()
    repository.issue_events.append(
        {
            "id": identity,
            "node_id": f"IE_{identity}",
            "url": f"{api_of(world, repository)}/issues/events/{identity}",
            "issue": issue["number"],
            "event": event,
            "actor": render_user(world, actor),
            "commit_id": None,
            "commit_url": None,
            "created_at": now(),
            "performed_via_github_app": None,
            **more,
        }
    )


def close(world: World, repository: Repository, issue: Json, actor: User, reason: str = "completed") -> None:
    issue.update(state="closed", closed_at=now(), state_reason=None if issue["pull"] else reason)
    record(world, repository, issue, "closed", actor)
    tell_of(world, repository, issue, "closed", actor)
