"""The App's own token and the tokens of installations: one repository, the fewest permissions, kept in memory only.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.forge.answers import error_for
from app.forge.errors import NotFoundError, RefusedError, UnknownOutcomeError
from app.forge.permissions import Permissions

_BACKDATE_S = 60
_JWT_LIFE_S = 540
"""GitHub takes ten minutes at most; clocks differ."""
_SIGNED_FOR_S = 60
_SPARE_S = 300


@dataclass(frozen=True)
class _Held:
    token: str
    expires_at: float


class Tokens:
    """Mints tokens and keeps each until five minutes before it expires. `told` hears of every token, to redact it."""

    def __init__(
        self, issuer: str, private_key: str, api_url: str, client: httpx.AsyncClient, told: Callable[[str], None]
    ) -> None:
        self._issuer = issuer
        self._private_key = private_key
        self._api_url = api_url
        self._client = client
        self._told = told
        self._signed = (0, "")
        self._held: dict[tuple[int, int, tuple[tuple[str, str], ...]], _Held] = {}
        self._asking: defaultdict[object, asyncio.Lock] = defaultdict(asyncio.Lock)

    def app_token(self) -> str:
        """Signed anew each minute: who has many repositories asks for it often, and signing takes a millisecond."""
        now = int(time.time())
        signed_at, token = self._signed
        if not 0 <= now - signed_at < _SIGNED_FOR_S:
            claims = {"iss": self._issuer, "iat": now - _BACKDATE_S, "exp": now + _JWT_LIFE_S}
            token = jwt.encode(claims, self._signing_key, algorithm="RS256")
            self._signed = (now, token)
        return token

    @cached_property
    def _signing_key(self) -> RSAPrivateKey:
        """Read once: it takes 70 ms, in which nothing else goes on. Raises `ValueError` for what is no RSA key."""
        key = load_pem_private_key(self._private_key.encode(), None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("the App's private key is not an RSA key; take the .pem from the App's settings on GitHub")  # noqa: TRY004
        return key

    async def installation_token(self, installation_id: int, repository_id: int, permissions: Permissions) -> str:
        """A token for one repository. Raises forge errors; `NotFoundError` when the App is not installed there."""
        key = (installation_id, repository_id, tuple(sorted(permissions.items())))
        async with self._asking[key]:
            held = self._held.get(key)
            if held is None or held.expires_at - _SPARE_S < time.time():
                wanted = {"repository_ids": [repository_id], "permissions": {**permissions}}
                held = self._held[key] = await self._mint(installation_id, wanted)
        return held.token

    async def listing_token(self, installation_id: int) -> str:
        """A token that can only list which repositories the App is installed on."""
        return (await self._mint(installation_id, {"permissions": {"metadata": "read"}})).token

    def forget(self, token: str) -> None:
        """Mint anew the next time: GitHub has refused this one."""
        self._held = {key: held for key, held in self._held.items() if held.token != token}

    async def _mint(self, installation_id: int, body: dict[str, Any]) -> _Held:
        url = f"{self._api_url}/app/installations/{installation_id}/access_tokens"
        headers = {
            "Authorization": f"Bearer {self.app_token()}",
            "Accept": "application/vnd.github+json",
            # https://github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header
            "X-GitHub-Stateless-S2S-Token": "enabled",
        }
        told = f"no token for installation {installation_id}"
        try:
            response = await self._client.post(url, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise UnknownOutcomeError(f"{told}: {error!r}") from error
        if response.status_code == httpx.codes.NOT_FOUND:
            raise NotFoundError(
                f"the App is not installed as {installation_id}; install it, or look whether it is suspended"
            )
        if not response.is_success:
            raise error_for(told, response.status_code, response.headers, response.text[:300])
        try:
            answer = response.json()
            held = _Held(str(answer["token"]), datetime.fromisoformat(answer["expires_at"]).timestamp())
        except (ValueError, LookupError, TypeError) as error:
            raise UnknownOutcomeError(f"{told}: the answer holds none") from error
        self._told(held.token)
        return held


class HeldToken(Tokens):
    """One token that somebody else made, such as a workflow's job has: it is what it is, and nothing is minted."""

    def __init__(self, token: str, api_url: str, client: httpx.AsyncClient) -> None:
        super().__init__("", "", api_url, client, lambda _: None)
        self._token = token

    def app_token(self) -> str:
        """Raises `RefusedError`: there is no App."""
        raise RefusedError("only an App can ask that, and here is a job's token", httpx.codes.UNAUTHORIZED)

    async def installation_token(self, installation_id: int, repository_id: int, permissions: Permissions) -> str:
        """The token, whatever is asked for: GitHub refuses what it may not do."""
        del installation_id, repository_id, permissions
        return self._token

    async def listing_token(self, installation_id: int) -> str:
        del installation_id
        return self._token

    def forget(self, token: str) -> None:
        """There is no other one."""
