"""GitHub's API for one repository with one set of permissions, and the factory of such clients."""

import asyncio
import hashlib
import itertools
import random
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from app.forge.answers import error_for, graphql_error_for
from app.forge.errors import NotFoundError, RefusedError, UnknownOutcomeError
from app.forge.etags import Etags, Reader
from app.forge.hook import Sent, cursor_of, oldest_first, parse_sent
from app.forge.permissions import Permissions
from app.forge.tokens import HeldToken, Tokens
from app.forge.wire import Wire
from app.policy.facts import PersonFact
from app.policy.values import Repo
from app.settings import Settings
from app.telemetry import register_secret

_READ_TRIES = 3
_PAGE = 100
_TOKEN_LIFE_S = 7200.0
"""An installation's token is worth something for an hour."""


def _hide_token(token: str) -> None:
    register_secret(token, life_s=_TOKEN_LIFE_S)


class GitHub:
    """Requests as the App, on one repository. Reads are tried again; a write is never repeated blindly."""

    def __init__(self, forge: "Forge", repo: Repo, permissions: Permissions) -> None:
        self.forge = forge
        self.repo = repo
        self._permissions = permissions
        self._reader = Reader(repo.installation_id, tuple(sorted(permissions.items())))

    async def get(self, path: str, **params: str | int) -> Any:
        """GET a path below the repository; tried again on a 5xx."""
        return (await self._read(self._url(path, params)))[0]

    async def get_beyond(self, path: str, **params: str | int) -> Any:
        """GET a path outside of the repository, such as `orgs/NAME`, whose parts are quoted; else as `get`."""
        return (await self._read(self._joined(f"{self.forge.api_url}/{path}", params)))[0]

    async def place_of(self, path: str) -> str:
        """Where a path below the repository redirects to. Nothing is asked there: our token must not go along.

        Raises `NotFoundError` when it redirects nowhere.
        """
        url, token = self._url(path), await self._token()
        self.forge.requests += 1
        try:
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
            response = await self.forge.client.request("GET", url, headers=headers, follow_redirects=False)
        except httpx.HTTPError as error:
            raise UnknownOutcomeError(f"GET {path}: {error!r}") from error
        if response.status_code >= 400:  # noqa: PLR2004 - HTTP's own classes
            raise error_for(f"GET {path}", response.status_code, response.headers, response.text)
        if "location" not in response.headers:
            raise NotFoundError(f"GET {path}: it is not kept elsewhere")
        return response.headers["location"]

    async def pages(self, path: str, **params: str | int) -> AsyncIterator[Any]:
        """Items of a list, or of the one list in an object, over all pages.

        A page may hold less than it could and not be the last: the Link header says whether there are more.
        https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
        """
        page = 1
        while True:
            answer, link = await self._read(self._url(path, {**params, "per_page": _PAGE, "page": page}))
            items = (
                answer if isinstance(answer, list) else next((v for v in answer.values() if isinstance(v, list)), [])
            )
            for item in items:
                yield item
            if 'rel="next"' not in link and len(items) < _PAGE:
                return
            page += 1

    async def post(self, path: str, body: Any) -> Any:
        return (await self._ask("POST", self._url(path), body))[0]

    async def patch(self, path: str, body: Any) -> Any:
        return (await self._ask("PATCH", self._url(path), body))[0]

    async def put(self, path: str, body: Any) -> Any:
        return (await self._ask("PUT", self._url(path), body))[0]

    async def delete(self, path: str) -> Any:
        return (await self._ask("DELETE", self._url(path)))[0]

    async def graphql(self, query: str, **variables: Any) -> Any:
        answer, headers = await self._ask("POST", self.forge.graphql_url, {"query": query, "variables": variables})
        if not isinstance(answer, dict) or ("data" not in answer and not answer.get("errors")):
            raise UnknownOutcomeError("GraphQL: GitHub answered without data")
        if answer.get("errors"):
            raise graphql_error_for(headers, next(iter(answer["errors"])))
        return answer["data"]

    def asking(self, permissions: Permissions) -> "GitHub":
        """The same repository with other permissions."""
        return GitHub(self.forge, self.repo, permissions)

    async def _token(self) -> str:
        return await self.forge.tokens.installation_token(self.repo.installation_id, self.repo.id, self._permissions)

    def _url(self, path: str, params: Mapping[str, str | int] | None = None) -> str:
        """By id, so that a repository that was renamed or moved is still met."""
        return self._joined(f"{self.forge.api_url}/repositories/{self.repo.id}{'/' + path if path else ''}", params)

    @staticmethod
    def _joined(url: str, params: Mapping[str, str | int] | None) -> str:
        return str(httpx.URL(url).copy_merge_params(dict(params or {})))

    async def _read(self, url: str) -> tuple[Any, str]:
        """The answer and its Link header."""
        for attempt in range(1, _READ_TRIES + 1):
            try:
                answer, headers = await self._ask("GET", url)
                return answer, headers.get("link", "")
            except UnknownOutcomeError:
                if attempt == _READ_TRIES:
                    raise
                await asyncio.sleep(random.uniform(0.1, 0.5) * attempt)  # noqa: S311 - jitter
        raise AssertionError("the loop returns or raises")

    async def _ask(self, method: str, url: str, body: Any = None) -> tuple[Any, Mapping[str, str]]:
        """The answer and its headers. A 401 did nothing: the token is forgotten and one more is tried."""
        try:
            return await self._once(method, url, body)
        except RefusedError as error:
            if error.status != httpx.codes.UNAUTHORIZED:
                raise
            return await self._once(method, url, body)

    async def _once(self, method: str, url: str, body: Any) -> tuple[Any, Mapping[str, str]]:
        if method != "GET":
            await self.forge.pace(self.repo.installation_id)
        token = await self._token()
        wire = Wire(self.forge.client, self.forge.api_url, self.forge.etags, self._reader)
        self.forge.requests += 1
        try:
            return await wire.ask(method, url, token, body), wire.headers
        finally:
            if wire.status == httpx.codes.UNAUTHORIZED:
                self.forge.tokens.forget(token)


