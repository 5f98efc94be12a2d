"""Addresses below a repository, as GitHub lists them in every repository that it shows."""

_BELOW = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "/assignees{/user}",
    "blobs": "/git/blobs{/sha}",
    "branches": "/branches{/branch}",
    "collaborators": "/collaborators{/collaborator}",
    "comments": "/comments{/number}",
    "commits": "/commits{/sha}",
    "compare": "/compare/{base}...{head}",
    "contents": "/contents/{+path}",
    "contributors": "/contributors",
    "deployments": "/deployments",
    "downloads": "/downloads",
    "events": "/events",
    "forks": "/forks",
    "git_commits": "/git/commits{/sha}",
    "git_refs": "/git/refs{/sha}",
    "git_tags": "/git/tags{/sha}",
    "hooks": "/hooks",
    "issue_comment": "/issues/comments{/number}",
    "issue_events": "/issues/events{/number}",
    "issues": "/issues{/number}",
    "keys": "/keys{/key_id}",
    "labels": "/labels{/name}",
    "languages": "/languages",
    "merges": "/merges",
    "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "pulls": "/pulls{/number}",
    "releases": "/releases{/id}",
    "stargazers": "/stargazers",
    "statuses": "/statuses/{sha}",
    "subscribers": "/subscribers",
    "subscription": "/subscription",
    "tags": "/tags",
    "teams": "/teams",
    "trees": "/git/trees{/sha}",
}
_OF_A_USER = ("followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events")


def repository_links(api: str, page: str) -> dict[str, str]:
    """`api`: the repository below the API; `page`: its address for people."""
    return {
        **{f"{name}_url": f"{api}{below}" for name, below in _BELOW.items()},
        "url": api,
        "html_url": page,
        "clone_url": f"{page}.git",
        "svn_url": page,
        "git_url": page.replace("http", "git", 1) + ".git",
        "ssh_url": f"{page}.git",
    }


def user_links(api: str, page: str) -> dict[str, str]:
    named = {f"{name}_url": f"{api}/{name}" for name in (*_OF_A_USER, "received_events")}
    return {**named, "url": api, "html_url": page}
