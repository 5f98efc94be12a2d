"""Whether the gate is required where the App is installed."""

from app.cli.checkup.found import Found, failed, fine, warned
from app.forge.api import Forge
from app.forge.errors import ForgeError
from app.forge.permissions import READ
from app.forge.protection import read_protection
from app.forge.read import read_default_branch
from app.policy.protection import judge_protection
from app.policy.values import Repo

_MOST = 20
"""Repositories that are looked at; each takes some four requests."""


async def look_at_protection(forge: Forge) -> list[Found]:
    """One a repository, for its default branch."""
    try:
        repos = [repo for each in await forge.installations() for repo in await forge.repositories(each)]
    except ForgeError as error:
        return [failed("repositories", str(error), "run this again")]
    found = [await _look_at(forge, repo) for repo in repos[:_MOST]]
    if len(repos) > _MOST:
        told = f"{len(repos) - _MOST} more were not looked at"
        found.append(warned("repositories", told, "`quorum setup protect OWNER/REPO --check` looks at one"))
    return found


async def _look_at(forge: Forge, repo: Repo) -> Found:
    name, remedy = f"protection of {repo.full_name}", f"run `quorum setup protect {repo.full_name}`"
    try:
        gh = forge.on(repo, READ)
        branch = await read_default_branch(gh)
        reading = await read_protection(gh, branch)
    except ForgeError as error:
        return warned(name, str(error), "run this again")
    judged = judge_protection(reading.rules, reading.classic, forge.app_id)
    if judged.holds and judged.pulls and not judged.bypass:
        unseen = "; who may bypass it is shown to administrators only" if judged.bypass is None else ""
        return fine(name, f"`{branch}` requires the gate{unseen}")
    if judged.faults and (judged.required or not reading.unseen):
        return warned(name, f"`{branch}`: {judged.faults[0].what}", remedy)
    told = "; ".join(reading.unseen) or "the gate is not required"
    return warned(name, f"`{branch}`: {told}", remedy)
