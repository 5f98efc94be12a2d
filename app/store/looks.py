"""What was seen of pull requests: the newest whole look, every head, who set which label, what the check run says."""

import time
from dataclasses import asdict, dataclass

from sqlalchemy import BigInteger, Integer, String, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import Sha
from app.store.dialect import insert_into, put_into
from app.store.tables import defaults, gates, heads, labels, looks

_GUESS = "? "
"""Begins the names of those who may have pushed a head, where no event has told who did; no login has these signs."""

# What is asked at every look is put together once: that takes longer than the database takes.
_REPO, _PULL = bindparam("of_repo", type_=BigInteger), bindparam("of_pull", type_=Integer)
_HEAD, _ID = bindparam("of_head", type_=String), bindparam("of_id", type_=String)
_LOOK = select(looks).where(looks.c.repo_id == _REPO, looks.c.pull == _PULL)
_PULLS_WITH_HEAD = (
    select(looks.c.pull)
    .where(looks.c.repo_id == _REPO, looks.c.head_sha == _HEAD, looks.c.open)
    .union(select(heads.c.pull).where(heads.c.repo_id == _REPO, heads.c.head_sha == _HEAD))
)
_HEADS = select(heads).where(heads.c.repo_id == _REPO, heads.c.pull == _PULL).order_by(heads.c.at)
_GATES = select(gates).where(gates.c.repo_id == _REPO, gates.c.external_id == _ID)
_GATE = _GATES.where(gates.c.head_sha == _HEAD)


@dataclass(frozen=True)
class Look:
    """`guarded`: the base branch requires the gate, or is the default branch; None: not known."""

    repo_id: int
    pull: int
    open: bool
    head_sha: Sha
    base_ref: str
    base_sha: Sha
    guarded: bool | None
    foreign_gates: tuple[str, ...]
    at: float


@dataclass(frozen=True)
class Head:
    """`pushed_by`: logins with spaces between them. `fingerprint` None: its diff was never worked out."""

    head_sha: Sha
    pushed_by: str | None
    fingerprint: str | None
    at: float


async def keep_look(db: AsyncConnection, look: Look) -> None:
    row = {**asdict(look), "foreign_gates": list(look.foreign_gates)}
    await db.execute(put_into(db, looks, "repo_id", "pull"), row)


async def look_at(db: AsyncConnection, repo_id: int, pull: int) -> Look | None:
    row = (await db.execute(_LOOK, {"of_repo": repo_id, "of_pull": pull})).mappings().one_or_none()
    if row is None:
        return None
    shas = {"head_sha": Sha(row["head_sha"]), "base_sha": Sha(row["base_sha"])}
    return Look(**{**row, **shas, "foreign_gates": tuple(row["foreign_gates"])})


async def close(db: AsyncConnection, repo_id: int, pull: int) -> None:
    """The pull request is not open any more, as far as an event tells."""
    mine = (looks.c.repo_id == repo_id) & (looks.c.pull == pull)
    await db.execute(update(looks).where(mine).values(open=False))


async def forget_default(db: AsyncConnection, owner: str) -> None:
    """Let the organization's own policy be read anew."""
    await db.execute(delete(defaults).where(defaults.c.owner == owner))


async def pulls_with_head(db: AsyncConnection, repo_id: int, head_sha: Sha) -> list[int]:
    """Open pull requests that had this head when they were looked at last, or were told to have it since."""
    rows = await db.execute(_PULLS_WITH_HEAD, {"of_repo": repo_id, "of_head": head_sha})
    return sorted({row.pull for row in rows})


async def pulls_into(db: AsyncConnection, repo_id: int, base_ref: str) -> list[int]:
    """Open pull requests with this base branch, as they were seen last."""
    mine = (looks.c.repo_id == repo_id) & (looks.c.base_ref == base_ref) & looks.c.open
    return sorted(row.pull for row in await db.execute(select(looks.c.pull).where(mine)))


