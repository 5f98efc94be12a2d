"""A forge whose wire is played by respx: no socket, no sleep."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace

import httpx
import pytest
import respx

from app.forge.api import Forge, GitHub
from app.forge.permissions import READ, Permissions
from app.forge.tokens import Tokens
from app.policy.values import Repo
from app.settings import Settings

API = "https://api.github.com"


@dataclass
class Wired:
    """`router` answers what the forge asks; every mint gives another token, `mints` in all."""

    forge: Forge
    router: respx.Router
    minting: respx.Route

    def on(self, installation_id: int = 7, permissions: Permissions = READ) -> GitHub:
        return self.forge.on(Repo(installation_id, 42, "mona", "engine"), permissions)

    def answers(self, method: str, path: str, *answers: httpx.Response | Exception) -> respx.Route:
        """`path` is below the repository. The last answer is given for ever."""
        route = self.router.request(method, url__startswith=f"{API}/repositories/42/{path}")
        return self.answers_on(route, *answers)

    @staticmethod
    def answers_on(route: respx.Route, *answers: httpx.Response | Exception) -> respx.Route:
        left = list(answers)

        def answer(_request: httpx.Request) -> httpx.Response:
            one = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(one, Exception):
                raise one
            return httpx.Response(one.status_code, headers=one.headers, content=one.content)

        route.side_effect = answer
        return route

    @property
    def mints(self) -> int:
        return self.minting.call_count


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that the forge would have slept. Others in the process, such as a server in its thread, sleep on."""
    slept: list[float] = []

    async def nap(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("app.forge.api.asyncio", SimpleNamespace(sleep=nap))
    return slept


@pytest.fixture
def router() -> Iterator[respx.Router]:
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture
async def wired(router: respx.Router, naps: list[float], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wired]:
    monkeypatch.setattr(Tokens, "app_token", lambda _: "an.app.token")  # signing one takes longer than the test
    numbers = count(1)

    async def mint(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)  # others get their turn meanwhile, as they do on a real wire
        expires = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        return httpx.Response(201, json={"token": f"ghs_{next(numbers):040}", "expires_at": expires})

    minting = router.post(url__regex=rf"{API}/app/installations/\d+/access_tokens").mock(side_effect=mint)
    no_authorities = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading them takes longer than the test
    async with httpx.AsyncClient(trust_env=False, verify=no_authorities) as client:
        forge = Forge(Settings(app_id=5), client, "no key", write_gap_s=0)
        yield Wired(forge, router, minting)
