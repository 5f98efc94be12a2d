"""A model that does what it is told for each role, and a box that really runs commands."""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.llm.messages import Reply, Request
from app.policy.values import MicroUsd
from app.sandbox.box import Limits, Result
from tests.support.opinions import Opinions

Call = tuple[str, dict[str, Any]]
LOOK: Call = ("search", {"pattern": "nothing at all"})
ADD: Call = ("edit", {"path": "n.txt", "old": "", "new": "new\n"})
HAND_IN: Call = ("submit", {"title": "Add the new thing", "summary": "The new thing is there now."})


class Players(Opinions):
    """`plays`: what each role calls, turn by turn, the last for ever. `requests`: those of the roles that play.

    `at`: what happens once while this role is asked for the turn of that number, counted from 0.
    """

    def __init__(self, **plays: list[Call]) -> None:
        super().__init__()
        self.plays = plays
        self.requests: list[Request] = []
        self.cost = MicroUsd(0)
        self.at: dict[tuple[str, int], Callable[[], Awaitable[None]]] = {}

    async def reply(self, request: Request) -> Reply:
        turn = sum(message.role == "assistant" for message in request.messages)
        happens = self.at.pop((request.role, turn), None)
        if happens is not None:
            await happens()
        play = self.plays.get(request.role)
        if play is None:
            return await super().reply(request)
        self.requests.append(request)
        return replace(self._call(*play[min(turn, len(play) - 1)]), cost=self.cost)

    def told(self, role: str) -> list[str]:
        """What each request of a role held, oldest first."""
        return [repr(each.messages) for each in self.requests if each.role == role]


class OpenBox:
    """Runs commands of these tests in the tree, without isolation."""

    async def run(self, argv: Sequence[str], *, worktree: Path, limits: Limits, stdin: bytes = b"", **_: Any) -> Result:
        del limits
        options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "check": False}
        done = await asyncio.to_thread(subprocess.run, argv, cwd=worktree, input=stdin, **options)
        return Result(done.returncode, done.stdout.decode())
