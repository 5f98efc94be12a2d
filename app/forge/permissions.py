"""What tokens are asked for: the fewest permissions for a purpose, and never `workflows`.

https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
"""

from collections.abc import Mapping

Permissions = Mapping[str, str]

READ: Permissions = {
    "contents": "read",
    "issues": "read",
    "pull_requests": "read",
    "checks": "read",
    "metadata": "read",
}
CHECKS: Permissions = {"checks": "write", "metadata": "read"}
TALK: Permissions = {"issues": "write", "pull_requests": "write", "metadata": "read"}
PUSH: Permissions = {"contents": "write", "metadata": "read"}
PUBLISH: Permissions = {"contents": "write", "issues": "write", "pull_requests": "write", "metadata": "read"}
DEPLOY: Permissions = {"deployments": "write", "actions": "read", "contents": "read", "metadata": "read"}
"""To answer for environments, and to read which runs wait for them."""
FETCH: Permissions = {"contents": "read", "metadata": "read"}
