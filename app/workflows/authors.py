"""Models of which family wrote an own pull request: as the record of their calls has it, whatever the settings say."""

from app.forge.read import PullFacts
from app.policy.perspectives import family_of
from app.policy.values import Repo
from app.store.usage import models_of
from app.wiring import Services
from app.workflows.solved import issue_of_pull

_WHO_WRITES = ("writer", "repairer")


async def author_family(services: Services, repo: Repo, pull: PullFacts) -> str | None:
    """None where nobody's is known, and where several families wrote: then no reviewer is surely of another one.

    A model can stand in for one that does not answer, and another begins afresh where one got stuck.
    """
    if pull.author != services.forge.login:
        return None
    async with services.database.connect() as db:
        issue = await issue_of_pull(db, services, repo, pull)
        wrote = await models_of(db, repo.id, {pull.number, issue or pull.number}, _WHO_WRITES)
    families = {family_of(model) for model in wrote}
    return families.pop() if len(families) == 1 else None
