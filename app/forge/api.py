"""GitHub's API for one repository with one set of permissions, and the factory of such clients."""

import asyncio
import hashlib
import random
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import gidgethub
import httpx
from gidgethub.abc import GitHubAPI

from app.forge.errors import ForgeError, NotFoundError, RateLimitedError, RefusedError, UnknownOutcomeError
from app.forge.permissions import Permissions
from app.forge.tokens import Tokens
from app.policy.values import Repo
from app.settings import Settings
from app.telemetry import register_secret

_READ_TRIES = 3
_SHORT_WAIT_S = 5.0
_SECONDARY_WAIT_S = 60.0
"""GitHub's advice for a secondary limit without Retry-After: a minute at least."""


class _Wire(GitHubAPI):
    """gidgethub's protocol over httpx; its own adapter wants httpx2."""

    def __init__(self, client: httpx.AsyncClient, base_url: str) -> None:
        super().__init__("quorum", base_url=base_url, cache={})
        self._client = client
        self.last_headers: Mapping[str, str] = {}

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        response = await self._client.request(method, url, headers=dict(headers), content=body)
        self.last_headers = {key.lower(): value for key, value in response.headers.items()}
        return response.status_code, self.last_headers, response.content

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class GitHub:
    """Requests as the App, on one repository. Reads are tried again; a write is never repeated blindly."""

    def __init__(self, forge: "Forge", repo: Repo, permissions: Permissions) -> None:
        self.forge = forge
        self.repo = repo
        self._permissions = permissions
        self._wire = _Wire(forge.client, forge.api_url)

    async def get(self, path: str, **params: str | int) -> Any:
        """GET a path below the repository; tried again on a 5xx."""
        url = self._url(path, params)
        for attempt in range(1, _READ_TRIES + 1):
            try:
                return await self._ask("GET", url)
            except UnknownOutcomeError:
                if attempt == _READ_TRIES:
                    raise
                await asyncio.sleep(random.uniform(0.1, 0.5) * attempt)  # noqa: S311 - jitter
        raise AssertionError("the loop returns or raises")

    async def pages(self, path: str, **params: str | int) -> AsyncIterator[Any]:
        """Items of a list, or of the one list in an object, over all pages."""
        page = 1
        while True:
            answer = await self.get(path, **params, per_page=100, page=page)
            items = answer if isinstance(answer, list) else next(v for v in answer.values() if isinstance(v, list))
            for item in items:
                yield item
            if len(items) < 100:  # noqa: PLR2004 - the page size above
                return
            page += 1

    async def post(self, path: str, body: Any) -> Any:
        return await self._ask("POST", self._url(path), body)

    async def patch(self, path: str, body: Any) -> Any:
        return await self._ask("PATCH", self._url(path), body)

    async def delete(self, path: str) -> Any:
        return await self._ask("DELETE", self._url(path))

    async def graphql(self, query: str, **variables: Any) -> Any:
        answer = await self._ask("POST", self.forge.graphql_url, {"query": query, "variables": variables})
        if isinstance(answer, dict) and answer.get("errors"):
            raise RefusedError(f"GitHub refused: {answer['errors'][0].get('message', '')[:300]}", 200)
        return answer["data"]

    def _url(self, path: str, params: Mapping[str, str | int] | None = None) -> str:
        """By id, so that a repository that was renamed or moved is still met."""
        url = httpx.URL(f"{self.forge.api_url}/repositories/{self.repo.id}{'/' + path if path else ''}")
        return str(url.copy_merge_params(dict(params or {})))

    async def _ask(self, method: str, url: str, body: Any = None) -> Any:
        if method != "GET":
            await self.forge.pace(self.repo.installation_id)
        token = await self.forge.tokens.installation_token(self.repo.installation_id, self.repo.id, self._permissions)
        told = f"{method} {httpx.URL(url).path}"
        self.forge.requests += 1
        try:
            if method == "GET":
                return await self._wire.getitem(url, oauth_token=token)
            if method == "DELETE":
                return await self._wire.delete(url, oauth_token=token)
            return await getattr(self._wire, method.lower())(url, data=body, oauth_token=token)
        except (httpx.HTTPError, gidgethub.HTTPException, gidgethub.GraphQLException, ValueError) as error:
            raise self._translate(error, told, token) from error

    def _translate(self, error: Exception, told: str, token: str) -> ForgeError:
        """Gidgethub's tree and httpx's, as ours."""
        if not isinstance(error, gidgethub.HTTPException):
            return UnknownOutcomeError(f"{told}: {error!r}")
        status = int(error.status_code)
        if status == httpx.codes.UNAUTHORIZED:
            self.forge.tokens.forget(token)
        if status in {403, 429}:
            wait = _wait_for(self._wire.last_headers, str(error))
            if wait is not None:
                return RateLimitedError(f"{told}: GitHub asks to wait {wait:.0f} s", time.time() + wait)
        if status >= 500 or status < 400:  # noqa: PLR2004 - HTTP's own classes
            return UnknownOutcomeError(f"{told}: GitHub answered {status}")
        if status in {404, 410}:
            return NotFoundError(f"{told}: not found")
        return RefusedError(f"{told}: {status} {error}", status)


