"""Closing merge groups again: what was approved may be vetoed while its group waits for other checks."""

from app.forge.permissions import READ
from app.forge.queues import read_queue_refs
from app.policy.values import Json
from app.policy.work_requests import group_request
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store.decisions import decisions_of_head
from app.store.work import work
from app.wiring import Services
from app.workflows.gathering import Gathered


async def judge_groups_again(ctx: Context, services: Services, gathered: Gathered) -> None:
    """For a pull request that is not approved: if it was, all groups of its base's queue are looked at once more.

    Which of them it is in need not be known: where nothing changes nothing is written.
    """
    repo, pull = ctx.run.repo, gathered.pull
    async with services.database.connect() as db:
        said = [each for each in await decisions_of_head(db, repo.id, pull.head_sha) if each.pull == pull.number]
    if not said or said[-1].status != "approved":
        return
    refs = [each for each in await read_queue_refs(services.forge.on(repo, READ)) if each[0].base == pull.base_ref]
    async with work(services.database) as db:
        for ref, head in refs:
            cause: Json = {"event": "run", "cause": f"#{pull.number} is not approved any more"}
            await request_run(db, group_request(repo, ref, head, cause, again=ctx.run.id))
