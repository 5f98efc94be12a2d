"""What the council said, by pull request and head."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import BigInteger, Integer, Row, String, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.checked import read_finding
from app.policy.facts import TestResult
from app.policy.finding import Finding, Outcome
from app.policy.rules import CarryOver
from app.policy.values import Sha
from app.store.dialect import insert_into
from app.store.tables import examinations, findings, verdicts

FindingState = Literal["published", "withdrawn", "dropped", "shared"]
"""`shared`: another perspective published it, and this one said it as well."""

# What every look asks is put together once: that takes longer than the database takes.
_REPO, _PULL = bindparam("of_repo", type_=BigInteger), bindparam("of_pull", type_=Integer)
_HEAD, _DIFF = bindparam("of_head", type_=String), bindparam("of_diff", type_=String)
_VERDICTS = select(verdicts).where(verdicts.c.repo_id == _REPO, verdicts.c.pull == _PULL)
_BY_AGE = _VERDICTS.order_by(verdicts.c.created_at)
_OF_HEAD = _BY_AGE.where(verdicts.c.head_sha == _HEAD)
_OF_DIFF = _BY_AGE.where(verdicts.c.fingerprint == _DIFF)
_OF_BOTH = _OF_HEAD.where(verdicts.c.fingerprint == _DIFF)
_ALL_VERDICTS = _BY_AGE.order_by(verdicts.c.perspective)
_EXAMINATION = (
    select(examinations)
    .where(examinations.c.repo_id == _REPO, examinations.c.pull == _PULL, examinations.c.head_sha == _HEAD)
    .order_by(examinations.c.created_at.desc())
    .limit(1)
)
_EXAMINATION_OF_DIFF = _EXAMINATION.where(examinations.c.fingerprint == _DIFF)
_FINDINGS = (
    select(findings)
    .where(findings.c.repo_id == _REPO, findings.c.pull == _PULL)
    .order_by(findings.c.created_at, findings.c.id)
)


@dataclass(frozen=True)
class StoredVerdict:
    """A perspective's verdict, given in `run_id`. `carried_from`: the head that was really read, at `read_at`.

    `same`: what else is as it was there, for a policy that carries over less than the same diff. `whole_at`: the head
    at which all was read, where only what was new since was read for this one. `terms`: by what it was judged; None
    where something is missing from the answer, so that no other reading can build on it. `stands`: a refusal that is an
    older one's alone, as nothing that was read for this one blocks.
    """

    run_id: str
    perspective: str
    repo_id: int
    pull: int
    head_sha: Sha
    base_sha: Sha
    fingerprint: str
    outcome: Outcome
    confidence: float
    model: str
    summary: str
    carried_from: Sha | None = None
    same: tuple[CarryOver, ...] = ()
    read_at: float | None = None
    terms: str | None = None
    whole_at: Sha | None = None
    stands: bool = False


@dataclass(frozen=True)
class StoredFinding:
    """`id` is stable within a run, so that storing twice stores once."""

    id: str
    run_id: str
    repo_id: int
    pull: int
    perspective: str
    head_sha: Sha
    finding: Finding
    state: FindingState
    reason: str = ""


@dataclass(frozen=True)
class Examination:
    """What a review saw besides verdicts: the result of the tests, and files that nobody read.

    `set_aside`: those that nobody had to read; None in old rows, where that is not known.
    """

    run_id: str
    repo_id: int
    pull: int
    head_sha: Sha
    fingerprint: str
    tests: TestResult
    unread: tuple[str, ...]
    set_aside: tuple[str, ...] | None = None


async def save_review(
    db: AsyncConnection,
    examination: Examination,
    given: Iterable[StoredVerdict],
    found: Iterable[StoredFinding],
) -> None:
    """Store a review's results; rows that are there already stay as they are."""
    now = time.time()
    aside = None if examination.set_aside is None else list(examination.set_aside)
    row = {**examination.__dict__, "unread": list(examination.unread), "set_aside": aside, "created_at": now}
    await db.execute(insert_into(db, examinations).on_conflict_do_nothing(), row)
    for verdict in given:
        row = {**verdict.__dict__, "outcome": verdict.outcome.value, "same": list(verdict.same), "created_at": now}
        row |= {"read_at": verdict.read_at or now, "summary": _kept(verdict.summary)}
        await db.execute(insert_into(db, verdicts).on_conflict_do_nothing(), row)
    for each in found:
        row = {**each.__dict__, "finding": each.finding.model_dump(mode="json"), "created_at": now}
        row["reason"] = _kept(each.reason)
        await db.execute(insert_into(db, findings).on_conflict_do_nothing(), row)