def _wait_for(headers: Mapping[str, str], message: str) -> float | None:
    """Seconds to wait when a 403 or 429 is about a limit; None when it is a plain refusal.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    if "retry-after" in headers:
        return float(headers["retry-after"])
    if headers.get("x-ratelimit-remaining") == "0":
        return max(1.0, float(headers.get("x-ratelimit-reset", "0")) - time.time())
    return _SECONDARY_WAIT_S if "secondary rate limit" in message.lower() else None


class Forge:
    """Everything about GitHub that one worker process shares: the connection, the tokens, the pace of writes."""

    def __init__(
        self, settings: Settings, client: httpx.AsyncClient, private_key: str, *, write_gap_s: float = 1.0
    ) -> None:
        register_secret(private_key)
        self.client = client
        self.api_url = settings.api_url
        self.graphql_url = settings.graphql_url
        self.web_url = settings.github_url
        self.app_id = settings.app_id
        self.slug = settings.app_slug
        self.requests = 0
        self.marker_key = hashlib.sha256(f"marker\0{private_key}".encode()).digest()
        self.tokens = Tokens(
            settings.app_client_id or str(settings.app_id), private_key, self.api_url, client, register_secret
        )
        self._write_gap_s = write_gap_s
        self._next_write: dict[int, float] = {}

    @property
    def login(self) -> str:
        return f"{self.slug}[bot]"

    @property
    def author(self) -> str:
        """Who commits, in git's form: the bot's noreply address."""
        return f"{self.login} <{self.app_id}+{self.login}@users.noreply.github.com>"

    def on(self, repo: Repo, permissions: Permissions) -> GitHub:
        return GitHub(self, repo, permissions)

    async def pace(self, installation_id: int) -> None:
        """GitHub asks for at least a second between an integration's writes."""
        now = time.monotonic()
        turn = max(now, self._next_write.get(installation_id, 0.0))
        self._next_write[installation_id] = turn + self._write_gap_s
        if turn > now:
            await asyncio.sleep(turn - now)

    async def installations(self) -> list[int]:
        answer = await self._app_get("/app/installations?per_page=100")
        return [item["id"] for item in answer if item.get("suspended_at") is None]

    async def repositories(self, installation_id: int) -> list[Repo]:
        token = await self.tokens.listing_token(installation_id)
        answer = await self._get("/installation/repositories?per_page=100", token)
        return [
            Repo(installation_id, item["id"], item["owner"]["login"], item["name"]) for item in answer["repositories"]
        ]

    async def failed_deliveries(self) -> list[int]:
        """Ids of deliveries of which no attempt succeeded, among GitHub's latest hundred."""
        answer = await self._app_get("/app/hook/deliveries?per_page=100")
        fine = {item["guid"] for item in answer if item["status_code"] < 400}  # noqa: PLR2004 - HTTP's own classes
        newest = {item["guid"]: item["id"] for item in reversed(answer)}
        return [identity for guid, identity in newest.items() if guid not in fine]

    async def redeliver(self, delivery_id: int) -> None:
        self.requests += 1
        url = f"{self.api_url}/app/hook/deliveries/{delivery_id}/attempts"
        response = await self.client.post(url, headers={"Authorization": f"Bearer {self.tokens.app_token()}"})
        if response.is_error:
            raise UnknownOutcomeError(f"delivery {delivery_id} could not be sent again: {response.status_code}")

    async def _app_get(self, path: str) -> Any:
        return await self._get(path, self.tokens.app_token())

    async def _get(self, path: str, token: str) -> Any:
        self.requests += 1
        try:
            response = await self.client.get(f"{self.api_url}{path}", headers={"Authorization": f"Bearer {token}"})
        except httpx.HTTPError as error:
            raise UnknownOutcomeError(f"GET {path}: {error!r}") from error
        if response.is_error:
            raise UnknownOutcomeError(f"GET {path}: GitHub answered {response.status_code}")
        return response.json()
