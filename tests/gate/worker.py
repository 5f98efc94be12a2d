"""Quorum's worker, so slowly that anything can happen in between: deliveries, drives, deaths and sweeps, one by one.

Runs are claimed and driven by the real engine. A drive goes on until the moments that it was given are used up, a
moment being before or after each request to GitHub; there it waits, and can be given more, or killed.
"""

import asyncio
import json
import time
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gate_stage import PACE, GateStage, Pace
from sqlalchemy import select, update

from app.jobs.deliver import deliver
from app.jobs.sweep import poll_github
from app.policy.own_app import App
from app.runs.drive import Workflows, drive
from app.runs.lease import claim
from app.runs.run import Run
from app.runs.state import RunState
from app.store import inbox
from app.store.inbox import Delivery
from app.store.tables import runs
from app.store.work import work
from app.wiring import Services
from app.workflows import CLEAN_UPS, WORKFLOWS

Json = dict[str, Any]
BEGUN: ContextVar[datetime] = ContextVar("BEGUN")
_LEASE_S = 3600.0
_AT_ONCE = 3
_ROUNDS = 40
_WORKFLOWS = Workflows(WORKFLOWS, CLEAN_UPS)


@dataclass
class _Flight:
    run: Run
    task: asyncio.Task[None]
    pace: Pace


class Worker:
    """`since`: when the run that goes on in this context was claimed first, by GitHub's clock."""

    def __init__(self, stage: GateStage, services: Services) -> None:
        self._stage = stage
        self._services = services
        self._database = services.database
        self._app = App(stage.app.id, stage.app.slug)
        self._flights: list[_Flight] = []
        self._begun: dict[str, datetime] = {}

    def since(self) -> datetime:
        return BEGUN.get()

    async def hear(self, guid: str, event: str, payload: Json) -> None:
        """A webhook comes in; one that came before is known by its id."""
        async with work(self._database) as db:
            await inbox.accept(db, Delivery(guid, event, json.dumps(payload).encode(), time.time()))
        await deliver(self._database, self._app, guid)

    async def go_on(self, moments: float, newest: bool) -> None:
        """Give a drive so many moments: one that waits, or that of a run which is claimed now."""
        flight = await self._begin() if newest or not self._flights else self._flights[0]
        if flight is not None:
            await self._fly(flight, moments)

    async def finish(self) -> None:
        """Drive until nothing is due or asleep. Runs that sleep are woken: their time has come."""
        for _ in range(_ROUNDS):
            await self._drive_all()
            if not await self._wake():
                return
        raise AssertionError(f"the runs do not come to rest: {await self._open()}")

    async def die(self) -> None:
        """The process ends wherever it is; its leases run out."""
        dead, self._flights = self._flights, []
        for flight in dead:
            flight.task.cancel()
        await asyncio.gather(*(flight.task for flight in dead), return_exceptions=True)
        ids = [flight.run.id for flight in dead]
        async with work(self._database) as db:
            await db.execute(update(runs).where(runs.c.id.in_(ids)).values(lease_until=0.0))

    async def sweep(self) -> None:
        await poll_github(self._database, self._services.forge, self._app)

    async def _drive_all(self) -> None:
        while True:
            for flight in list(self._flights):
                await self._fly(flight, float("inf"))
            flight = await self._begin()
            if flight is None:
                return
            await self._fly(flight, float("inf"))

    async def _begin(self) -> _Flight | None:
        if len(self._flights) >= _AT_ONCE:
            return self._flights[-1]
        claimed = await claim(self._database, "worker", _LEASE_S, 1)
        if not claimed:
            return None
        pace, context = Pace(), copy_context()
        context.run(PACE.set, pace)
        context.run(BEGUN.set, self._begun.setdefault(claimed[0].id, self._stage.time))
        task = asyncio.get_running_loop().create_task(
            drive(self._database, claimed[0], _WORKFLOWS, self._services), context=context
        )
        self._flights.append(_Flight(claimed[0], task, pace))
        return self._flights[-1]

    async def _fly(self, flight: _Flight, moments: float) -> None:
        flight.pace.allow(moments)
        parked = asyncio.create_task(flight.pace.parked.wait())
        await asyncio.wait({flight.task, parked}, return_when=asyncio.FIRST_COMPLETED)
        parked.cancel()
        await asyncio.gather(parked, return_exceptions=True)
        if flight.task.done():
            self._flights.remove(flight)
            flight.task.result()

    async def _wake(self) -> bool:
        """Whether any run slept."""
        async with work(self._database) as db:
            waiting = runs.c.state == RunState.WAITING
            return bool((await db.execute(update(runs).where(waiting).values(wake_at=0.0))).rowcount)

    async def _open(self) -> list[tuple[str, int, str]]:
        async with self._database.connect() as db:
            found = (await db.execute(select(runs).where(runs.c.finished_at.is_(None)))).all()
        return [(row.workflow, row.number, row.waits_for) for row in found]
