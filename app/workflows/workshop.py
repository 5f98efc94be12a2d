"""A run's work tree. The journal knows which tree it holds, so any machine can lay it out again and go on."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from app.policy.values import JsonValue
from app.runs.engine import Context
from app.runs.run import Run
from app.sandbox import worktree
from app.sandbox.removal import remove_tree
from app.wiring import Services

_INTERRUPTED = (
    "The command was interrupted and what it did was undone: the files are as they were before it. "
    "Run it again if it is still wanted."
)


class Workshop:
    """The directory in which one run's commands work, at `tree`, laid out when it is first needed.

    Each drive of a run has its own: one that lost its lease may go on for a moment, and must not touch the next one's.
    """

    @classmethod
    def of(cls, services: Services, run: Run, treeish: str) -> "Workshop":
        return cls(services.mirrors.path(run.repo), services.worktrees / run.id / str(run.fence), treeish)

    def __init__(self, mirror: Path, directory: Path, treeish: str) -> None:
        self.mirror = mirror
        self.directory = directory
        self.tree = treeish
        self._laid_out = False

    async def lay_out(self) -> Path:
        """Make the directory hold exactly `tree`; after the first time in this process, trust what is there."""
        if not self._laid_out:
            await asyncio.to_thread(self._make_room)
            await worktree.checkout(self.mirror, self.tree, self.directory)
            self._laid_out = True
        return self.directory

    async def snapshot(self) -> str:
        self.tree = await worktree.snapshot(self.mirror, self.directory, self.tree)
        return self.tree

    async def put_back(self) -> None:
        """Undo whatever an interrupted command left behind."""
        self._laid_out = False
        await self.lay_out()

    async def remove(self) -> None:
        await asyncio.to_thread(remove_tree, self.directory)
        with suppress(OSError):
            self.directory.parent.rmdir()

    def beside(self, treeish: str) -> "Workshop":
        """Another tree of the same drive."""
        return Workshop(self.mirror, self.directory.with_name(f"{self.directory.name}-beside"), treeish)

    def _make_room(self) -> None:
        """Take away what is there, and what earlier drives that were killed have left."""
        for left in self.directory.parent.glob("*"):
            if left == self.directory or _drive(left) < _drive(self.directory):
                remove_tree(left)


def _drive(directory: Path) -> int:
    """The fence under which it was laid out."""
    return int(directory.name.removesuffix("-beside"))


_READING = (".read_file", ".search")
"""Tools that see the tree read-only, so that it need not be stored after them."""


class WorkshopSteps:
    """`agents.Steps` over the journal of a run: each tool call is stored with the tree that it left."""

    def __init__(self, ctx: Context, workshop: Workshop) -> None:
        self._ctx = ctx
        self._workshop = workshop

    async def step(self, name: str, do: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        if ".tool-" not in name:
            return await self._ctx.step(name, do)
        if name.endswith(_READING):
            return await self._ctx.step(name, lambda: self._read(do))

        async def call() -> JsonValue:
            await self._workshop.lay_out()
            value = await do()
            return {"value": value, "tree": await self._workshop.snapshot()}

        async def again() -> JsonValue:
            """A command is never run again blindly: it may be what ended the worker. The other tools are harmless."""
            await self._workshop.put_back()
            if not name.endswith(".bash"):
                return await call()
            return {"value": {"text": _INTERRUPTED, "is_error": True}, "tree": self._workshop.tree}

        stored = await self._ctx.step(name, call, again=again)
        if not isinstance(stored, dict):
            raise TypeError(f"step {name} of run {self._ctx.run.id} holds {type(stored).__name__}, not a tool's result")
        self._workshop.tree = str(stored["tree"])
        return stored["value"]

    async def _read(self, do: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        await self._workshop.lay_out()
        return await do()
