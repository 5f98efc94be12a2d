"""Drives runs in one process: claims what is due until its slots are full, and keeps their leases."""

import asyncio
from typing import Generic, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.runs.drive import Workflows, drive, release
from app.runs.lease import claim, renew
from app.runs.run import Run

S = TypeVar("S")
_BATCH = 32
log = structlog.get_logger()


class Driver(Generic[S]):
    """`wake` is the doorbell; between rings it looks every `poll_s` seconds for leases that ran out and wake-ups."""

    def __init__(
        self,
        engine: AsyncEngine,
        owner: str,
        workflows: Workflows[S],
        services: S,
        *,
        slots: int = 64,
        lease_s: float = 60.0,
        poll_s: float = 15.0,
    ) -> None:
        self._engine = engine
        self._owner = owner
        self._workflows = workflows
        self._services = services
        self._slots = slots
        self._lease_s = lease_s
        self._poll_s = poll_s
        self._bell = asyncio.Event()
        self._driving: dict[asyncio.Task[None], Run] = {}

    @property
    def in_progress(self) -> int:
        return len(self._driving)

    def wake(self) -> None:
        """Look for due runs now. Never blocks; to be called on the driver's loop."""
        self._bell.set()

    async def run_until(self, stop: asyncio.Event) -> None:
        """Drive until `stop` is set; then claim nothing more, put what is in progress back, and return."""
        keeper = asyncio.create_task(self._keep_leases(), name="leases")
        stopper = asyncio.create_task(self._ring_on(stop), name="stop")
        try:
            while not stop.is_set():
                self._bell.clear()
                await self._fill()
                try:
                    async with asyncio.timeout(self._poll_s):
                        await self._bell.wait()
                except TimeoutError:
                    continue
        finally:
            keeper.cancel()
            stopper.cancel()
            await asyncio.gather(keeper, stopper, return_exceptions=True)
            await self._put_back()

    async def _ring_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._bell.set()

    async def _fill(self) -> None:
        while (free := self._slots - len(self._driving)) > 0:
            try:
                claimed = await claim(self._engine, self._owner, self._lease_s, min(free, _BATCH))
            except Exception as error:
                # The database may be away for a while; the next ring or poll tries again.
                log.warning("nothing could be claimed", error=str(error))
                return
            if not claimed:
                return
            for run in claimed:
                task = asyncio.create_task(drive(self._engine, run, self._workflows, self._services), name=run.id)
                self._driving[task] = run
                task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        run = self._driving.pop(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The lease will run out, and the run will be taken up again.
            log.error("a drive broke off", run=run.id, exc_info=error)
        self._bell.set()

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease_s / 4)
            try:
                await renew(self._engine, self._owner, [run.id for run in self._driving.values()], self._lease_s)
            except Exception as error:
                # Fencing keeps a lost lease harmless, so trying again is all there is to do.
                log.warning("leases could not be renewed", error=str(error))

    async def _put_back(self) -> None:
        driving = dict(self._driving)
        for task in driving:
            task.cancel()
        await asyncio.gather(*driving, return_exceptions=True)
        for run in driving.values():
            await release(self._engine, run)
