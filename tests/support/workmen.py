"""Who works on an issue in a story: agents that do what they were told to, and a box that only counts seconds."""

import asyncio
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.llm.messages import Reply, Request
from app.sandbox.box import Limits, Result
from tests.support.opinions import Opinions

Call = tuple[str, dict[str, Any]]


class Workmen(Opinions):
    """Reviewers have their opinions; others make these calls, one a turn, by the first word of their steps' role.

    `told`: what each of them was told at first, by role. `heard`: what they were told last, each turn.
    `meanwhile_reviewing`: happens whenever a reviewer is asked; `meanwhile` happens once.
    """

    def __init__(self, calls: Mapping[str, Sequence[Call]]) -> None:
        super().__init__("workmen-1")
        self.calls = dict(calls)
        self.told: dict[str, str] = {}
        self.heard: list[str] = []
        self.meanwhile_reviewing: Callable[[], object] = lambda: None

    async def reply(self, request: Request) -> Reply:
        if request.role not in self.calls:
            self.meanwhile_reviewing()
            return await super().reply(request)
        turn = sum(message.role == "assistant" for message in request.messages)
        self.told.setdefault(request.role, request.shared + request.part + repr(request.messages[0].content))
        self.heard.append(repr(request.messages[-1].content))
        self.asked.append(request.role)
        return self._call(*self.calls[request.role][turn])


class SecondsBox:
    """Runs what the tools run, in the tree and without isolation; what a story measures is not run but looked up.

    `seconds`: from whether the file is there that the change adds, how long the measured command takes.
    """

    def __init__(self, measured: str, seconds: Callable[[bool], float], added: str) -> None:
        self.measured, self.seconds, self.added = measured, seconds, added
        self.runs: list[bool] = []

    async def run(self, argv: Sequence[str], *, worktree: Path, limits: Limits, stdin: bytes = b"", **_: Any) -> Result:
        del limits
        if list(argv) == ["sh", "-c", self.measured]:
            changed = "fast" in (worktree / self.added).read_text()
            self.runs.append(changed)
            return Result(0, "", seconds=self.seconds(changed))
        words = {"input": stdin, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = await asyncio.to_thread(subprocess.run, argv, cwd=worktree, check=False, **words)
        return Result(done.returncode, done.stdout.decode())