async def latest_verdicts(db: AsyncConnection, repo_id: int, pull: int, head_sha: Sha) -> list[StoredVerdict]:
    """The newest verdict of each perspective on this head."""
    rows = await db.execute(_OF_HEAD, {"of_repo": repo_id, "of_pull": pull, "of_head": head_sha})
    newest = {row.perspective: _verdict(row) for row in rows}
    return list(newest.values())


async def standing_verdicts(
    db: AsyncConnection, repo_id: int, pull: int, head_sha: Sha, fingerprint: str
) -> list[StoredVerdict]:
    """The verdict of each perspective that stands on this very diff at this head, whatever other bases it had since."""
    which = {"of_repo": repo_id, "of_pull": pull, "of_head": head_sha, "of_diff": fingerprint}
    return standing(_verdict(row) for row in await db.execute(_OF_BOTH, which))


async def verdicts_of_diff(db: AsyncConnection, repo_id: int, pull: int, fingerprint: str) -> list[StoredVerdict]:
    """The verdict of each perspective that stands on this very diff, whatever head it was given for."""
    rows = await db.execute(_OF_DIFF, {"of_repo": repo_id, "of_pull": pull, "of_diff": fingerprint})
    return standing(_verdict(row) for row in rows)


async def latest_examination(
    db: AsyncConnection, repo_id: int, pull: int, head_sha: Sha, fingerprint: str | None = None
) -> Examination | None:
    """The newest of this head; with a `fingerprint`, of that very diff."""
    which = {"of_repo": repo_id, "of_pull": pull, "of_head": head_sha}
    if fingerprint is None:
        row = (await db.execute(_EXAMINATION, which)).one_or_none()
    else:
        row = (await db.execute(_EXAMINATION_OF_DIFF, {**which, "of_diff": fingerprint})).one_or_none()
    return None if row is None else _examination(row)


async def examinations_of(db: AsyncConnection, repo_id: int, pull: int) -> dict[str, Examination]:
    """Every one of a pull request, by the run that made it."""
    query = select(examinations).where(examinations.c.repo_id == repo_id, examinations.c.pull == pull)
    return {row.run_id: _examination(row) for row in await db.execute(query)}


async def verdicts_of(db: AsyncConnection, repo_id: int, pull: int) -> list[StoredVerdict]:
    """Every verdict on a pull request, oldest first."""
    rows = await db.execute(_ALL_VERDICTS, {"of_repo": repo_id, "of_pull": pull})
    return [_verdict(row) for row in rows]


async def findings_of(db: AsyncConnection, repo_id: int, pull: int) -> list[StoredFinding]:
    """Every finding on a pull request, oldest first."""
    rows = await db.execute(_FINDINGS, {"of_repo": repo_id, "of_pull": pull})
    return [
        StoredFinding(
            row.id,
            row.run_id,
            row.repo_id,
            row.pull,
            row.perspective,
            Sha(row.head_sha),
            read_finding(row.finding),
            row.state,
            row.reason,
        )
        for row in rows
    ]


def _kept(text: str) -> str:
    """PostgreSQL keeps no NUL, and what a model says may hold one.

    https://www.postgresql.org/docs/current/datatype-character.html
    """
    return text.replace("\0", "")


def _examination(row: Row[Any]) -> Examination:
    aside = None if row.set_aside is None else tuple(row.set_aside)
    head = Sha(row.head_sha)
    return Examination(row.run_id, row.repo_id, row.pull, head, row.fingerprint, row.tests, tuple(row.unread), aside)


def standing(given: Iterable[StoredVerdict]) -> list[StoredVerdict]:
    """Of verdicts on one diff or head, oldest first, each perspective's newest; but silence takes back no refusal."""
    stands: dict[str, StoredVerdict] = {}
    for each in given:
        before = stands.get(each.perspective)
        if before is None or each.outcome is not Outcome.ABSTAINED or before.outcome is not Outcome.BLOCKED:
            stands[each.perspective] = each
    return list(stands.values())


def _verdict(row: Row[tuple[object, ...]]) -> StoredVerdict:
    values = {key: value for key, value in row._mapping.items() if key != "created_at"}  # noqa: SLF001
    told = {
        "outcome": Outcome(values["outcome"]),
        "same": tuple(values["same"] or ()),
        "stands": bool(values["stands"]),
    }
    return StoredVerdict(**{**values, **told})
