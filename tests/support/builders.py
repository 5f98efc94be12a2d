"""A model that also plans, votes and writes, and a box that runs what it does: for stories of work on an issue."""

import asyncio
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.llm.messages import Reply, Request
from app.sandbox.box import Limits, Result
from tests.support.opinions import Opinions

Json = dict[str, Any]


def plan(summary: str = "Put the new thing beside the old one.", **more: Any) -> Json:
    given = {"steps": [f"In n.txt: {summary}"], "files": ["n.txt"], "risk": "low", "risk_reason": "Nobody uses it yet."}
    return {"summary": summary, **given, "lines": 10, "tested": "By reading it.", **more}


class Builders(Opinions):
    """`plans` by role, the last one for ever; `votes` by perspective, `vote` for all others.

    `writes`: from what the writer is told, the files that it adds, each with its text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.plans: dict[str, list[Json]] = {}
        self.votes: dict[str, Json] = {}
        self.vote: Json = {"plan": "A", "reason": "It is the smaller one."}
        self.writes: Callable[[str], dict[str, str]] = lambda _: {"n.txt": "new\n"}
        self.told: list[tuple[str, str]] = []
        self.shown: list[str] = []
        """What tools gave to those who write."""

    async def reply(self, request: Request) -> Reply:
        first = request.shared + request.part + repr(request.messages[0].content)
        turn = sum(message.role == "assistant" for message in request.messages)
        kind, _, who = request.role.partition(":")
        if turn == 0:
            self.told.append((request.role, first))
        if kind in {"planner", "planner-2"}:
            made = self.plans.get(kind, [])
            given = (made.pop(0) if len(made) > 1 else made[0]) if made else None
            return self._call("plan", given) if given else self._call("search", {"pattern": "nothing"})
        if kind == "voter":
            return self._call("vote", self.votes.get(who, self.vote))
        if kind in {"writer", "repairer"}:
            self.shown.append(repr(request.messages[-1].content))
            if self.meanwhile is not None:
                happens, self.meanwhile = self.meanwhile, None
                happens()
            files = list(self.writes(first).items())
            if turn < len(files):
                return self._call("edit", {"path": files[turn][0], "old": "", "new": files[turn][1]})
            return self._call("submit", {"title": "Add the new thing", "summary": "The new thing is there now."})
        return await super().reply(request)

    def told_to(self, role: str) -> list[str]:
        """The first words of every conversation with it."""
        return [text for each, text in self.told if each == role]


def parts(told: bytes, path: int, old: int) -> tuple[str, str, str]:
    """What the tool that edits is told: path, old and new text, by the first two's lengths in bytes."""
    return told[:path].decode(), told[path : path + old].decode(), told[path + old :].decode()


class OpenBox:
    """Runs what it is given in the tree, without any isolation: only what a test wrote itself."""

    async def run(self, argv: Sequence[str], *, worktree: Path, limits: Limits, stdin: bytes = b"", **_: Any) -> Result:
        del limits
        if argv[0] == "python3":
            return self._edit(worktree, *parts(stdin, *(int(each) for each in argv[-2:])))
        done = await asyncio.to_thread(
            subprocess.run,
            argv,
            cwd=worktree,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode())

    def _edit(self, worktree: Path, path: str, old: str, new: str) -> Result:
        """As the tool does it, which starts an interpreter for each; these stories only add to files."""
        assert not old
        with (worktree / path).open("a") as file:
            file.write(new)
        return Result(0, f"Added to the end of {path}.")
