"""A run's work tree. The journal knows which tree it holds, so any machine can lay it out again and go on."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from app.agents.tools.files import told
from app.policy.values import JsonValue
from app.runs.engine import Context
from app.runs.run import Run
from app.sandbox import worktree
from app.sandbox.box import Limits
from app.sandbox.prepared_box import is_apart
from app.sandbox.removal import remove_tree
from app.wiring import Services
from app.workflows.lasting import Left, watch

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
        directory = services.worktrees / run.id / str(run.fence)
        return cls(services.mirrors.path(run.repo), directory, treeish, shared=is_apart(services.box))

    def __init__(self, mirror: Path, directory: Path, treeish: str, *, shared: bool = False) -> None:
        self.mirror = mirror
        self.directory = directory
        self.tree = treeish
        self.worked_s = 0.0
        """What agents and tests took of the run's time so far, by the journal."""
        self.left = Left(directory)
        self._shared = shared
        self._laid_out = False
        self._memory: worktree.Memory | None = None

    async def lay_out(self) -> Path:
        """Make the directory hold exactly `tree`; after the first time in this process, trust what is there."""
        if not self._laid_out:
            self._memory = await asyncio.to_thread(self._make_room)
            await worktree.checkout(self.mirror, self.tree, self.directory, memory=self._memory, shared=self._shared)
            self._laid_out = True
        return self.directory

    async def snapshot(self) -> str:
        self.tree = await worktree.snapshot(
            self.mirror, self.directory, self.tree, memory=self._memory, shared=self._shared
        )
        return self.tree

    def begin_anew(self, treeish: str) -> None:
        """Go on from another tree than the one that the work has come to."""
        self.tree = treeish
        self._laid_out = False

    async def put_back(self) -> None:
        """Undo whatever an interrupted command left behind."""
        self._laid_out = False
        await self.lay_out()

    async def take_over(self, place: Path, tree: Path) -> None:
        """Go on in the tree of an earlier drive, where a command still works or has ended by now."""
        await asyncio.to_thread(self._take, place, tree)
        self._laid_out = True

    async def remove(self) -> None:
        """Unless a command goes on in it, for which the next drive will look."""
        if self.left.goes_on:
            return
        await asyncio.to_thread(self.left.clear)
        await asyncio.to_thread(remove_tree, self.directory)
        await asyncio.to_thread(remove_tree, self._beside_it)
        with suppress(OSError):
            self.directory.parent.rmdir()

    def beside(self, treeish: str) -> "Workshop":
        """Another tree of the same drive."""
        directory = self.directory.with_name(f"{self.directory.name}-beside")
        return Workshop(self.mirror, directory, treeish, shared=self._shared)

    @property
    def _beside_it(self) -> Path:
        """For what is kept of the tree and must not lie in it."""
        return self.directory.with_name(f"{self.directory.name}-kept")

    def _make_room(self) -> worktree.Memory:
        """Take away what is there, and what earlier drives that were killed have left."""
        for left in self.directory.parent.glob("[0-9]*"):
            if left in {self.directory, self._beside_it} or _drive(left) < _drive(self.directory):
                remove_tree(left)
        return self._forget()

    def _forget(self) -> worktree.Memory:
        """No memory of the tree's files yet."""
        remove_tree(self._beside_it)
        self._beside_it.mkdir(parents=True, mode=0o700)
        return worktree.Memory(self._beside_it / "index")

    def _take(self, place: Path, tree: Path) -> None:
        """What runs in a tree has it mounted, whatever its name."""
        remove_tree(self.directory)
        tree.rename(self.directory)
        remove_tree(tree.with_name(f"{tree.name}-kept"))
        self.left.take(place)
        self._memory = self._forget()


def _drive(directory: Path) -> int:
    """The fence under which it was laid out."""
    return int(directory.name.partition("-")[0])


_READING = (".read_file", ".search", ".list_files", ".answer", ".research")
"""Tools that see the tree read-only, so that it need not be stored after them."""


_SOON_DONE_AGAIN = (".read_file", ".search", ".list_files", ".edit")
"""Tools that take no time and give the same on the same tree: their ends may wait for the next turn."""


class WorkshopSteps:
    """`agents.Steps` over the journal of a run: each tool call is stored with the tree that it left."""

    def __init__(self, ctx: Context, workshop: Workshop) -> None:
        self._ctx = ctx
        self._workshop = workshop

    async def step(self, name: str, do: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        if ".tool-" not in name:
            return await self._ctx.step(name, do)
        if name.endswith(_READING):
            return await self._ctx.step(name, lambda: self._read(do), put_off=name.endswith(_SOON_DONE_AGAIN))

        async def call() -> JsonValue:
            await self._workshop.lay_out()
            self._workshop.left.step = name
            value = await do()
            return {"value": value, "tree": await self._workshop.snapshot()}

        async def again() -> JsonValue:
            """A command is never run again blindly: it may be what ended the worker."""
            found = await asyncio.to_thread(self._workshop.left.find, name)
            if found is not None:
                return await self._go_on(*found)
            await self._workshop.put_back()
            return {"value": {"text": _INTERRUPTED, "is_error": True}, "tree": self._workshop.tree}

        # The other tools are harmless, and each drive lays out the tree anew: that they were begun need not be known.
        never_blindly = again if name.endswith(".bash") else None
        stored = await self._ctx.step(name, call, again=never_blindly, put_off=name.endswith(_SOON_DONE_AGAIN))
        if not isinstance(stored, dict):
            raise TypeError(f"step {name} of run {self._ctx.run.id} holds {type(stored).__name__}, not a tool's result")
        tree = str(stored["tree"])
        if tree != self._workshop.tree:  # told by the journal, while an earlier state may be laid out
            self._workshop.begin_anew(tree)
        value = stored["value"]
        return {**value, "tree": self._workshop.tree} if isinstance(value, dict) else value

    async def _go_on(self, place: Path, tree: Path) -> JsonValue:
        """A command that was left by a drive that is gone."""
        await self._workshop.take_over(place, tree)
        result = await watch(self._ctx, place, self._workshop.directory, Limits(), self._workshop.left)
        value = replace(told(result), seconds=round(result.seconds, 3)).to_json()
        return {"value": value, "tree": await self._workshop.snapshot()}

    async def _read(self, do: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        await self._workshop.lay_out()
        return await do()


class ReadingSteps:
    """`agents.Steps` for several agents that only read, side by side: who needs the tree first lays it out."""

    def __init__(self, ctx: Context, workshop: Workshop) -> None:
        self._ctx = ctx
        self._workshop = workshop
        self._laying_out = asyncio.Lock()

    async def step(self, name: str, do: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        async def look() -> JsonValue:
            async with self._laying_out:
                await self._workshop.lay_out()
            return await do()

        put_off = name.endswith(_SOON_DONE_AGAIN)
        return await self._ctx.step(name, look if name.endswith(_READING) else do, put_off=put_off)
