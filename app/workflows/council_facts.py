"""What is on record of the council: verdicts, the result of the tests, what was not read, what is still going on."""

from dataclasses import dataclass

from sqlalchemy import select

from app.policy.facts import EVERYTHING, TestResult, VerdictFact
from app.policy.finding import key_of
from app.runs.state import RunState
from app.store import reviews
from app.store.tables import runs
from app.wiring import Services
from app.workflows.change import Change

_OPEN = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.WAITING})
_CUT_SHORT = frozenset({RunState.FAILED, RunState.CANCELLED})


async def council_facts(
    services: Services, repo_id: int, number: int, change: Change
) -> tuple[dict[str, VerdictFact], TestResult, tuple[str, ...] | None]:
    """Of this diff at this head: verdicts by perspective, the tests' result, the files nobody read (None: unknown)."""
    async with services.database.connect() as db:
        stored = await reviews.standing_verdicts(db, repo_id, number, change.head, change.fingerprint)
        seen = await reviews.latest_examination(db, repo_id, number, change.head, change.fingerprint)
        findings = await reviews.findings_of(db, repo_id, number)
    blocking: dict[str, dict[tuple[str, int], str]] = {}  # said of one place by several reviews it is one finding
    for each in findings:
        if each.head_sha == change.head and each.state in {"published", "shared"} and each.finding.severity.blocks:
            blocking.setdefault(each.perspective, {})[key_of(each.finding), each.finding.start_line] = (
                each.finding.claim
            )
    verdicts = {}
    for given in stored:
        held = blocking.get(given.perspective, {}) if given.outcome.value == "blocked" else {}
        verdicts[given.perspective] = VerdictFact(
            perspective=given.perspective,
            outcome=given.outcome,
            head_sha=given.head_sha,
            fingerprint=given.fingerprint,
            confidence=given.confidence,
            model=given.model,
            carried_from=given.carried_from,
            blocking=tuple(held.values()),
            keys=tuple(key for key, _ in held),
            reason=given.summary,
            same=frozenset(given.same) if given.carried_from else EVERYTHING,
            at=given.read_at,
            whole_at=given.whole_at,
        )
    if seen is None:
        return verdicts, "unknown", None
    return verdicts, seen.tests, seen.unread


@dataclass(frozen=True)
class ReviewState:
    """Whether a review of a head is still to speak; if not, why the newest one ended without a word.

    `halted`: a person stopped it.
    """

    running: bool
    stopped: str | None = None
    halted: bool = False


async def review_facts(services: Services, repo_id: int, number: int, change: Change) -> ReviewState:
    mine = (runs.c.repo_id == repo_id) & (runs.c.number == number) & (runs.c.head_sha == change.head)
    query = select(runs).where(mine, runs.c.workflow == "review").order_by(runs.c.created_at.desc())
    async with services.database.connect() as db:
        found = (await db.execute(query)).all()
        seen = await reviews.latest_examination(db, repo_id, number, change.head)
    spoken = seen.run_id if seen else None
    going_on = [row for row in found if row.state in _OPEN and row.ending is None and row.id != spoken]
    newest = next((row for row in found if (row.ending or row.state) != RunState.SUPERSEDED), None)
    if going_on or newest is None or newest.id == spoken:
        return ReviewState(bool(going_on))
    ended = newest.ending or newest.state
    if ended not in _CUT_SHORT:
        return ReviewState(False)
    return ReviewState(False, f"it {ended}: {newest.reason or ''}", ended == RunState.CANCELLED)
