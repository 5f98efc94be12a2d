"""Merging by itself, by the reviewed head only."""

import re
from dataclasses import dataclass

from app.forge import merges
from app.forge.effects import Effect
from app.forge.errors import RefusedError
from app.forge.git import is_replay, merge_base
from app.forge.permissions import PUBLISH, READ
from app.forge.queues import read_in_queue
from app.forge.read import read_pull
from app.policy.applying import applies
from app.policy.merging import after_refusal
from app.policy.values import Json, Sha
from app.policy.work_requests import recheck_request
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store import audit, looks
from app.store.decisions import decisions_of_head
from app.store.work import work
from app.wiring import Services
from app.workflows.deciding import judge
from app.workflows.gathering import Gathered, gather
from app.workflows.journalled import carry_out, journalled

_AGAIN = re.compile(r"merge-([0-9]+):")
_MOST_AGAIN = 3
"""A base branch that never stands still is left to the push that tells of it."""


@dataclass(frozen=True)
class Wish:
    """To merge a pull request at this head. `method` empty: the policy does not want it."""

    head: Sha
    node_id: str
    method: str


class _OverError(Exception):
    """It is no longer approved, open and ready at this head."""


class _MovedError(Exception):
    """The same head is another change by now, since a part of what it holds has landed."""


async def merge_if_wanted(ctx: Context, services: Services, head: Sha, gathered: Gathered | None) -> None:
    """Merge what the gate has approved at `head`, where the policy in force says so, surely and not only perhaps.

    The head goes along, so that GitHub refuses if anything was pushed in between. `gathered` None: the run was cut off
    after the decision, and the facts are read again, unless the merge was begun: then it is looked for first.
    """
    if gathered is not None and not _wish(head, gathered).method:
        return
    wish = await journalled(ctx, "merge-wish", Wish, lambda: _wish_now(ctx, services, head, gathered))
    if not wish.method:
        return
    gh = services.forge.on(ctx.run.repo, PUBLISH)
    try:
        await _do(ctx, services, ("merge", "automerged"), wish, merges.merge(gh, ctx.run.number, head, wish.method))
    except RefusedError as error:
        await _after(ctx, services, wish, error)


def _wish(head: Sha, gathered: Gathered) -> Wish:
    wanted, pull = gathered.policy.automerge, gathered.pull
    ready = pull.state == "open" and not pull.draft and pull.head_sha == head
    if wanted is None or not ready or applies(wanted.applies_to, gathered.facts).holds is not True:
        return Wish(head, pull.node_id, "")
    return Wish(head, pull.node_id, wanted.method)


async def _wish_now(ctx: Context, services: Services, head: Sha, gathered: Gathered | None) -> Wish:
    if gathered is not None:
        return _wish(head, gathered)
    pull = await read_pull(services.forge.on(ctx.run.repo, READ), ctx.run.number)
    if pull.state != "open" or pull.head_sha != head:
        return Wish(head, pull.node_id, "")
    again = await gather(services, ctx.run.repo, pull)
    return _wish(head, again) if judge(again).status == "approved" else Wish(head, pull.node_id, "")


async def _do(ctx: Context, services: Services, named: tuple[str, str], wish: Wish, effect: Effect) -> None:
    """Carry it out if it still may be. `named`: the step, and the word for the audit log. Raises `RefusedError`."""

    async def do() -> Json:
        await _must_be_current(ctx, services, wish.head)
        return await effect.do()

    try:
        await carry_out(ctx, named[0], Effect(do, effect.find))
    except _OverError:
        return
    except _MovedError:
        await _look_again(ctx, services)
        return
    await _note(ctx, services, wish, named[1], "")


async def _must_be_current(ctx: Context, services: Services, head: Sha) -> None:
    """The run may have slept since it decided: the newest decision must be an approval of the head there is.

    And of the base there is: GitHub is told the head, but merges into whatever the base has become. If that holds a
    part of the head's own history now, the head may take some of it back, which no reviewer was shown.
    """
    repo, number = ctx.run.repo, ctx.run.number
    pull = await read_pull(services.forge.on(repo, READ), number)
    async with services.database.connect() as db:
        said = [each for each in await decisions_of_head(db, repo.id, head) if each.pull == number]
    approved = bool(said) and (said[-1].status, said[-1].base_ref) == ("approved", pull.base_ref)
    if pull.draft or pull.head_sha != head or not approved:
        raise _OverError
    mirror, tip = services.mirrors.path(repo), await services.mirrors.fetch(repo, f"refs/heads/{pull.base_ref}")
    then, now = [await merge_base(mirror, each, head) for each in (said[-1].base_sha, tip)]
    if not await is_replay(mirror, then, head, now, head):
        raise _MovedError


async def _after(ctx: Context, services: Services, wish: Wish, error: RefusedError) -> None:
    """What is missing comes with an event of its own, which wakes the gate again."""
    match after_refusal(error.status, str(error)):
        case "enqueue":
            await _enqueue(ctx, services, wish)
        case "look again":
            await _look_again(ctx, services)
        case _:
            await _note(ctx, services, wish, "automerge refused", str(error))


async def _enqueue(ctx: Context, services: Services, wish: Wish) -> None:
    """The base branch has a merge queue. What was taken out of it is put there again by a person or a new head."""
    repo, number, gh = ctx.run.repo, ctx.run.number, services.forge.on(ctx.run.repo, PUBLISH)
    state = await read_in_queue(gh, number)
    if state.added_at is not None and "enqueue" not in await ctx.journal():
        return
    async with services.database.connect() as db:
        seen_at = [each.at for each in await looks.heads_of(db, repo.id, number) if each.head_sha == wish.head]
    if state.removed_at is not None and seen_at and state.removed_at > seen_at[0]:
        await _note(ctx, services, wish, "automerge refused", "it was taken out of the merge queue at this head")
        return
    try:
        await _do(ctx, services, ("enqueue", "enqueued"), wish, merges.enqueue(gh, number, wish.node_id, wish.head))
    except RefusedError as error:
        await _note(ctx, services, wish, "automerge refused", str(error))


async def _look_again(ctx: Context, services: Services) -> None:
    """Head or base moved under the merge: what holds now is for another recheck to say."""
    found = _AGAIN.match(str(ctx.run.cause.get("cause", "")))
    tries = int(found[1]) if found else 0
    if tries < _MOST_AGAIN:
        request = recheck_request(ctx.run.repo, ctx.run.number, cause=f"merge-{tries + 1}:{ctx.run.id}")
        async with work(services.database) as db:
            await request_run(db, request)


async def _note(ctx: Context, services: Services, wish: Wish, action: str, reason: str) -> None:
    async def note() -> None:
        detail: Json = {"head": wish.head, "method": wish.method, "reason": reason}
        async with work(services.database) as db:
            await audit.append(db, "quorum", action, f"{ctx.run.repo.full_name}#{ctx.run.number}", detail)

    await ctx.step(f"noted-{action}", note)
