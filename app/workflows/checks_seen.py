"""What the checks of others say of an own pull request's head, and whose fault each one that fails is."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.forge.ci import Evidence, hours_ago, read_checks, read_evidence
from app.forge.git import changed_paths, merge_base
from app.forge.permissions import READ
from app.forge.read import PullFacts
from app.policy.ci import Check, Judged, failing, judge, names_any, newest, of_others, under_way
from app.policy.tend_requests import amend_key
from app.runs.engine import Context
from app.store import looks
from app.store.tended import Attempt, Origin, attempts_of, commits_of, steps_like
from app.wiring import Services

RERUN = "rerun-"
TELL = "checks-told"
_MOST = 5
"""Checks that are looked into; where more fail, they fail for one reason or nobody could repair them at once."""
_HANGS_H = 1.0
"""A check that has been going for longer is not waited for."""
_EXCERPT_CHARS = 1_500


@dataclass(frozen=True)
class Seen:
    """A check that fails. `run` and `attempt` of its workflow, 0 for none; `rerun`: we had it run again."""

    judged: Judged
    excerpt: str
    run: int = 0
    attempt: int = 0
    rerun: bool = False


@dataclass(frozen=True)
class ChecksLook:
    """`waits`: more may fail soon. `told`: there is a comment of ours about checks. `more`: how many were left out.

    `ended`: how many checks of others have come to their end on this head.
    """

    failed: tuple[Seen, ...]
    attempts: tuple[Attempt, ...]
    waits: bool
    told: bool
    base: str = ""
    more: int = 0
    ended: int = 0


async def look_at_checks(ctx: Context, services: Services, pull: PullFacts, origin: Origin) -> ChecksLook:
    """Read everything that the next move depends on. The base is asked only where something fails."""
    gh, repo = services.forge.on(ctx.run.repo, READ), ctx.run.repo
    here = of_others(await read_checks(gh, pull.head_sha), services.forge.app_id)
    found = failing(here)
    waits = bool(found) and bool(under_way(here, hours_ago(_HANGS_H)))
    since = await began_at(services, repo.id, pull, origin)
    async with services.database.connect() as db:
        tried = await attempts_of(db, repo.id, pull.number, amend_key(repo, pull.number, "checks"), since)
        told = bool(await steps_like(db, repo.id, pull.number, TELL))
        again = await steps_like(db, repo.id, pull.number, f"{RERUN}{pull.head_sha[:12]}-")
    if not found or waits:
        ended = sum(each.conclusion is not None for each in newest(here))
        return ChecksLook((), tuple(tried), waits, told, ended=ended)
    failed, base = await _judge(ctx, services, pull, here, found[:_MOST])
    reruns = {int(name.rpartition("-")[2]) for name, receipt in again.items() if receipt == {"rerun": True}}
    seen = tuple(
        Seen(judged, evidence.printed[-_EXCERPT_CHARS:], evidence.run, evidence.attempt, evidence.run in reruns)
        for judged, evidence in failed
    )
    return ChecksLook(seen, tuple(tried), False, told, base, len(found) - len(seen))


async def _judge(
    ctx: Context, services: Services, pull: PullFacts, here: Sequence[Check], found: Sequence[Check]
) -> tuple[list[tuple[Judged, Evidence]], str]:
    """Held against where the change begins and against the base as it is now: a check may run on both merged."""
    gh, mirror = services.forge.on(ctx.run.repo, READ), services.mirrors.path(ctx.run.repo)
    tip = await services.mirrors.fetch(ctx.run.repo, f"refs/heads/{pull.base_ref}")
    head = await services.mirrors.fetch(ctx.run.repo, f"refs/pull/{pull.number}/head")
    start = await merge_base(mirror, tip, head)
    paths = await changed_paths(mirror, start, head)
    told = [of_others(await read_checks(gh, sha), services.forge.app_id) for sha in dict.fromkeys((start, tip))]
    judged = []
    for check in found:
        evidence = await read_evidence(gh, check)
        named = names_any(evidence.printed, paths)
        judged.append((judge(check, here, told, named=named), evidence))
    return judged, tip


async def began_at(services: Services, repo_id: int, pull: PullFacts, origin: Origin) -> float:
    """When the line of heads began that nobody but us has added to: a person's push is a new beginning."""
    async with services.database.connect() as db:
        heads = await looks.heads_of(db, repo_id, pull.number)
        ours = await commits_of(db, repo_id, [origin.issue, pull.number])
    return max((each.at for each in heads if each.head_sha not in ours), default=0.0)
