"""The organization's own policy: `.github/quorum.yml` in its repository `.github`, for repositories without one."""

import time

from sqlalchemy import select

from app.forge.errors import NotFoundError
from app.forge.git import show
from app.policy.config import POLICY_PATH
from app.policy.values import Repo
from app.store.dialect import insert_into
from app.store.tables import defaults
from app.store.work import work
from app.wiring import Services

_NAME = ".github"
_FRESH_S = 300.0
"""How long what was read last is good: a change of it reaches every repository at the latest with the next sweep."""


async def read_default(services: Services, repo: Repo, *, fresh: bool = True) -> str | None:
    """Its text; None when there is none that the installation may read. Raises forge errors: that is not "none".

    Without `fresh`, what was read last is taken however old it is.
    """
    if repo.name == _NAME:
        return None
    async with services.database.connect() as db:
        known = (await db.execute(select(defaults).where(defaults.c.owner == repo.owner))).one_or_none()
    if known is not None and (not fresh or known.at > time.time() - _FRESH_S):
        return None if known.text is None else str(known.text)
    found = await _find(services, repo)
    text = None if found is None else await _read(services, found)
    row = {"owner": repo.owner, "repo_id": found.id if found else None, "text": text, "at": time.time()}
    async with work(services.database) as db:
        there = insert_into(db, defaults).values(row)
        await db.execute(there.on_conflict_do_update(index_elements=["owner"], set_=row))
    return text


async def _find(services: Services, repo: Repo) -> Repo | None:
    """Only a repository of the same owner counts: an installation may reach repositories of others."""
    for each in await services.forge.repositories(repo.installation_id):
        if each.name == _NAME and each.owner.casefold() == repo.owner.casefold():
            return each
    return None


async def _read(services: Services, found: Repo) -> str | None:
    try:
        head = await services.mirrors.fetch(found, "HEAD")
    except NotFoundError:
        return None
    text = await show(services.mirrors.path(found), head, POLICY_PATH)
    return None if text is None else text.decode("utf-8", "replace")
