"""The model as a run sees it: within the run's budget, each call on record."""

import uuid

from app.llm.gateway import Metered
from app.llm.messages import Model, Reply, Request
from app.policy.values import MicroUsd
from app.runs.engine import Context
from app.store import usage
from app.store.work import work
from app.wiring import Services


def metered(ctx: Context, services: Services, limit: MicroUsd) -> Model:
    async def spent() -> MicroUsd:
        async with services.database.connect() as db:
            return (await usage.totals(db, ctx.run.id)).cost

    async def record(request: Request, reply: Reply) -> None:
        tokens = {
            "input": reply.usage.input,
            "cache_read": reply.usage.cache_read,
            "cache_write": reply.usage.cache_write,
            "output": reply.usage.output,
            "cost": reply.cost,
        }
        async with work(services.database) as db:
            # A call that a crash cut off and that is made again has cost twice, and counts twice.
            await usage.record(db, ctx.run.id, uuid.uuid4().hex, ctx.run.repo.id, request.role, reply.model, tokens)

    return Metered(services.model, limit, spent, record)
