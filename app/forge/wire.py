"""One exchange with GitHub: gidgethub's protocol over httpx, and conditional requests."""

import asyncio
from collections.abc import Mapping
from typing import Any

import gidgethub
import httpx
from gidgethub.abc import GitHubAPI

from app.forge.answers import error_for
from app.forge.errors import UnknownOutcomeError
from app.forge.etags import Etags, Held, Reader

_KEPT_HEADERS = ("content-type", "link")
"""What an answer means without the rest; a 304 need not repeat them."""
_VERSION = {"x-github-api-version": "2022-11-28"}
"""https://docs.github.com/en/rest/about-the-rest-api/api-versions: answers keep their form."""
_MISREAD = (ValueError, LookupError, ArithmeticError, OSError, TypeError, AttributeError)
"""What gidgethub raises for an answer that makes no sense: an unknown charset or status, a reset in the year 10^9."""


class Wire(GitHubAPI):
    """For one request, so that `status` and `headers` are those of its answer and of no other.

    gidgethub's own adapter wants httpx2, and its own cache would hold decoded answers without a bound.
    """

    def __init__(self, client: httpx.AsyncClient, base_url: str, etags: Etags, reader: Reader) -> None:
        super().__init__("quorum", base_url=base_url)
        self._client = client
        self._etags = etags
        self._reader = reader
        self.status = 0
        self.headers: Mapping[str, str] = {}

    async def ask(self, method: str, url: str, token: str, body: Any) -> Any:
        """What GitHub answers, decoded. Raises forge errors; a 401 is a `RefusedError` like other 4xx."""
        try:
            if method == "DELETE":
                return await self.delete(url, oauth_token=token)
            sent = {} if method == "GET" else {"data": body}
            do = self.getitem if method == "GET" else getattr(self, method.lower())
            answer = await do(url, oauth_token=token, **sent)
        except httpx.HTTPError as error:
            raise UnknownOutcomeError(f"{_told(method, url)}: {error!r}") from error
        except (gidgethub.GitHubException, *_MISREAD) as error:
            if not self.status:
                raise  # nothing was asked yet, so that this is a fault of our own
            raise error_for(_told(method, url), self.status, self.headers, str(error)) from error
        if self.status == httpx.codes.NO_CONTENT:
            return {}
        if not isinstance(answer, dict | list):
            raise UnknownOutcomeError(f"{_told(method, url)}: GitHub answered with something that is no JSON")
        return answer

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        held = self._etags.get(self._reader, url) if method == "GET" else None
        condition = {"if-none-match": held.etag} if held else {}
        response = await self._client.request(method, url, headers={**headers, **_VERSION, **condition}, content=body)
        self.status = response.status_code
        self.headers = {key.lower(): value for key, value in response.headers.items()}
        if held and self.status == httpx.codes.NOT_MODIFIED:
            self.status, self.headers = 200, {**self.headers, **held.headers}
            return self.status, self.headers, held.body
        if method == "GET" and self.status == httpx.codes.OK and "etag" in self.headers:
            kept = {name: self.headers[name] for name in _KEPT_HEADERS if name in self.headers}
            self._etags.put(self._reader, url, Held(self.headers["etag"], kept, response.content))
        return self.status, self.headers, response.content

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _told(method: str, url: str) -> str:
    """What was asked, without the query."""
    return f"{method} {httpx.URL(url).path}"
