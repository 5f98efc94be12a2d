"""The check run `quorum/gate`: queued at once, written when what it says has changed, with buttons."""

import hashlib
import json

from app.forge import check_effects
from app.forge.api import GitHub
from app.forge.check_effects import CheckRun
from app.forge.effects import Effect
from app.forge.errors import NotFoundError, UnknownOutcomeError
from app.forge.permissions import CHECKS, READ
from app.policy.checks import GATE_CHECK, external_id
from app.policy.values import Json, Repo, Sha
from app.store import looks
from app.store.work import work
from app.wiring import Services

BUTTONS = (
    {"label": "Re-review", "description": "Let the council review this head again.", "identifier": "review"},
    {"label": "Explain", "description": "Say in a comment how this was decided.", "identifier": "explain"},
    {"label": "Override", "description": "Say what may be overridden, and by whom.", "identifier": "override"},
)
"""At most three, of 20 and 40 characters: https://docs.github.com/en/rest/checks/runs#create-a-check-run."""
_WAITING = "waiting:"
"""So begins what is kept of a check run that has not ended."""


async def announce(services: Services, repo: Repo, head: Sha, number: int, kind: str = "gate") -> None:
    """Show at once that the gate exists for a new head, before anything is fetched or read."""
    key = external_id(number, kind)
    async with services.database.connect() as db:
        known = await looks.gate_of(db, repo.id, head, key)
    if known is None:
        want = CheckRun(head, GATE_CHECK, key, "Looking at it", "The facts are being gathered.", queued=True)
        await _put(services, services.forge.on(repo, CHECKS), want, "")


async def is_completed(services: Services, repo: Repo, head: Sha, number: int, kind: str = "gate") -> bool:
    """Whether the check run has ended, as GitHub shows it now."""
    async with services.database.connect() as db:
        known = await looks.gate_of(db, repo.id, head, external_id(number, kind))
    if known is None:
        return False
    try:
        shown = await services.forge.on(repo, READ).get(f"check-runs/{known[0]}")
    except NotFoundError:
        return False
    return bool(shown["status"] == "completed")


async def write_gate(services: Services, gh: GitHub, want: CheckRun, *, afresh: bool) -> bool:
    """Bring the check run to what is wanted; returns whether that is news. It is not said again, unless `afresh`.

    Before it is written, what it says is forgotten: should nobody learn how that ended, it is written again.
    """
    told = _digest(want)
    async with services.database.connect() as db:
        known = await looks.gate_of(db, gh.repo.id, want.head_sha, want.external_id)
    news = known is None or known[1] != told
    if not news and not afresh:
        return False
    if known is not None:
        await _keep(services, gh, want, known[0], "")
    if known is not None and not afresh:
        try:
            await _surely(check_effects.edit_check(gh, known[0], want))
        except NotFoundError:
            pass
        else:
            await _keep(services, gh, want, known[0], told)
            return news
    await _put(services, gh, want, told)
    return news


async def end_older(services: Services, gh: GitHub, number: int, head: Sha | None) -> None:
    """Complete the check runs that still wait on commits which are not the head any more: nobody will look at them.

    `head` None: the pull request is not open. A commit that another pull request has as its head is left to that one.
    Whoever died while a decision was written may have written it, and then it stays.
    """
    key = external_id(number, "gate")
    async with services.database.connect() as db:
        left = [each for each in await looks.gates_of(db, gh.repo.id, key) if each[0] != head and _waits(each[2])]
        left = [each for each in left if not set(await looks.pulls_with_head(db, gh.repo.id, each[0])) - {number}]
    now = f"The head is {head[:12]} now." if head else "The pull request is not open any more."
    for sha, _, told in left:
        if told == "" and await is_completed(services, gh.repo, sha, number):
            continue
        await write_gate(services, gh, CheckRun(sha, GATE_CHECK, key, "Not judged", now, "cancelled"), afresh=False)


async def _put(services: Services, gh: GitHub, want: CheckRun, told: str) -> None:
    receipt = await _surely(check_effects.check_run(gh, want))
    await _keep(services, gh, want, int(str(receipt["id"])), told)


async def _surely(effect: Effect) -> Json:
    """The receipt, also where GitHub did the work and did not say so."""
    try:
        return await effect.do()
    except UnknownOutcomeError:
        receipt = await effect.find()
        if receipt is None:
            raise
        return receipt


async def _keep(services: Services, gh: GitHub, want: CheckRun, check_id: int, told: str) -> None:
    async with work(services.database) as db:
        await looks.keep_gate(db, gh.repo.id, want.head_sha, want.external_id, check_id, told)


def _digest(want: CheckRun) -> str:
    said = json.dumps([want.title, want.summary, want.conclusion, want.queued])
    digest = hashlib.sha256(said.encode()).hexdigest()
    return digest if want.conclusion is not None else f"{_WAITING}{digest}"[: len(digest)]


def _waits(told: str) -> bool:
    """Whether the check run has no end yet, as far as is known."""
    return told == "" or told.startswith(_WAITING)