class Forge:
    """Everything about GitHub that one worker process shares: the connection, the tokens, the pace of writes."""

    def __init__(
        self,
        settings: Settings,
        client: httpx.AsyncClient,
        private_key: str,
        *,
        write_gap_s: float = 1.0,
        held: str = "",
    ) -> None:
        """`held`: a token that somebody else made, to be used instead of the App's own; then there is no key."""
        register_secret(private_key)
        register_secret(held)
        self.client = client
        self.api_url = settings.api_url
        self.graphql_url = settings.graphql_url
        self.web_url = settings.github_url
        self.app_id = settings.app_id
        self.slug = settings.app_slug
        self.login = f"{self.slug}[bot]"
        self.requests = 0
        self.marker_key = hashlib.sha256(f"marker\0{private_key}".encode()).digest()
        issuer = settings.app_client_id or str(settings.app_id)
        self.tokens = (
            HeldToken(held, self.api_url, client)
            if held
            else Tokens(issuer, private_key, self.api_url, client, _hide_token)
        )
        self.etags = Etags()
        self.people_seen: dict[tuple[int, str, tuple[str, ...]], tuple[PersonFact, float]] = {}
        self._write_gap_s = write_gap_s
        self._next_write: dict[int, float] = {}

    @property
    def author(self) -> str:
        """Who commits, in git's form: the bot's noreply address."""
        number = f"{self.app_id}+" if self.app_id else ""
        return f"{self.login} <{number}{self.login}@users.noreply.github.com>"

    def on(self, repo: Repo, permissions: Permissions) -> GitHub:
        return GitHub(self, repo, permissions)

    async def pace(self, installation_id: int) -> None:
        """GitHub asks for at least a second between an integration's writes."""
        now = time.monotonic()
        turn = max(now, self._next_write.get(installation_id, 0.0))
        self._next_write[installation_id] = turn + self._write_gap_s
        if turn > now:
            await asyncio.sleep(turn - now)

    async def ask_as_app(self, path: str) -> Any:
        """GET what the App may see of itself, such as `/app`. Raises forge errors."""
        return await self._send("GET", path, self.tokens.app_token())

    async def all_installations(self) -> list[Any]:
        """As GitHub shows them, suspended ones too. Raises forge errors."""
        return await self._all("/app/installations", self.tokens.app_token())

    async def installations(self) -> list[int]:
        return [item["id"] for item in await self.all_installations() if item.get("suspended_at") is None]

    async def repositories(self, installation_id: int) -> list[Repo]:
        token = await self.tokens.listing_token(installation_id)
        answer = await self._all("/installation/repositories", token, "repositories")
        return [Repo(installation_id, item["id"], item["owner"]["login"], item["name"]) for item in answer]

    async def find_repo(self, full_name: str) -> Repo | None:
        """The repository if the App is installed on it; case does not count in names."""
        for installation_id in await self.installations():
            for repo in await self.repositories(installation_id):
                if repo.full_name.casefold() == full_name.casefold():
                    return repo
        return None

    async def attempts(self, cursor: str = "") -> tuple[list[Sent], str]:
        """Attempts to deliver, newest first, up to a hundred, and the cursor of the next; empty at the last."""
        path = f"/app/hook/deliveries?per_page={_PAGE}" + (f"&cursor={quote(cursor, safe='')}" if cursor else "")
        response = await self._answer("GET", path, self.tokens.app_token())
        try:
            found = parse_sent(_decoded(f"GET {path}", response))
        except ValidationError as error:
            raise UnknownOutcomeError(f"GET {path}: GitHub answered with something that is no list of them") from error
        return found, cursor_of(response.headers.get("link", ""))

    async def recent_deliveries(self, since: float) -> list[Sent]:
        """Those of GitHub's latest hundred attempts since then (seconds since 1970), one each, oldest first."""
        return oldest_first((await self.attempts())[0], since)

    async def delivered_payload(self, delivery_id: int) -> Any:
        """What was sent, as GitHub has it on record."""
        answer = await self._send("GET", f"/app/hook/deliveries/{delivery_id}", self.tokens.app_token())
        return answer["request"]["payload"]

    async def redeliver(self, delivery_id: int) -> None:
        await self._send("POST", f"/app/hook/deliveries/{delivery_id}/attempts", self.tokens.app_token())

    async def _all(self, path: str, token: str, key: str = "") -> list[Any]:
        """Items over all pages; `key` names the list in an object."""
        items: list[Any] = []
        for page in itertools.count(1):
            answer = await self._send("GET", f"{path}?per_page={_PAGE}&page={page}", token)
            found = answer[key] if key else answer
            items += found
            if len(found) < _PAGE:
                break
        return items

    async def _send(self, method: str, path: str, token: str) -> Any:
        """What the App asks as itself, decoded. Raises forge errors."""
        return _decoded(f"{method} {path}", await self._answer(method, path, token))

    async def _answer(self, method: str, path: str, token: str) -> httpx.Response:
        self.requests += 1
        told, headers = f"{method} {path}", {"Authorization": f"Bearer {token}"}
        try:
            response = await self.client.request(method, f"{self.api_url}{path}", headers=headers)
        except httpx.HTTPError as error:
            raise UnknownOutcomeError(f"{told}: {error!r}") from error
        if not response.is_success:
            raise error_for(told, response.status_code, response.headers, response.text)
        return response


def _decoded(told: str, response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError as error:
        raise UnknownOutcomeError(f"{told}: GitHub answered with something that is no JSON") from error
