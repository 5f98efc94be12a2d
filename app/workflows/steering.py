"""Words that steer the work on an issue, said there or in its pull request: kept once, and heard at its next step."""

import time
from dataclasses import dataclass
from datetime import datetime

from app.forge.permissions import READ
from app.forge.read import CommentFacts, read_default_branch
from app.policy.applying import at_least
from app.policy.commands import Command
from app.policy.config import POLICY_PATH, Policy
from app.policy.work_requests import recheck_request
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store import audit
from app.store.instructions import Instruction, instructions_of, keep_instruction
from app.store.work import work
from app.wiring import Services
from app.workflows.ground import find_ground
from app.workflows.solved import find_work, pulls_of_issue, set_priority, tell_work
from app.workflows.wishes import PRIORITIES

STEERS = frozenset({"go", "redo", "tell", "pause", "resume", "budget", "autonomy", "priority"})
RULED = frozenset({"budget", "autonomy"})
"""What maintainers decide."""
_LOWEST = 1
_NOBODY = (
    "Nothing is under way for #{issue}, so nobody heard that. Set the label `quorum` on it to have work begin, or "
    "write `@{slug} retry` there if it has the label."
)
_DONE = {
    "go": "The work on #{issue} hears it: it goes on if it waits for that.",
    "redo": "The work on #{issue} hears it: a plan that waits for an answer is made anew, with your reason.",
    "tell": "I passed your words on to the work on #{issue}; it hears them at its next step.",
    "pause": "The work on #{issue} pauses at its next step, until somebody writes `@{slug} resume`.",
    "resume": "The work on #{issue} goes on.",
}


@dataclass(frozen=True)
class Told:
    """Who said what in which comment, with which rights; `issue`: the one that it is about; `id`: the comment's."""

    command: Command
    comment: CommentFacts
    permission: str
    issue: int
    id: str


async def steer(ctx: Context, services: Services, told: Told) -> str:
    """Carry it out and say what was done; done again after a crash, it does and says the same."""
    command, slug = told.command, services.forge.slug
    if command.verb in RULED and not at_least(told.permission, "maintain"):
        return f"`{command.verb}` is for who maintains this repository or administers it; you have {told.permission}."
    if command.verb in {"budget", "autonomy", "priority"}:
        return await _wish(ctx, services, told)
    if command.verb in {"redo", "tell"} and not command.reason:
        how = "because …" if command.verb == "redo" else "…"
        return f"Say {'why' if command.verb == 'redo' else 'what'}: `@{slug} {command.verb} {how}`."
    if not await keep_told(ctx, services, told, command.verb, command.reason):
        return _NOBODY.format(issue=told.issue, slug=slug)
    return _DONE[command.verb].format(issue=told.issue, slug=slug)


async def keep_told(ctx: Context, services: Services, told: Told, verb: str, text: str) -> bool:
    """Keep a word for the work that is under way and wake it; False where nothing is: then nothing is kept."""
    repo = ctx.run.repo
    async with work(services.database) as db:
        known = await instructions_of(db, repo.id, told.issue, verbs=(verb,))
        if any(each.id == told.id for each in known):
            return True  # by an earlier try
        going_on = bool(await find_work(db, repo, told.issue))
        if going_on and await keep_instruction(db, _instruction(ctx, told, verb, text)):
            await audit.append(db, told.comment.author, f"command {verb}", repo.subject(told.issue), {"cause": told.id})
            await tell_work(db, repo, told.issue)
    return going_on


async def _wish(ctx: Context, services: Services, told: Told) -> str:
    """It holds for the issue, whether something is under way or not."""
    verb, value = told.command.verb, told.command.target
    if verb == "priority":
        refusal = "" if value else f"Say which: `@{services.forge.slug} priority high`, `normal` or `low`."
    else:
        refusal = refuse_wish(verb, value, await _policy(ctx, services), services.forge.slug)
    if refusal:
        return refusal
    repo = ctx.run.repo
    async with work(services.database) as db:
        if await keep_instruction(db, _instruction(ctx, told, verb, value)):
            detail = {"cause": told.id, "value": value}
            await audit.append(db, told.comment.author, f"command {verb}", repo.subject(told.issue), {**detail})
            await tell_work(db, repo, told.issue)
        for pull in await pulls_of_issue(db, repo, told.issue) if verb == "autonomy" else ():
            await request_run(db, recheck_request(repo, pull, cause=told.id))
        if verb == "priority":
            await set_priority(db, repo, told.issue, PRIORITIES[value])
    if verb == "budget":
        return f"A run for #{told.issue} may cost ${value} from now on; its next step goes by that."
    if verb == "autonomy":
        return (
            f"Autonomy {value} holds for #{told.issue}: for work on it that begins from now on, and for what the "
            "gate asks of its pull requests."
        )
    return f"The work on #{told.issue} has {value} priority now; it counts whenever it takes its turn."


def refuse_wish(verb: str, value: str, policy: Policy, slug: str) -> str:
    """Why a wish is not taken, or "". The policy is the ceiling: a comment may only ask for less. Pure."""
    ceiling = policy.budget_usd if verb == "budget" else policy.autonomy
    key = "budget_usd" if verb == "budget" else "autonomy"
    whole = verb == "autonomy"
    if not value or (whole and "." in value) or (number := float(value)) <= 0 or (whole and number < _LOWEST):
        what = "a whole number from 1" if whole else "US dollars, more than 0"
        return f"Say how much, in {what}: `@{slug} {verb} {ceiling}`; {ceiling} is the most that the policy allows."
    if number > ceiling:
        return (
            f"{value} is more than the policy allows: `{key}` is {ceiling}. Say at most that, or raise `{key}` in "
            f"`{POLICY_PATH}` by a pull request."
        )
    return ""


async def _policy(ctx: Context, services: Services) -> Policy:
    branch = await read_default_branch(services.forge.on(ctx.run.repo, READ))
    return (await find_ground(services, ctx.run.repo, branch)).in_force()


def _instruction(ctx: Context, told: Told, verb: str, text: str) -> Instruction:
    return Instruction(
        id=told.id,
        repo_id=ctx.run.repo.id,
        number=told.issue,
        verb=verb,
        login=told.comment.author,
        permission=told.permission,
        text=text,
        at=said_at(told.comment.created_at, time.time()),
    )


def said_at(created_at: str, now: float) -> float:
    """When it was said, in seconds since 1970. GitHub tells whole seconds: it was at the end of that one at the latest.

    So words that are heard of late, or in another order, still stand in the order in which they were said.
    """
    return min(now, datetime.fromisoformat(created_at).timestamp() + 1.0)
