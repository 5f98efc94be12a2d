"""People's own reviews on GitHub, kept as what they say of a diff."""

from collections.abc import Sequence

from app.forge.api import GitHub
from app.forge.voices import ReviewSeen, read_retargeted_at, read_reviews
from app.policy.values import Sha
from app.store import statements
from app.store.looks import Head
from app.store.statements import Statement
from app.store.work import work
from app.wiring import Services
from app.workflows.people import People


async def keep_reviews(services: Services, gh: GitHub, people: People, number: int, heads: Sequence[Head]) -> None:
    """Store each person's newest review with the diff it was given for, and take back what it took the place of.

    A review of a commit whose diff was never worked out is worth nothing, nor is one from before the base branch was
    exchanged that was not heard of then: it can be given again.
    """
    seen = [each for each in await read_reviews(gh, number) if each.state != "dismissed"]
    diffs = {head.head_sha: head.fingerprint or "" for head in heads}
    subject = f"{gh.repo.full_name}#{number}"
    async with services.database.connect() as db:
        before = await statements.statements_of(db, gh.repo.id, number)
    heard = {each.id for each in before if each.fingerprint}
    news = any(_id(gh, each) not in heard for each in seen)
    since = await read_retargeted_at(gh, number) if news else 0.0
    said = [await _statement(gh, people, number, each, diffs if each.at > since else {}) for each in seen]
    standing = {each.id for each in said}
    async with work(services.database) as db:
        gone = [each for each in before if each.id.startswith("review:") and each.id not in standing]
        for login in {each.login for each in gone}:
            ids = [each.id for each in gone if each.login == login]
            await statements.withdraw(db, subject, ids, login)
        for each in said:
            await statements.keep(db, subject, each)


async def _statement(gh: GitHub, people: People, number: int, seen: ReviewSeen, diffs: dict[Sha, str]) -> Statement:
    person = await people.person(seen.login)
    commit = seen.commit or Sha("")
    return Statement(
        id=_id(gh, seen),
        repo_id=gh.repo.id,
        pull=number,
        kind=seen.state,
        target="people",
        login=seen.login,
        permission=person.permission or "none",
        reason=seen.body[:2000],
        head_sha=commit,
        fingerprint=diffs.get(commit, ""),
        at=seen.at,
    )


def _id(gh: GitHub, seen: ReviewSeen) -> str:
    return f"review:{gh.repo.id}:{seen.id}:{seen.state}"
