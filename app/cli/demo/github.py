"""A person's view of GitHub, over REST. The demo asks here, never in Quorum's own tables."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

_POLL_S, _MOST_S = 0.15, 5.0
_PATIENCE = 50
"""The next look comes after this part of the time that was waited so far."""


class DemoError(ValueError):
    """The story did not go on. Says what was waited for and what was seen instead."""


class Person:
    """Somebody with a token. Methods return what GitHub answered; an unexpected status is an error."""

    def __init__(self, api_url: str, login: str, token: str) -> None:
        self.login = login
        self.token = token
        self._client = httpx.Client(
            base_url=api_url,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"},
            timeout=30.0,
            trust_env=False,
        )

    def call(self, method: str, path: str, body: Any = None, *, params: Mapping[str, Any] | None = None) -> Any:
        response = self.try_call(method, path, body, params=params)
        if response.is_error:
            raise DemoError(f"{self.login}: {method} {path} was answered {response.status_code}: {response.text[:500]}")
        return response.json() if response.content else None

    def try_call(
        self, method: str, path: str, body: Any = None, *, params: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        return self._client.request(method, path, json=body, params=params)

    def get(self, path: str, **params: Any) -> Any:
        return self.call("GET", path, params=params)

    def close(self) -> None:
        self._client.close()


def wait_until(what: str, look: Callable[[], Any], *, timeout_s: float, alive: Callable[[], None]) -> Any:
    """Look until something truthy is seen and return it. `alive` raises when the thing waited for cannot come."""
    began = time.monotonic()
    while True:
        seen = look()
        if seen:
            return seen
        alive()
        waited_s = time.monotonic() - began
        if waited_s > timeout_s:
            raise DemoError(f"{what} did not happen within {timeout_s:.0f} s")
        time.sleep(pause_s(waited_s))


def pause_s(waited_s: float) -> float:
    """Seconds until the next look: a real model takes an hour, and 5,000 requests are all that a user has in one.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    return min(_MOST_S, max(_POLL_S, waited_s / _PATIENCE))
