"""What GitHub does by itself after somebody changed something: queues go on, and what was waiting is merged."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.emulator import auto_merge, merge_queue
from app.emulator.auth import authenticate
from app.emulator.githttp import as_bearer
from app.emulator.http import GitHubError
from app.emulator.merge_groups import QUEUE
from app.emulator.state import Actor, World


class Automation:
    """ASGI middleware: whatever follows from a write has happened before its answer leaves.

    GitHub takes some seconds for that; here nobody has to wait or to guess whether there is more to come.
    """

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app, self.world = app, world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, keep)
        await settle(self.world, _who(self.world, Headers(scope=scope).get("authorization", "")))
        for message in messages:
            await send(message)


async def settle(world: World, actor: Actor) -> None:
    """`actor`: who changed something."""
    for repository in list(world.repositories.values()):
        if any(repository.queues.values()) or auto_merge.waiting(repository):
            async with repository.lock:
                await auto_merge.settle(world, repository, actor)
                await merge_queue.settle(world, repository, actor)


def _who(world: World, authorization: str) -> Actor:
    """GitHub itself, when nobody said who they are, as at the emulator's own controls."""
    try:
        return authenticate(world, as_bearer(authorization) or authorization)
    except GitHubError:
        return QUEUE
