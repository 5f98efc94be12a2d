"""Accounts, Apps, installations and repositories as GitHub shows them."""

from typing import Any

from app.emulator.links import repository_links, user_links
from app.emulator.state import App, Installation, Repository, User, World

Json = dict[str, Any]
_SINCE = "2026-01-01T00:00:00Z"
_REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def api_of(world: World, repository: Repository) -> str:
    """A repository's address below the API."""
    return f"{world.base_url}/api/v3/repos/{repository.full_name}"


def page_of(world: World, repository: Repository) -> str:
    """A repository's address for people."""
    return f"{world.base_url}/{repository.full_name}"


def render_user(world: World, user: User) -> Json:
    return {
        "login": user.login,
        "id": user.id,
        "node_id": f"U_{user.id}",
        "avatar_url": f"{world.base_url}/avatars/{user.id}",
        "gravatar_id": "",
        "type": user.type,
        "site_admin": False,
        **user_links(f"{world.base_url}/api/v3/users/{user.login}", f"{world.base_url}/{user.login}"),
    }


def render_organization(world: World, account: User) -> Json:
    api = f"{world.base_url}/api/v3/orgs/{account.login}"
    below = ("repos", "events", "hooks", "issues")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": f"O_{account.id}",
        "url": api,
        **{f"{name}_url": f"{api}/{name}" for name in below},
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "avatar_url": f"{world.base_url}/avatars/{account.id}",
        "description": None,
    }


def render_repository(world: World, repository: Repository) -> Json:
    pulls_and_issues = sum(issue["state"] == "open" for issue in repository.issues.values())
    counts = {"forks": 0, "stargazers": 0, "watchers": 0, "open_issues": pulls_and_issues}
    flags = ("disabled", "fork", "has_discussions", "has_pages", "has_projects", "has_wiki")
    return {
        "id": repository.id,
        "node_id": f"R_{repository.id}",
        "name": repository.name,
        "full_name": repository.full_name,
        "owner": render_user(world, repository.owner),
        "default_branch": repository.default_branch,
        "private": repository.private,
        "archived": repository.archived,
        "visibility": "private" if repository.private else "public",
        "size": 0,
        "topics": [],
        "has_issues": True,
        **dict.fromkeys(flags, False),
        **dict.fromkeys(("description", "homepage", "language", "license", "mirror_url"), None),
        **dict.fromkeys(("created_at", "pushed_at", "updated_at"), repository.created_at),
        **{f"{name}_count": count for name, count in counts.items()},
        **{name: count for name, count in counts.items() if name != "stargazers"},
        **repository_links(api_of(world, repository), page_of(world, repository)),
    }


def render_full_repository(world: World, repository: Repository) -> Json:
    """What only an answer about the one repository holds."""
    counts = {"subscribers_count": 0, "network_count": 0}
    return {**render_repository(world, repository), **counts, "allow_auto_merge": repository.allow_auto_merge}


def render_app(world: World, app: App) -> Json:
    return {
        "id": app.id,
        "slug": app.slug,
        "client_id": app.client_id,
        "node_id": f"A_{app.id}",
        "name": app.name or app.slug,
        "owner": render_user(world, app.owner or app.bot),
        "description": "",
        "external_url": world.base_url,
        "html_url": f"{world.base_url}/apps/{app.slug}",
        "created_at": _SINCE,
        "updated_at": _SINCE,
        "permissions": app.permissions,
        "events": sorted(app.subscriptions),
    }


def render_installation(world: World, installation: Installation) -> Json:
    app, api = installation.app, f"{world.base_url}/api/v3"
    suspender = installation.suspended_by
    account = installation.account or app.bot
    return {
        "id": installation.id,
        "account": render_user(world, account),
        "repository_selection": "selected",
        "access_tokens_url": f"{api}/app/installations/{installation.id}/access_tokens",
        "repositories_url": f"{api}/installation/repositories",
        "html_url": f"{world.base_url}/settings/installations/{installation.id}",
        "app_id": app.id,
        "app_slug": app.slug,
        "client_id": app.client_id,
        "target_id": account.id,
        "target_type": account.type,
        "permissions": installation.permissions,
        "events": sorted(app.subscriptions),
        "single_file_name": None,
        "created_at": _SINCE,
        "updated_at": _SINCE,
        "suspended_by": None if suspender is None else render_user(world, suspender),
        "suspended_at": installation.suspended_at,
    }


def render_reactions(url: str, contents: list[str]) -> Json:
    """How often each reaction was given to what stands at `url`."""
    counts = {name: contents.count(name) for name in _REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(contents), **counts}
