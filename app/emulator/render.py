"""Objects as GitHub shows them."""

from typing import Any

from app.emulator.state import App, Repository, User, World

Json = dict[str, Any]


def render_user(world: World, user: User) -> Json:
    url = f"{world.base_url}/api/v3/users/{user.login}"
    return {
        "login": user.login,
        "id": user.id,
        "node_id": f"U_{user.id}",
        "avatar_url": f"{world.base_url}/avatars/{user.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{world.base_url}/{user.login}",
        "type": user.type,
        "site_admin": False,
        **{
            f"{name}_url": f"{url}/{name}"
            for name in ("followers", "following", "gists", "starred", "subscriptions", "organizations")
        },
        **{f"{name}_url": f"{url}/{name}" for name in ("repos", "events", "received_events")},
    }


def render_repository(world: World, repository: Repository) -> Json:
    return {
        "id": repository.id,
        "node_id": f"R_{repository.id}",
        "name": repository.name,
        "full_name": repository.full_name,
        "private": False,
        "owner": render_user(world, repository.owner),
        "html_url": f"{world.base_url}/{repository.full_name}",
        "clone_url": f"{world.base_url}/{repository.full_name}.git",
        "url": f"{world.base_url}/api/v3/repos/{repository.full_name}",
        "default_branch": repository.default_branch,
        "fork": False,
        "archived": False,
    }


def render_app(world: World, app: App) -> Json:
    return {
        "id": app.id,
        "slug": app.slug,
        "client_id": app.client_id,
        "node_id": f"A_{app.id}",
        "name": app.slug,
        "owner": render_user(world, app.bot),
        "description": "",
        "external_url": world.base_url,
        "html_url": f"{world.base_url}/apps/{app.slug}",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "permissions": app.permissions,
        "events": sorted(app.subscriptions),
    }


def render_issue(world: World, repository: Repository, issue: Json) -> Json:
    """An issue, or the issue side of a pull request."""
    number, base = issue["number"], f"{world.base_url}/api/v3/repos/{repository.full_name}"
    comments = sum(comment["issue"] == number for comment in repository.comments.values())
    kind = "pull" if issue["pull"] else "issues"
    shown = {
        "id": issue["id"],
        "node_id": f"I_{issue['id']}",
        "number": number,
        "title": issue["title"],
        "body": issue["body"],
        "state": issue["state"],
        "state_reason": issue.get("state_reason"),
        "locked": False,
        "user": render_user(world, issue["user"]),
        "labels": [render_label(base, name) for name in issue["labels"]],
        "assignees": [],
        "comments": comments,
        "created_at": issue["created_at"],
        "updated_at": issue["updated_at"],
        "closed_at": issue.get("closed_at"),
        "author_association": "MEMBER",
        "url": f"{base}/issues/{number}",
        "repository_url": base,
        "labels_url": f"{base}/issues/{number}/labels{{/name}}",
        "comments_url": f"{base}/issues/{number}/comments",
        "events_url": f"{base}/issues/{number}/events",
        "html_url": f"{world.base_url}/{repository.full_name}/{kind}/{number}",
    }
    if issue["pull"]:
        shown["pull_request"] = {"url": f"{base}/pulls/{number}", "html_url": shown["html_url"]}
    return shown


def render_label(base: str, name: str) -> Json:
    return {
        "id": abs(hash(name)) % 10**9,
        "node_id": f"L_{name}",
        "url": f"{base}/labels/{name}",
        "name": name,
        "description": None,
        "color": "ededed",
        "default": False,
    }


def render_comment(world: World, repository: Repository, comment: Json) -> Json:
    base = f"{world.base_url}/api/v3/repos/{repository.full_name}"
    page = f"{world.base_url}/{repository.full_name}/issues/{comment['issue']}"
    return {
        "id": comment["id"],
        "node_id": f"IC_{comment['id']}",
        "url": f"{base}/issues/comments/{comment['id']}",
        "html_url": f"{page}#issuecomment-{comment['id']}",
        "issue_url": f"{base}/issues/{comment['issue']}",
        "body": comment["body"],
        "user": render_user(world, comment["user"]),
        "created_at": comment["created_at"],
        "updated_at": comment["updated_at"],
        "author_association": "MEMBER",
        "performed_via_github_app": None,
    }


def render_pull(world: World, repository: Repository, issue: Json) -> Json:
    pull, number = issue["pull"], issue["number"]
    base = f"{world.base_url}/api/v3/repos/{repository.full_name}"
    repo = render_repository(world, repository)
    side = {"repo": repo, "user": repo["owner"]}
    owner = repository.owner.login
    return {
        **{key: value for key, value in render_issue(world, repository, issue).items() if key != "pull_request"},
        "node_id": f"PR_{issue['id']}",
        "url": f"{base}/pulls/{number}",
        "issue_url": f"{base}/issues/{number}",
        "diff_url": f"{world.base_url}/{repository.full_name}/pull/{number}.diff",
        "patch_url": f"{world.base_url}/{repository.full_name}/pull/{number}.patch",
        "draft": pull["draft"],
        "merged": pull["merged"],
        "merged_at": pull["merged_at"],
        "merge_commit_sha": pull["merge_commit_sha"],
        "mergeable": pull["mergeable"],
        "mergeable_state": "unknown" if pull["mergeable"] is None else ("clean" if pull["mergeable"] else "dirty"),
        "auto_merge": None,
        "head": {"ref": pull["head_ref"], "sha": pull["head_sha"], "label": f"{owner}:{pull['head_ref']}", **side},
        "base": {"ref": pull["base_ref"], "sha": pull["base_sha"], "label": f"{owner}:{pull['base_ref']}", **side},
    }


def render_review(world: World, repository: Repository, review: Json) -> Json:
    page = f"{world.base_url}/{repository.full_name}/pull/{review['pull']}#pullrequestreview-{review['id']}"
    return {
        "id": review["id"],
        "node_id": f"PRR_{review['id']}",
        "user": render_user(world, review["user"]),
        "body": review["body"],
        "state": review["state"],
        "html_url": page,
        "pull_request_url": f"{world.base_url}/api/v3/repos/{repository.full_name}/pulls/{review['pull']}",
        "commit_id": review["commit_id"],
        "submitted_at": review["submitted_at"],
        "author_association": "MEMBER",
    }


def render_check_run(world: World, repository: Repository, run: Json, app: App) -> Json:
    base = f"{world.base_url}/api/v3/repos/{repository.full_name}/check-runs/{run['id']}"
    return {
        "id": run["id"],
        "node_id": f"CR_{run['id']}",
        "name": run["name"],
        "head_sha": run["head_sha"],
        "external_id": run["external_id"],
        "url": base,
        "html_url": f"{world.base_url}/{repository.full_name}/runs/{run['id']}",
        "details_url": run.get("details_url"),
        "status": run["status"],
        "conclusion": run["conclusion"],
        "started_at": run["started_at"],
        "completed_at": run["completed_at"],
        "output": {
            "title": run["output"].get("title"),
            "summary": run["output"].get("summary"),
            "text": run["output"].get("text"),
            "annotations_count": len(run["annotations"]),
            "annotations_url": f"{base}/annotations",
        },
        "check_suite": {"id": run["suite_id"]},
        "app": render_app(world, app),
        "pull_requests": [],
    }
