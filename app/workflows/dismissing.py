"""A person's word that one piece of advice is not wanted: it is not given again, and counts in the record."""

from dataclasses import dataclass

from app.policy.finding import key_of
from app.policy.values import Sha
from app.runs.engine import Context
from app.store import reviews
from app.store.statements import NOT_WANTED, Statement
from app.store.work import work
from app.wiring import Services
from app.workflows.withdrawing import MIN_KEY, keep_unless_taken_back


@dataclass(frozen=True)
class Word:
    """What somebody who may write said, in which comment and when, in seconds since 1970; `key` may be cut."""

    id: str
    key: str
    login: str
    permission: str
    reason: str
    at: float


async def dismiss_advice(ctx: Context, services: Services, said: Word, head: Sha) -> str:
    """The answer; "" where no advice that was given on this pull request, or more than one, has that key."""
    repo, number = ctx.run.repo, ctx.run.number
    async with services.database.connect() as db:
        found = await reviews.findings_of(db, repo.id, number)
    advice = {
        key_of(each.finding): each.perspective
        for each in found
        if each.state == "published" and not each.finding.severity.blocks and key_of(each.finding).startswith(said.key)
    }
    if len(said.key) < MIN_KEY or len(advice) != 1:
        return ""
    ((key, perspective),) = advice.items()
    statement = Statement(
        id=said.id,
        repo_id=repo.id,
        pull=number,
        kind=NOT_WANTED,
        target=key,
        login=said.login,
        permission=said.permission,
        reason=said.reason,
        head_sha=head,
        fingerprint="",
        at=said.at,
    )
    async with work(services.database) as db:
        await keep_unless_taken_back(db, repo.subject(number), statement)
    back = f"`@{services.forge.slug} withdraw {key[:8]}` in the conversation takes that back"
    return (
        f"Not wanted: advice {key[:8]} of {perspective} is not given again on this pull request, and counts as "
        f"dismissed in its record; {back}. If the same is ever found to block, it blocks."
    )
