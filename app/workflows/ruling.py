"""What people decide in comments: overrides, vetoes, dismissals, and taking them back. Each is kept with its reason."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from app.forge.api import GitHub
from app.forge.permissions import READ
from app.forge.read import read_pull
from app.forge.voices import read_retargeted_at
from app.policy.applying import at_least
from app.policy.checks import external_id
from app.policy.commands import Command
from app.policy.facts import PersonFact
from app.policy.needs import needs_of
from app.policy.overriding import missing_targets, targets_of, why_not_overridden, would_help
from app.policy.perspectives import may_dismiss
from app.policy.terms import terms_of
from app.policy.work_requests import recheck_request
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store import looks, statements
from app.store.statements import Statement
from app.store.work import work
from app.wiring import Services
from app.workflows.deciding import judge
from app.workflows.dismissing import Word, dismiss_advice
from app.workflows.gathering import Gathered, gather
from app.workflows.people import People
from app.workflows.withdrawing import MIN_KEY, WITHDRAWAL, keep_unless_taken_back, take_back


@dataclass(frozen=True)
class Speaker:
    """Who speaks, in which comment, and when that was by GitHub's clock. `id` is the comment's."""

    login: str
    id: int
    at: str


async def rule(ctx: Context, services: Services, command: Command, speaker: Speaker) -> str:
    """Carry out the word and return the answer. Nothing is kept that would change nothing or is not allowed."""
    read = services.forge.on(ctx.run.repo, READ)
    pull = await read_pull(read, ctx.run.number)
    if pull.state != "open":
        return f"This pull request is {pull.state}; there is nothing to decide any more."
    gathered = await gather(services, ctx.run.repo, pull)
    person = await People(read, frozenset()).person(speaker.login)
    if command.verb == "withdraw":
        return await _withdraw(ctx, services, command, speaker, person, gathered)
    if not command.reason:
        return f"Say why, for the record: `@{services.forge.slug} {command.verb} {_example(command)}because …`."
    if command.verb == "veto":
        return await _veto(ctx, services, command, speaker, person, gathered)
    if command.verb == "dismiss":
        return await _dismiss(ctx, services, command, speaker, gathered)
    return await _override(ctx, services, command, speaker, gathered)


async def explain_overrides(services: Services, gh: GitHub, login: str, gathered: Gathered) -> str:
    """For whom presses *Override*: what they may override and how, or why they may not."""
    decision = judge(gathered)
    person = await _named(gh, login, gathered)
    proposed = gathered.proposed.policy
    missing = missing_targets(decision, targets_of(gathered.policy, proposed))
    may = [each for each in missing if would_help(each, person, gathered.facts, gathered.policy, proposed)]
    slug, head = services.forge.slug, gathered.change.head[:12]
    if may:
        lines = "\n".join(f"- `@{slug} override {each} at {head} because …`" for each in may)
        return f"You may override the following, with a reason and for this diff only. Write in a comment:\n\n{lines}"
    if not missing:
        return "Nothing is missing here that an override could stand in for."
    reasons = "\n".join(
        f"- {each}: {why_not_overridden(each, person, gathered.facts, gathered.policy)}" for each in missing
    )
    return f"You may not override what is missing:\n\n{reasons}"


async def _named(gh: GitHub, login: str, gathered: Gathered) -> PersonFact:
    """With the teams that the policy names: an override may be a team's."""
    policies = [gathered.policy, *([gathered.proposed.policy] if gathered.proposed.policy else [])]
    return await People(gh, needs_of(policies).teams).person(login)


async def _override(ctx: Context, services: Services, command: Command, speaker: Speaker, gathered: Gathered) -> str:
    read = services.forge.on(ctx.run.repo, READ)
    facts, policy, proposed = gathered.facts, gathered.policy, gathered.proposed.policy
    targets = targets_of(policy, proposed)
    if command.target not in targets:
        named = missing_targets(judge(gathered), targets) or targets
        return f"Name what to override: one of {', '.join(named)}."
    if await _is_kept(services, ctx, speaker):
        return f"Overridden: {command.target}."
    doubt = await _doubt(services, read, command, speaker, gathered)
    if doubt:
        return doubt
    person = await _named(read, speaker.login, gathered)
    if not would_help(command.target, person, facts, policy, proposed):
        reason = why_not_overridden(command.target, person, facts, policy)
        return f"`{command.target}` was not overridden: {reason}."
    await _keep(ctx, services, _statement(ctx, "override", command, speaker, person, gathered))
    return (
        f"Overridden: {command.target}, for the diff at {gathered.change.head[:12]} only. It is on record with your "
        f"reason; `@{services.forge.slug} withdraw {command.target}` takes it back."
    )


async def _doubt(services: Services, read: GitHub, command: Command, speaker: Speaker, gathered: Gathered) -> str:
    """Whether it is certain which diff was looked at: a push or another base may have come meanwhile.

    Either the comment names the commit, or GitHub's own clock says that the gate's check on this head is older. It says
    nothing of a head that came back: then the commit must be named.
    """
    head, number = gathered.change.head, gathered.pull.number
    again = f"@{services.forge.slug} override {command.target} at"
    look = f"Look at it, then write: `{again} {head[:12]} because …`."
    said_at = datetime.fromisoformat(speaker.at)
    if await read_retargeted_at(read, number) >= said_at.timestamp():
        return f"The base branch became another one at about that time. {look}"
    if command.commit:
        if not head.startswith(command.commit):
            return f"The head is {head[:12]}, not {command.commit}. {look}"
        if await _is_ambiguous(services, read.repo.id, command.commit, gathered.pull.number):
            return (
                f"Several heads here begin with {command.commit}. Look at it, then write: `{again} {head} because …`."
            )
        return ""
    async with services.database.connect() as db:
        known = await looks.gate_of(db, read.repo.id, head, external_id(number, "gate"))
        heads = await looks.heads_of(db, read.repo.id, number)
    if known is not None and heads[-1].head_sha == head:
        started = (await read.get(f"check-runs/{known[0]}"))["started_at"]
        if started and datetime.fromisoformat(started) < said_at:
            return ""
    return f"The head became {head[:12]} at about that time. {look}"


