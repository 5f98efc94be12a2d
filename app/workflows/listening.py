"""What people say to work that is under way, heard at its next step: words that steer it, and that it shall pause."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.listening import Hear, Said
from app.forge.notices import take_notice_off, with_notice
from app.forge.permissions import TALK
from app.policy.render import code
from app.policy.values import JsonValue
from app.runs.engine import Context
from app.store.instructions import Instruction
from app.store.work import look_at_once
from app.wiring import Services
from app.workflows.journalled import carry_out
from app.workflows.waiting import asleep
from app.workflows.wanted import insist_on_wish
from app.workflows.wishes import said_to

_HEARD = ("tell", "pause", "resume")


@dataclass(frozen=True)
class Heard:
    """`said`: for the agent, oldest first. `paused`: by what the work is paused now. `over`: pauses that have ended."""

    said: tuple[Said, ...]
    paused: Instruction | None
    over: tuple[Instruction, ...]


def listener(ctx: Context, services: Services) -> Hear:
    """For `run_agent`: what was said since the run was asked for. While it is paused the run sleeps."""

    async def hear(known: frozenset[str]) -> Sequence[Said]:
        heard = await heed_pause(ctx, services)
        return [each for each in heard.said if each.id not in known]

    return hear


async def heed_pause(ctx: Context, services: Services) -> Heard:
    """Sleep while the work is paused, and let its progress comment say by whom. Costs one look at the database."""
    looked_at = time.time()
    told = await look_at_once(services.database, lambda db: said_to(db, ctx.run, _HEARD, since=ctx.run.created_at))
    heard = sort_out(told)
    if heard.paused is not None or heard.over:
        await _show(ctx, services, heard)
    if heard.paused is not None:
        if ctx.run.workflow == "solve":
            await insist_on_wish(ctx, services, "while the work was paused")
        raise asleep(ctx, looked_at)
    return heard


def sort_out(told: Sequence[Instruction]) -> Heard:
    """The newest of `pause` and `resume` holds; what was told meanwhile is heard when the work goes on. Pure."""
    paused: Instruction | None = None
    over: list[Instruction] = []
    for each in told:
        if each.verb == "pause" and paused is None:
            paused = each
        elif each.verb == "resume" and paused is not None:
            over.append(paused)
            paused = None
    said = tuple(Said(each.id, f"{each.login}: {each.text}") for each in told if each.verb == "tell")
    return Heard(said, paused, tuple(over))


async def late_words(ctx: Context, services: Services) -> str:
    """A sentence on what nobody of this run has heard, as no agent took a turn any more; empty if all was heard."""
    async with services.database.connect() as db:
        told = await said_to(db, ctx.run, ("tell",), since=ctx.run.created_at)
    if not told:
        return ""
    heard = {id_ for name, step in (await ctx.journal()).items() if ".turn-" in name for id_ in _heard_in(step.value)}
    late = dict.fromkeys(code(each.login) for each in told if each.id not in heard)
    return f". What {', '.join(late)} told the work came after its last turn: say it in a review there" if late else ""


def _heard_in(turn: JsonValue) -> list[str]:
    """Ids of what was heard in a turn, as `app.agents.turn` journals them."""
    said = turn.get("said", []) if isinstance(turn, dict) else []
    return [str(each[0]) for each in said if isinstance(each, list) and each] if isinstance(said, list) else []


async def _show(ctx: Context, services: Services, heard: Heard) -> None:
    """A line in the progress comment while the work sleeps; each is put there and taken off once."""
    journal = await ctx.journal()
    if "progress" not in journal or journal["progress"].finished_at is None:
        return
    receipt = journal["progress"].value
    comment_id = int(str(receipt["id"])) if isinstance(receipt, dict) else 0
    talk = services.forge.on(ctx.run.repo, TALK)
    for each in heard.over:
        if f"paused-{each.id}" in journal:
            await carry_out(ctx, f"resumed-{each.id}", take_notice_off(talk, comment_id))
    if heard.paused is not None:
        words = f"Paused by {code(heard.paused.login)}; `@{services.forge.slug} resume` lets it go on."
        await carry_out(ctx, f"paused-{heard.paused.id}", with_notice(talk, comment_id, words))
