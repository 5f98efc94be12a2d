"""The model as a run sees it: within the budgets of the run and of the month, each call on record."""

import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.llm.budget import Metered, Stand, Taken, room_for
from app.llm.codec import dump_reply, load_reply
from app.llm.messages import Model, Reply, Request, Usage
from app.policy.values import MicroUsd
from app.runs.closing import write_at_end, write_what_waits
from app.runs.engine import Context
from app.runs.journal import write_ends
from app.store import answers, purses
from app.store.work import work, work_at_once
from app.wiring import Services
from app.workflows.answered import digest_of, may_be_kept
from app.workflows.family import PART, family_of
from app.workflows.wishes import budget_within


def metered(ctx: Context, services: Services, limit: MicroUsd) -> Model:
    """`limit`: the policy's. What a person wished for this issue can make it less, also while the run is under way.

    The runs that build the parts of one issue spend from the same budget.
    """
    return Metered(services.model, _RunsPurse(ctx, services, limit))


class _RunsPurse:
    """A `Purse` in the database, so that all workers keep a budget together."""

    def __init__(self, ctx: Context, services: Services, limit: MicroUsd) -> None:
        self._ctx = ctx
        self._services = services
        self._limit = limit

    async def known(self, request: Request) -> Reply | None:
        """At no cost, and on record all the same: who answered in which role is asked later."""
        run = self._ctx.run
        if run.fence <= 1:
            return None  # nobody worked on it before
        async with work(self._services.database) as db:
            if not await answers.is_any(db, run.repo.installation_id):
                return None
            found = await answers.find(db, self._digest(request), run.repo.installation_id)
            if found is None:
                return None
            reply = replace(load_reply(found), usage=Usage(), cost=MicroUsd(0))
            await purses.note_known(db, run.id, run.repo.id, request.role, reply.model)
        return reply

    def _digest(self, request: Request) -> str:
        return digest_of(self._ctx.run, self._services.settings.table, request)

    async def take(self, request: Request) -> Taken | None:
        run, most = self._ctx.run, self._services.most(request)
        call = f"{self._ctx.run.fence}-{uuid.uuid4().hex}"
        begun, ends = self._ctx.begun(PART), self._ctx.put_off

        async def within(db: purses.Db) -> Taken | None:
            await purses.alone(db)
            await write_ends(db, run, ends)
            await write_what_waits(db)
            wished = await budget_within(db, run, self._limit)
            stands = [
                Stand(wished, *await self._stands(db, run_ids=await family_of(db, run, begun))),
                *await self._of_month(db),
            ]
            room = room_for(most, stands)
            if room is None:
                return None
            await purses.take(db, run.id, call, run.repo.id, request.role, most)
            return Taken(call, room)

        taken = await work_at_once(self._services.database, within)
        self._ctx.wrote(ends)
        return taken

    async def _stands(self, db: purses.Db, **of: Any) -> tuple[MicroUsd, MicroUsd]:
        """Calls of this run that were made before it was claimed as it is now have nobody who waits for them."""
        run = self._ctx.run
        return await purses.stand(db, **of, gone=(run.id, f"{run.fence}-"))

    async def _of_month(self, db: purses.Db) -> list[Stand]:
        settings, run = self._services.settings, self._ctx.run
        since = month_of(time.time())
        stands = []
        if settings.budget_usd_month is not None:
            limit = MicroUsd(round(settings.budget_usd_month * 1_000_000))
            name, remedy = "this month's budget of all repositories", _ask_for("QUORUM_BUDGET_USD_MONTH")
            stands.append(Stand(limit, *await self._stands(db, since=since), name, remedy))
        if settings.repo_budget_usd_month is not None:
            limit = MicroUsd(round(settings.repo_budget_usd_month * 1_000_000))
            found = await self._stands(db, since=since, repo_id=run.repo.id)
            name, remedy = "this repository's budget of the month", _ask_for("QUORUM_REPO_BUDGET_USD_MONTH")
            stands.append(Stand(limit, *found, name, remedy))
        return stands

    async def settle(self, call: str, request: Request, reply: Reply) -> None:
        tokens = {
            "input": reply.usage.input,
            "cache_read": reply.usage.cache_read,
            "cache_write": reply.usage.cache_write,
            "output": reply.usage.output,
            "cost": reply.cost,
        }

        async def write(db: purses.Db) -> None:
            # A call that a crash cut off and that is made again has cost twice, and counts twice. One that was
            # answered is not made again: the journal has it along with its price.
            await purses.settle(db, self._ctx.run.id, call, reply.model, tokens)

        async def keep(db: purses.Db) -> None:
            if may_be_kept(request, reply):
                installation_id = self._ctx.run.repo.installation_id
                await answers.keep(db, self._digest(request), installation_id, dump_reply(reply))

        await write_at_end(self._services.database, write, keep)

    async def give_back(self, call: str) -> None:
        async with work(self._services.database) as db:
            await purses.give_back(db, self._ctx.run.id, call)

    def cut_off(self, call: str) -> None:
        """Its row stays, and counts as spent once its run is claimed anew, or nobody can wait for it any more."""


def month_of(at: float) -> float:
    """When the month of a moment began, in UTC; both in seconds since 1970."""
    return datetime.fromtimestamp(at, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


def _ask_for(variable: str) -> str:
    return f"it begins anew with the next month, and whoever runs Quorum sets {variable}"
