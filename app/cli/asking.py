"""What a command asks GitHub about one pull request, as the App: the facts as they are now. Nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.cli.pulls import PullName
from app.forge.errors import ForgeError, NotFoundError
from app.forge.permissions import READ
from app.forge.read import PullFacts, read_pull
from app.policy.config import Policy
from app.policy.values import Repo
from app.settings import Settings
from app.store import looks, statements
from app.store.rehearsals import rehearsal
from app.store.statements import Statement
from app.wiring import Services, open_services
from app.workflows.gathering import Gathered, gather


@dataclass(frozen=True)
class Asked:
    """`others`: pull requests with the same head, whose decisions the commit's one check shows as well."""

    gathered: Gathered
    statements: Sequence[Statement]
    others: Sequence[int]


async def ask(settings: Settings, name: PullName, tried: Policy | None = None) -> Asked:
    """Gather the facts into a copy of the database, which is thrown away; git objects stay in the mirror.

    Raises `ValueError` that says what to do, for what GitHub does not answer as well.
    """
    settings.require_credentials()
    async with open_services(settings, only_looks=True) as services:
        try:
            repo = await _find(services, name)
            pull = await _read(services, repo, name)
            return await _gather(services, repo, pull, tried)
        except ForgeError as error:
            raise ValueError(f"{name}: {error}") from error


async def _find(services: Services, name: PullName) -> Repo:
    repo = await services.forge.find_repo(name.full_name)
    if repo is None:
        told = f"the App {services.forge.app_id} is not installed there; install it from its page on GitHub"
        raise NotFoundError(told)
    return repo


async def _read(services: Services, repo: Repo, name: PullName) -> PullFacts:
    try:
        pull = await read_pull(services.forge.on(repo, READ), name.number)
    except NotFoundError as error:
        raise NotFoundError(f"{repo.full_name} has no pull request of this number") from error
    if pull.state != "open":
        raise ValueError(
            f"{name} is {pull.state}, so nothing is decided any more; "
            f"`quorum gate show {repo.full_name} {name.number}` tells what was"
        )
    return pull


async def _gather(services: Services, repo: Repo, pull: PullFacts, tried: Policy | None) -> Asked:
    async with services.database.connect() as db:
        others = [each for each in await looks.pulls_with_head(db, repo.id, pull.head_sha) if each != pull.number]
    async with rehearsal(services.database, repo, pull.number) as copy:
        gathered = await gather(replace(services, database=copy), repo, pull, tried=tried)
        async with copy.connect() as db:
            said = await statements.statements_of(db, repo.id, pull.number)
    return Asked(gathered, said, others)