async def keep_head(
    db: AsyncConnection,
    repo_id: int,
    pull: int,
    head_sha: Sha,
    *,
    pushed_by: str | None = None,
    guessed: bool = False,
    diff: str | None = None,
) -> None:
    """Remember a head. What is known of it is not forgotten; another diff, from another base, takes its place.

    `pushed_by`: logins with spaces between them. `guessed`: no event has told who pushed it; the one that does, though
    it comes later, is believed instead. Whoever else is told to have pushed it is one more.
    """
    word = f"{_GUESS}{pushed_by}" if pushed_by is not None and guessed else pushed_by
    row = {"repo_id": repo_id, "pull": pull, "head_sha": head_sha, "pushed_by": word, "fingerprint": diff}
    await db.execute(insert_into(db, heads).on_conflict_do_nothing(), {**row, "at": time.time()})
    mine = (heads.c.repo_id == repo_id) & (heads.c.pull == pull) & (heads.c.head_sha == head_sha)
    if diff is not None:
        await db.execute(update(heads).where(mine).values(fingerprint=diff))
    if pushed_by is not None:
        known = (await db.execute(select(heads.c.pushed_by).where(mine))).scalar_one_or_none() or ""
        told = [] if known.startswith(_GUESS) else known.split()
        if not (guessed and told):
            everybody = " ".join(dict.fromkeys([*told, *pushed_by.split()]))
            await db.execute(update(heads).where(mine).values(pushed_by=_GUESS + everybody if guessed else everybody))


async def heads_of(db: AsyncConnection, repo_id: int, pull: int) -> list[Head]:
    """Every head that the pull request had, oldest first."""
    rows = await db.execute(_HEADS, {"of_repo": repo_id, "of_pull": pull})
    return [Head(Sha(row.head_sha), _plain(row.pushed_by), row.fingerprint, row.at) for row in rows]


def _plain(pushed_by: str | None) -> str | None:
    return None if pushed_by is None else pushed_by.removeprefix(_GUESS)


async def keep_label(
    db: AsyncConnection, repo_id: int, pull: int, name: str, set_by: str, *, trusted: bool | None
) -> None:
    """Remember who set a label last. `trusted`: whether they could, as far as that is known."""
    row = {"repo_id": repo_id, "pull": pull, "name": name.casefold()[:100], "set_by": set_by, "trusted": trusted}
    await db.execute(put_into(db, labels, "repo_id", "pull", "name"), {**row, "at": time.time()})


async def forget_label(db: AsyncConnection, repo_id: int, pull: int, name: str) -> None:
    """It was taken away. Who did that is not who sets it next: should it be there again, GitHub is asked."""
    mine = (labels.c.repo_id == repo_id) & (labels.c.pull == pull) & (labels.c.name == name.casefold()[:100])
    await db.execute(delete(labels).where(mine))


async def labels_of(db: AsyncConnection, repo_id: int, pull: int) -> dict[str, tuple[str, bool | None]]:
    """By name: who set it, and whether they could."""
    mine = (labels.c.repo_id == repo_id) & (labels.c.pull == pull)
    return {row.name: (row.set_by, row.trusted) for row in await db.execute(select(labels).where(mine))}


async def keep_gate(
    db: AsyncConnection, repo_id: int, head_sha: Sha, external_id: str, check_id: int, told: str
) -> None:
    row = {"repo_id": repo_id, "head_sha": head_sha, "external_id": external_id, "check_id": check_id, "told": told}
    await db.execute(put_into(db, gates, "repo_id", "head_sha", "external_id"), row)


async def gates_on(db: AsyncConnection, repo_id: int, head_sha: Sha) -> list[str]:
    """The external ids of all check runs of the gate on a commit, those of pull requests that were closed too."""
    mine = (gates.c.repo_id == repo_id) & (gates.c.head_sha == head_sha)
    return sorted((await db.execute(select(gates.c.external_id).where(mine))).scalars())


async def gate_of(db: AsyncConnection, repo_id: int, head_sha: Sha, external_id: str) -> tuple[int, str] | None:
    """The check run's id and what it was told last."""
    which = {"of_repo": repo_id, "of_head": head_sha, "of_id": external_id}
    row = (await db.execute(_GATE, which)).one_or_none()
    return None if row is None else (row.check_id, row.told)


async def gates_of(db: AsyncConnection, repo_id: int, external_id: str) -> list[tuple[Sha, int, str]]:
    """The check runs of a pull request on all of its heads: head, id, and what each was told last."""
    rows = await db.execute(_GATES, {"of_repo": repo_id, "of_id": external_id})
    return [(Sha(row.head_sha), row.check_id, row.told) for row in rows]
