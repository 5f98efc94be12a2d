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
    "statuses": "read",
    "metadata": "read",
}
CHECKS: Permissions = {"checks": "write", "metadata": "read"}
TALK: Permissions = {"issues": "write", "pull_requests": "write", "metadata": "read"}
RESOLVE: Permissions = {"contents": "write", "pull_requests": "write", "metadata": "read"}
"""To resolve a thread: with `contents: read` GitHub refuses that to Apps, which none of its pages says."""
PUSH: Permissions = {"contents": "write", "metadata": "read"}
PUBLISH: Permissions = {"contents": "write", "issues": "write", "pull_requests": "write", "metadata": "read"}
DEPLOY: Permissions = {"deployments": "write", "actions": "read", "contents": "read", "metadata": "read"}
"""To answer for environments, and to read which runs wait for them."""
ACTIONS: Permissions = {"actions": "read", "metadata": "read"}
"""To read the log of a job that failed."""
RERUN: Permissions = {"actions": "write", "metadata": "read"}
"""To run failed jobs again. Not among what the App asks for in app.yml; without it nothing is run again."""
MEMBERS: Permissions = {"members": "read", "metadata": "read"}
"""Granted by organizations only, and not by those that installed the App before it asked for this."""
FETCH: Permissions = {"contents": "read", "metadata": "read"}
PROTECTION: Permissions = {"administration": "read", "contents": "read", "metadata": "read"}
"""What is shown of classic branch protection without it is little; an installation may not have granted it."""
PROTECT: Permissions = {"administration": "write", "contents": "read", "metadata": "read"}
"""Not among what the App asks for in app.yml: who can change rules can take the gate away."""
