"""A client of the emulator that parses all that it is told with githubkit's models, and keeps which routes it met."""

from typing import Any

import httpx
from starlette.routing import Match, Route

from app.emulator.app import create_emulator
from app.emulator.state import World
from tests.contract.described import Operation, operations, parse, parse_webhook, shape

API = "/api/v3"


class Client:
    """Answers and webhooks come through here; one that GitHub's description does not allow raises."""

    def __init__(self, world: World) -> None:
        self.emulator = create_emulator(world)
        self.hooks = self.emulator.app.state.hooks
        self.met: set[tuple[str, str]] = set()
        self.heard: set[tuple[str, str]] = set()
        self._parsed = 0
        self._wire = httpx.AsyncClient(transport=httpx.ASGITransport(self.emulator), base_url=world.base_url)

    async def ask(self, method: str, path: str, token: str, body: Any = None, expect: int = 200) -> Any:
        """The parsed JSON of an answer whose status is the expected one; None when it has no body."""
        answer = await self._wire.request(
            method, f"{API}{path}", json=body, headers={"authorization": f"Bearer {token}"}
        )
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text}"
        operation = self._operation(method, path)
        if answer.content:
            _check(operation, answer)
        self._parse_webhooks()
        return answer.json() if answer.content else None

    async def graphql(self, token: str, query: Any) -> Any:
        """GraphQL answers with 200 always; what it answers is described elsewhere."""
        answer = await self._wire.post("/api/graphql", json=query, headers={"authorization": f"Bearer {token}"})
        self._parse_webhooks()
        return answer.raise_for_status().json()["data"]

    async def control(self, what: str, body: Any) -> None:
        (await self._wire.put(f"/_emulator/{what}", json=body)).raise_for_status()
        self._parse_webhooks()

    def _operation(self, method: str, path: str) -> Operation:
        """What GitHub says of the route of the emulator that answers this."""
        scope = {"type": "http", "method": method, "path": API + path.split("?", maxsplit=1)[0]}
        route = next(each for each in routes(self) if each.matches(scope)[0] is Match.FULL)
        key = (method, described_shape(route))
        self.met.add(key)
        return operations()[key]

    def _parse_webhooks(self) -> None:
        for delivery in self.hooks.deliveries[self._parsed :]:
            parse_webhook(delivery["event"], delivery["payload"])
            self.heard.add((delivery["event"], delivery["action"] or ""))
        self._parsed = len(self.hooks.deliveries)


def routes(client: Client) -> list[Route]:
    """The emulator's routes below the REST API."""
    return [each for each in client.emulator.app.routes if isinstance(each, Route) and each.path.startswith(API)]


def described_shape(route: Route) -> str:
    return shape(route.path.removeprefix(API))


def _check(operation: Operation, answer: httpx.Response) -> None:
    """What went well is parsed with the operation's model, a refusal with the one for its status, if there is one."""
    kind = operation.answer if answer.is_success else operation.errors.get(answer.status_code)
    if kind is not None:
        parse(kind, answer.json())
