"""The gate on a merge group: each pull request in it is judged as it stands now, and nothing else may be in it.

Nothing is reviewed here: a queue gives a check minutes. https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
"""

import time
from dataclasses import dataclass, replace

from app.forge.check_effects import CheckRun
from app.forge.clean import clean_markdown
from app.forge.errors import ForgeError, NotFoundError, RateLimitedError
from app.forge.git import changed_paths
from app.forge.permissions import CHECKS, READ
from app.forge.read import read_pull
from app.gitcmd import GitError
from app.policy.checks import GATE_CHECK, external_id
from app.policy.codeowners import PATHS
from app.policy.config import makes_policy
from app.policy.decision import Decision
from app.policy.queue import Member, Stray, after_others, briefly, decide_group, in_time, undecided
from app.policy.queue_refs import QueueRef, parse_queue_ref
from app.policy.render import render_decision
from app.policy.values import Json, Repo, Sha
from app.runs.engine import Context
from app.runs.errors import RunEndingError, Suspended
from app.runs.state import RunState
from app.store import audit, looks
from app.store.work import work
from app.wiring import Services
from app.workflows.deciding import judge, keep_of_group
from app.workflows.gate_check import announce, is_completed, write_gate
from app.workflows.gathering import Gathered, gather
from app.workflows.ground import Ground, find_ground
from app.workflows.journalled import journalled
from app.workflows.members import Found, Line, find_members

_KIND = "group"
_LOOKS, _PAUSE_S = 3, 5.0
_GONE_S = 30.0
"""How long a new branch of the queue may take to be shown."""
_A_HEAD = "a pull request has it as its head; a queue makes commits of its own"


@dataclass(frozen=True)
class Judged:
    """A member with the facts behind it; `gathered` None: it is merged already, as GitHub shows it."""

    member: Member
    gathered: Gathered | None


async def group(ctx: Context, services: Services) -> None:
    """Write `quorum/gate` on the commit of a merge group; what is not known for long is refused."""
    repo, head, ref = ctx.run.repo, ctx.run.head_sha, parse_queue_ref(str(ctx.run.cause.get("head_ref")))
    if head is None or ref is None:
        raise ValueError(f"run {ctx.run.id} names no merge group")
    if not await _is_for_us(services, repo, head, ref.number):
        return
    await announce(services, repo, head, ref.number, _KIND)
    since = await journalled(ctx, "since", float, _now)
    await _must_be_there(services, repo, ref, head, since)

    async def decide_and_write() -> Json:
        found = await _decide(services, repo, ref, head)
        waited_s = time.time() - since
        decision = after_others(in_time(found, waited_s), ref.number, waited_s)
        if found.status == "pending" != decision.status:
            await _note(services, repo, ref, head, decision)
        await _write(services, repo, ref.number, head, decision)
        if decision.status == "pending":
            raise Suspended("members of a merge group", time.time() + _PAUSE_S)
        return {"title": decision.title, "status": decision.status}

    async def find() -> Json | None:
        """As with a pull request's gate: writing again what is there costs nothing."""
        return None

    await ctx.effect("gate", decide_and_write, find)


async def settle_group(ctx: Context, services: Services, reason: str) -> None:
    """Leave no check in progress. One that is completed stays as it is: a group that was merged is taken away too."""
    if ctx.run.head_sha is None or await is_completed(services, ctx.run.repo, ctx.run.head_sha, ctx.run.number, _KIND):
        return
    if not await _is_for_us(services, ctx.run.repo, ctx.run.head_sha, ctx.run.number):
        return
    failed = ctx.run.ending == RunState.FAILED
    title, end = ("Not decided", "failure") if failed else ("No longer needed", "cancelled")
    key = external_id(ctx.run.number, _KIND)
    want = CheckRun(ctx.run.head_sha, GATE_CHECK, key, title, clean_markdown(reason), end)
    await write_gate(services, services.forge.on(ctx.run.repo, CHECKS), want, afresh=False)


async def _is_for_us(services: Services, repo: Repo, head: Sha, number: int) -> bool:
    """Whether the commit has a check as a group's, or may get one.

    Not if it is the head of a pull request: on a commit the newest check of a name counts, so that one as a group's
    would hide what is said of the pull request. Such a branch was not made by a queue.
    """
    async with services.database.connect() as db:
        known = await looks.gate_of(db, repo.id, head, external_id(number, _KIND))
    return known is not None or not await _is_a_head(services, repo, head)


