"""The labels of a pull request, each with whether whoever set it may set labels."""

from app.forge.api import GitHub
from app.forge.read import PullFacts
from app.forge.voices import read_label_setters
from app.policy.applying import at_least
from app.store import looks
from app.store.work import work
from app.wiring import Services
from app.workflows.people import People


async def label_facts(
    services: Services, gh: GitHub, people: People, pull: PullFacts, *, whole: bool
) -> dict[str, bool]:
    """By name, in lower case. An event tells who set a label; a whole look, and a label without event, asks GitHub.

    Bots and whoever has left may not. What somebody could do when they set it is kept: they could, or GitHub let a
    program do it for them.
    """
    there = {name.casefold() for name in pull.labels}
    async with services.database.connect() as db:
        known = await looks.labels_of(db, gh.repo.id, pull.number)
    if there and (whole or not there <= known.keys()):
        for name, (who, _) in (await read_label_setters(gh, pull.number)).items():
            if name not in known or known[name][0] != who:
                known[name] = (who, None)
    trusted = {}
    for name in sorted(there):
        who, judged = known.get(name, ("", False))
        if judged is None:
            permission = (await people.person(who)).permission if who else None
            judged = permission is not None and at_least(permission, "triage")
            async with work(services.database) as db:
                await looks.keep_label(db, gh.repo.id, pull.number, name, who, trusted=judged)
        trusted[name] = judged
    return trusted
