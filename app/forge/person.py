"""GitHub as a person sees it, with their own token: for what the App should not be allowed to do by itself."""

from collections.abc import Mapping

import httpx

from app.forge.api import Forge, GitHub
from app.forge.permissions import Permissions
from app.policy.values import Repo
from app.telemetry import register_secret


class AsPerson(GitHub):
    """The same requests by the repository's name. What the token may do is all that it may do."""

    def __init__(self, forge: Forge, owner: str, name: str, token: str) -> None:
        register_secret(token)
        super().__init__(forge, Repo(0, 0, owner, name), {})
        self._own = token

    def asking(self, permissions: Permissions) -> GitHub:
        """A person's token cannot be narrowed."""
        del permissions
        return self

    async def _token(self) -> str:
        return self._own

    def _url(self, path: str, params: Mapping[str, str | int] | None = None) -> str:
        url = httpx.URL(f"{self.forge.api_url}/repos/{self.repo.full_name}{'/' + path if path else ''}")
        return str(url.copy_merge_params(dict(params or {})))