async def _is_a_head(services: Services, repo: Repo, head: Sha) -> bool:
    async with services.database.connect() as db:
        return bool(await looks.pulls_with_head(db, repo.id, head))


async def _must_be_there(services: Services, repo: Repo, ref: QueueRef, head: Sha, since: float) -> None:
    """A group whose branch is gone, or is another commit by now, is over. The event may be early or late."""
    try:
        found = await services.mirrors.fetch(repo, ref.name)
    except NotFoundError:
        found = None
    if found == head:
        return
    if time.time() - since < _GONE_S:
        raise Suspended("the branch of a merge group", time.time() + _PAUSE_S)
    raise RunEndingError(RunState.CANCELLED, "the merge queue has taken this group away")


async def _decide(services: Services, repo: Repo, ref: QueueRef, head: Sha) -> Decision:
    """What cannot be read now is not known, and is tried again; limits are waited for by the engine."""
    try:
        return await _look(services, repo, ref, head)
    except RateLimitedError:
        raise
    except (ForgeError, GitError) as error:
        return undecided("not everything could be read", str(error))


async def _look(services: Services, repo: Repo, ref: QueueRef, head: Sha) -> Decision:
    """What is read holds still meanwhile, or is read again: queues move by themselves."""
    for _ in range(_LOOKS):
        decision = await _look_once(services, repo, ref, head)
        if decision is not None:
            return decision
    return undecided("the queue, or a pull request in it, moved while it was looked at")


async def _look_once(services: Services, repo: Repo, ref: QueueRef, head: Sha) -> Decision | None:
    if await _is_a_head(services, repo, head):
        return decide_group([], Stray(head, "", _A_HEAD))
    ground = await find_ground(services, repo, ref.base)
    line = await find_members(services, repo, ref, ground.base_sha, head)
    judged = [await _judge(services, repo, ground, found) for found in line.found]
    if not await _still(services, repo, ground, line):
        return None
    decision = decide_group([each.member for each in judged], line.stray)
    if decision.status != "pending":
        gathered = [each.gathered for each in judged if each.gathered is not None]
        await keep_of_group(services, repo, ref, head, ground, gathered, decision)
    return decision


async def _judge(services: Services, repo: Repo, ground: Ground, found: Found) -> Judged:
    """As its own check would, by the base branch's policy and owners; and by what members ahead make of these."""
    pull = found.pull
    if pull.state == "merged":
        return Judged(Member(pull.number, undecided("it is merged, and the base branch does not show it yet")), None)
    gathered = await gather(services, repo, pull, onto=ground)
    member = Member(pull.number, judge(gathered), draft=pull.draft)
    changed = await changed_paths(services.mirrors.path(repo), ground.base_sha, found.onto)
    if makes_policy(changed) or {*PATHS} & set(changed):  # what a base branch says about how changes to it are judged
        ahead = await find_ground(services, repo, pull.base_ref, known=found.onto)
        member = replace(member, ahead=judge(await gather(services, repo, pull, onto=ahead)))
    return Judged(member, gathered)


async def _still(services: Services, repo: Repo, ground: Ground, line: Line) -> bool:
    read = services.forge.on(repo, READ)
    if await services.mirrors.remote_ref(repo, f"refs/heads/{ground.base_ref}") != ground.base_sha:
        return False
    return all([await read_pull(read, each.pull.number) == each.pull for each in line.found])


async def _note(services: Services, repo: Repo, ref: QueueRef, head: Sha, decision: Decision) -> None:
    """A refusal for want of facts: there is nothing to put on record but that."""
    detail: Json = {"status": decision.status, "title": decision.title, "head": head, "base": ref.base}
    async with work(services.database) as db:
        await audit.append(db, "quorum", "gate decided", f"{repo.full_name}#{ref.number}", detail)


async def _write(services: Services, repo: Repo, number: int, head: Sha, decision: Decision) -> None:
    """Anything but a success is a failure: a queue waits for nobody."""
    ends = {"approved": "success", "pending": None}
    end = ends.get(decision.status, "failure")
    text = render_decision(briefly(decision))
    want = CheckRun(head, GATE_CHECK, external_id(number, _KIND), decision.title, text, end)
    await write_gate(services, services.forge.on(repo, CHECKS), want, afresh=False)


async def _now() -> float:
    return time.time()
