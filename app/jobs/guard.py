"""Looking from time to time whether branches that required the gate still do; saying so once when they do not.

What is told: the log, the audit log, and an issue, which is closed when the protection is back. An administrator who
closes it says that it is meant so; nobody else can, as nobody else could change the protection.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.forge import effects
from app.forge.api import Forge, GitHub
from app.forge.clean import clean_markdown
from app.forge.errors import NotFoundError
from app.forge.issues import close_issue, issue, read_closer, reopen_issue
from app.forge.permissions import READ, TALK
from app.forge.protection import read_protection
from app.forge.read import read_default_branch, read_permission
from app.policy.checks import GATE_CHECK
from app.policy.protection import Protection, judge_protection, loosened
from app.policy.render import code
from app.policy.values import Json, Repo
from app.store import audit, protections
from app.store.protections import Watched
from app.store.work import work

_EVERY_S = 3500.0
"""A little less than an hour: a poll that comes an hour after the last should look."""
log = structlog.get_logger()

_GONE = "The merge gate is no longer required on {branch}"
_LOOSER = "The merge gate was loosened on {branch}"
_BODY = """\
Until now {branch} required the check `{check}` of our App. This is different now:

{lost}

If this was not meant, run `quorum setup protect {repo}` (with `--branch` where this is not the default branch); this
issue closes by itself when the protection is back. If it was meant, let an administrator close this issue: from then on
Quorum watches what is demanded now.
"""
_MORE = "This is different now, too:\n\n{lost}"
_BACK = "{branch} demands again what it demanded before."
_NOT_MEANT = "This is open again: only an administrator of the repository can say, by closing it, that it is meant so."


async def look_at_protection(engine: AsyncEngine, forge: Forge, repo: Repo) -> None:
    """At most once an hour for a repository, whoever asks. Raises forge errors when GitHub does not answer."""
    async with work(engine) as db:
        if not await protections.claim_look(db, repo.id, time.time(), _EVERY_S):
            return
        known = await protections.watched(db, repo.id)
    gh = forge.on(repo, READ)
    for branch in dict.fromkeys((await read_default_branch(gh), *known)):
        await _look(engine, gh, branch, known.get(branch))


async def _look(engine: AsyncEngine, gh: GitHub, branch: str, held: Watched | None) -> None:
    """What cannot be seen is no news. A branch is watched from when it was first seen to require the gate."""
    reading = await read_protection(gh, branch)
    found = judge_protection(reading.rules, reading.classic, gh.forge.app_id)
    if not reading.checks_seen:
        return
    if held is None:
        if found.bound:
            await _remember(engine, gh.repo, Watched(branch, found), found)
        return
    lost = loosened(held.seen, found)
    if held.noticed_at is None:
        if lost:
            await _notice(engine, gh, held, found, lost)
        elif _still_known(held.seen, found) != held.seen:
            await _remember(engine, gh.repo, held, found)
    elif not lost:
        await _return(engine, gh, held, found)
    else:
        await _go_on(engine, gh, held, found, lost)


async def _notice(engine: AsyncEngine, gh: GitHub, held: Watched, found: Protection, lost: tuple[str, ...]) -> None:
    """Of several workers the first one tells. What was noticed is kept first, so that a crash does not silence it."""
    now = time.time()
    async with work(engine) as db:
        if not await protections.notice(db, gh.repo.id, held.branch, now, lost):
            return
        await _record(db, "protection loosened", gh.repo, held, {"lost": list(lost)})
    log.warning("the gate is not required as it was", repo=gh.repo.full_name, branch=held.branch, lost=lost)
    await _open(engine, gh, replace(held, noticed_at=now, lost=lost), found)


async def _open(engine: AsyncEngine, gh: GitHub, held: Watched, found: Protection) -> None:
    branch, since_s = code(held.branch), held.noticed_at or 0.0
    title = (_LOOSER if found.bound else _GONE).format(branch=branch)
    words = {"branch": branch, "check": GATE_CHECK, "lost": _listed(held.lost), "repo": gh.repo.full_name}
    told = await issue(gh.asking(TALK), _key(held), title, _BODY.format(**words), since_s).do()
    async with work(engine) as db:
        await protections.told_in(db, gh.repo.id, held.branch, int(str(told["number"])))


async def _go_on(engine: AsyncEngine, gh: GitHub, held: Watched, found: Protection, lost: tuple[str, ...]) -> None:
    """It was told of already: only what came since is said, and an administrator's answer is heard.

    An issue that was deleted, or moved to another repository, is told anew: that is no answer.
    """
    state = await _state(gh, held.issue)
    if held.issue is None or state == "gone":
        await _open(engine, gh, held, found)
    elif state == "closed" and not await _is_meant(gh, held.issue):
        talk = gh.asking(TALK)
        await effects.comment(talk, held.issue, f"{_key(held)}-open", _NOT_MEANT).do()
        await reopen_issue(talk, held.issue).do()
    elif state == "closed":
        async with work(engine) as db:
            await _record(db, "protection accepted", gh.repo, held, {"issue": held.issue, "lost": list(lost)})
            if found.bound:
                await protections.remember(db, gh.repo.id, held.branch, _still_known(held.seen, found))
            else:
                await protections.forget(db, gh.repo.id, held.branch)
    elif more := tuple(each for each in lost if each not in held.lost):
        talk, key = gh.asking(TALK), f"{_key(held)}-{_digest(*more)}"
        await effects.comment(talk, held.issue, key, _MORE.format(lost=_listed(more))).do()
        async with work(engine) as db:
            await protections.lose(db, gh.repo.id, held.branch, (*held.lost, *more))
            await _record(db, "protection loosened", gh.repo, held, {"lost": list(more), "issue": held.issue})


async def _return(engine: AsyncEngine, gh: GitHub, held: Watched, found: Protection) -> None:
    """The issue is closed before it is forgotten."""
    if held.issue is not None and await _state(gh, held.issue) == "open":
        talk = gh.asking(TALK)
        await effects.comment(talk, held.issue, f"{_key(held)}-back", _BACK.format(branch=code(held.branch))).do()
        await close_issue(talk, held.issue).do()
    async with work(engine) as db:
        await _record(db, "protection returned", gh.repo, held, {"issue": held.issue})
        await protections.remember(db, gh.repo.id, held.branch, _still_known(held.seen, found))


async def _remember(engine: AsyncEngine, repo: Repo, held: Watched, found: Protection) -> None:
    async with work(engine) as db:
        await protections.remember(db, repo.id, held.branch, _still_known(held.seen, found))


def _still_known(before: Protection, now: Protection) -> Protection:
    """`now`, and what was known before of what cannot be seen now."""
    pulls = before.pulls if now.pulls is None else now.pulls
    strict = before.strict if now.strict is None else now.strict
    bypass = before.bypass if now.bypass is None else now.bypass
    return replace(now, strict=strict, pulls=pulls, bypass=bypass, faults=())


async def _record(db: AsyncConnection, action: str, repo: Repo, held: Watched, detail: Json) -> None:
    await audit.append(db, "quorum", action, repo.full_name, {"branch": held.branch, **detail})


async def _state(gh: GitHub, number: int | None) -> str:
    """Of an issue: open, closed or gone."""
    try:
        return "gone" if number is None else str((await gh.get(f"issues/{number}"))["state"])
    except NotFoundError:
        return "gone"


async def _is_meant(gh: GitHub, number: int) -> bool:
    """Bots close what is old, a merge closes what its message names, and who may triage closes anything."""
    login, kind = await read_closer(gh, number)
    return kind == "User" and await read_permission(gh, login) == "admin"


def _key(held: Watched) -> str:
    """Another for each time. A branch's name may hold what would end the comment that hides the key."""
    return f"protection-{_digest(held.branch)}-{round(1000 * (held.noticed_at or 0.0))}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _listed(lost: Sequence[str]) -> str:
    """Bypass lists name people and teams."""
    return "\n".join(f"- {clean_markdown(each)}" for each in lost)
