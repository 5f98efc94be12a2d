"""What became of each finding, found out once its pull request is closed: mended, not wanted, or left as it was."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.forge.errors import NotFoundError, RefusedError
from app.forge.permissions import READ
from app.forge.read import PullFacts, read_pull
from app.forge.threads import read_threads
from app.forge.touched import Touch, what_became_of
from app.policy.applying import at_least
from app.policy.finding import key_of
from app.policy.records import Fate, theme_of
from app.policy.values import JsonValue, Sha
from app.runs.engine import Context
from app.store import outcomes, reviews, statements
from app.store.outcomes import Settled
from app.store.reviews import StoredFinding
from app.store.statements import NO_ADVICE, NOT_WANTED, Statement
from app.store.work import work
from app.wiring import Services
from app.workflows.journalled import journalled
from app.workflows.people import People
from app.workflows.remarks import match_threads
from app.workflows.stacked import close_offers

_COUNTED = frozenset({"published", "shared", "withdrawn"})


@dataclass(frozen=True)
class Refusals:
    """What people did not want: findings by their keys, and perspectives whose advice they had enough of."""

    keys: frozenset[str]
    perspectives: frozenset[str]


async def settle(ctx: Context, services: Services) -> None:
    """Settle the findings of `ctx.run.number`; ends quietly while it is open, as that is not its end."""
    repo, number, seen_at = ctx.run.repo, ctx.run.number, time.time()
    async with services.database.connect() as db:
        found = [each for each in await reviews.findings_of(db, repo.id, number) if each.state in _COUNTED]
        said = await statements.statements_of(db, repo.id, number)
    newest = newest_of(found)
    if not newest:
        return
    read = services.forge.on(repo, READ)
    try:
        pull = await journalled(ctx, "pull", PullFacts, lambda: read_pull(read, number))
    except NotFoundError:
        return
    if pull.state == "open":
        return
    await close_offers(ctx, services, number)
    mirror, head = services.mirrors.path(repo), await _fetch_head(ctx, services, pull)

    async def save() -> JsonValue:
        refused = refusals(said, await _refused_in_threads(ctx, services, pull, head, found))
        fates = counted([await _settled(mirror, head, each, refused) for each in newest], merged=pull.state == "merged")
        async with work(services.database) as db:
            await outcomes.keep_outcomes(db, repo.id, number, fates, seen_at=seen_at)
        return len(fates)

    await ctx.step("settled", save)


def newest_of(found: Sequence[StoredFinding]) -> list[StoredFinding]:
    """One of those that are the same, however often it was said: the newest. `found` is oldest first."""
    return list({(each.perspective, key_of(each.finding)): each for each in found}.values())


def refusals(said: Sequence[Statement], in_threads: frozenset[str]) -> Refusals:
    stands = [each for each in said if not each.withdrawn]
    return Refusals(
        keys=in_threads | {each.target for each in stands if each.kind in {"dismissal", NOT_WANTED}},
        perspectives=frozenset(each.target for each in stands if each.kind == NO_ADVICE),
    )


def fate_of(each: StoredFinding, touch: Touch | None, refused: Refusals) -> Fate:
    """A person's word about this finding comes first; that lines were changed since may have had any reason.

    `touch`: what became of its lines from where it was said last to the end, None where git cannot tell. For what
    blocks a change next to it is enough, as for resolving its thread.
    """
    blocks = each.finding.severity.blocks
    if each.state == "withdrawn":
        return "refuted"
    if key_of(each.finding) in refused.keys:
        return "dismissed"
    if touch == "changed" or (touch == "beside" and blocks):
        return "acted"
    return "dismissed" if not blocks and each.perspective in refused.perspectives else "left"


def counted(settled: Sequence[Settled], *, merged: bool) -> list[Settled]:
    """What was left alone says something where the change went in all the same, and else nothing of the advice.

    Anybody can open pull requests that are full of faults and close them again: a stranger could talk down what a
    perspective says here.
    """
    return [each for each in settled if merged or each.fate != "left"]


async def _settled(mirror: Path, head: Sha | None, each: StoredFinding, refused: Refusals) -> Settled:
    lines = (each.finding.start_line, each.finding.end_line)
    moved = head is not None and head != each.head_sha
    touch = await what_became_of(mirror, each.head_sha, head, each.finding.path, lines) if head and moved else None
    theme = theme_of(each.perspective, each.finding)
    return Settled(
        repo_id=each.repo_id,
        pull=each.pull,
        perspective=each.perspective,
        key=key_of(each.finding),
        category=theme.category,
        area=theme.area,
        blocks=each.finding.severity.blocks,
        fate=fate_of(each, touch, refused),
    )


async def _fetch_head(ctx: Context, services: Services, pull: PullFacts) -> Sha | None:
    """The commit that the pull request ended with; None where GitHub does not show it any more."""

    async def fetch() -> str:
        try:
            return await services.mirrors.fetch(ctx.run.repo, f"refs/pull/{pull.number}/head")
        except (NotFoundError, RefusedError):
            return ""

    found = await journalled(ctx, "head", str, fetch)
    return Sha(found) if found else None


async def _refused_in_threads(
    ctx: Context, services: Services, pull: PullFacts, head: Sha | None, found: Sequence[StoredFinding]
) -> frozenset[str]:
    """Keys of what somebody who may write here did not want; none where GitHub does not show the threads."""
    read = services.forge.on(ctx.run.repo, READ)
    try:
        threads = await read_threads(read, pull.node_id)
    except (NotFoundError, RefusedError):
        return frozenset()
    remarks = await match_threads(services.mirrors.path(ctx.run.repo), head or pull.head_sha, threads, found)
    against: Mapping[str, set[str]] = {each.key: set() for each in remarks}
    for each in remarks:
        against[each.key] |= set(each.against)
    people = People(read, frozenset())
    refused = set()
    for key, logins in against.items():
        for login in logins:
            if at_least((await people.person(login)).permission or "none", "write"):
                refused.add(key)
    return frozenset(refused)