async def _is_ambiguous(services: Services, repo_id: int, commit: str, number: int) -> bool:
    """Who pushes two commits can make them begin alike, as digits can be tried: seven take seconds."""
    async with services.database.connect() as db:
        found = await looks.heads_of(db, repo_id, number)
    return sum(each.head_sha.startswith(commit) for each in found) > 1


async def _veto(
    ctx: Context, services: Services, command: Command, speaker: Speaker, person: PersonFact, gathered: Gathered
) -> str:
    if not at_least(person.permission or "none", "write"):
        return f"A veto needs write permission on this repository; you have {person.permission}."
    await _keep(ctx, services, _statement(ctx, "veto", command, speaker, person, gathered))
    return f"The gate stays closed until you write `@{services.forge.slug} withdraw veto`, or a maintainer does."


async def _dismiss(ctx: Context, services: Services, command: Command, speaker: Speaker, gathered: Gathered) -> str:
    """A finding is named by the first digits of its key; those of a perspective with a veto stay."""
    read = services.forge.on(ctx.run.repo, READ)
    person = await _named(read, speaker.login, gathered)
    terms = terms_of(gathered.policy)
    keys = {
        key: name
        for name, verdict in gathered.facts.verdicts.items()
        for key in verdict.keys
        if len(command.target) >= MIN_KEY and key.startswith(command.target)
    }
    if not keys and (told := await _dismiss_advice(ctx, services, command, speaker, person, gathered)):
        return told
    if not may_dismiss(person, gathered.facts, terms.override):
        return "You may not dismiss findings: it takes write permission, and authors may only if the policy says so."
    if len(keys) != 1:
        return "There is no one finding with that key; the summary and the check of its perspective show it."
    ((key, name),) = keys.items()
    if any(verdict.keys.count(key) > 1 for verdict in gathered.facts.verdicts.values()):
        return "Several findings have that key, as the same lines stand in several places: fix them, or override."
    if name in terms.vetoes:
        return f"{name} has a veto: its findings are fixed or withdrawn, not dismissed."
    said = _statement(ctx, "dismissal", command, speaker, person, gathered)
    await _keep(ctx, services, Statement(**{**vars(said), "target": key}))
    return f"Dismissed finding {key[:8]} of {name}, here and at later heads of this pull request."


async def _dismiss_advice(
    ctx: Context, services: Services, command: Command, speaker: Speaker, person: PersonFact, gathered: Gathered
) -> str:
    """Whoever may write has that much to say of advice, on their own pull request too: it decides nothing."""
    at, permission = datetime.fromisoformat(speaker.at).timestamp(), person.permission or "none"
    if not at_least(permission, "write"):
        return ""
    said = Word(_id(ctx, speaker), command.target, speaker.login, permission, command.reason, at)
    return await dismiss_advice(ctx, services, said, gathered.change.head)


async def _withdraw(
    ctx: Context, services: Services, command: Command, speaker: Speaker, person: PersonFact, gathered: Gathered
) -> str:
    """One's own word; a veto also by whoever maintains the repository. It is kept: what it is about may come later."""
    said = _statement(ctx, WITHDRAWAL, command, speaker, person, gathered)
    async with work(services.database) as db:
        count = await take_back(db, _subject(ctx), said)
        if count:
            await _again(ctx, db)
    return f"Taken back: {count}." if count else "There is nothing of yours to take back."


def _statement(
    ctx: Context, kind: str, command: Command, speaker: Speaker, person: PersonFact, gathered: Gathered
) -> Statement:
    return Statement(
        id=_id(ctx, speaker),
        repo_id=ctx.run.repo.id,
        pull=ctx.run.number,
        kind=kind,
        target=command.target,
        login=speaker.login,
        permission=person.permission or "none",
        reason=command.reason,
        head_sha=gathered.change.head,
        fingerprint=gathered.change.fingerprint,
        at=datetime.fromisoformat(speaker.at).timestamp(),
    )


async def _keep(ctx: Context, services: Services, said: Statement) -> None:
    async with work(services.database) as db:
        await keep_unless_taken_back(db, _subject(ctx), said)
        await _again(ctx, db)


async def _again(ctx: Context, db: AsyncConnection) -> None:
    await request_run(db, recheck_request(ctx.run.repo, ctx.run.number, cause=f"{ctx.run.id}:said"))


async def _is_kept(services: Services, ctx: Context, speaker: Speaker) -> bool:
    """By an earlier try of this run."""
    async with services.database.connect() as db:
        said = await statements.statements_of(db, ctx.run.repo.id, ctx.run.number)
    return any(each.id == _id(ctx, speaker) for each in said)


def _id(ctx: Context, speaker: Speaker) -> str:
    return f"comment:{ctx.run.repo.id}:{speaker.id}"


def _subject(ctx: Context) -> str:
    return f"{ctx.run.repo.full_name}#{ctx.run.number}"


def _example(command: Command) -> str:
    if command.verb == "veto":
        return ""
    return f"{command.target or 'testing'} " if command.verb == "override" else f"{command.target or 'KEY'} "
