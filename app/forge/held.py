"""GitHub by a token that somebody else made, such as a workflow's job has, under the name that it acts by."""

import httpx

from app.forge.api import Forge
from app.forge.errors import RefusedError
from app.forge.permissions import READ
from app.policy.values import Repo
from app.settings import Settings

_WHO = "query { viewer { login } }"


async def open_held(settings: Settings, client: httpx.AsyncClient, token: str, repo: Repo) -> Forge:
    """Raises forge errors. Where a token may not ask who it is, the settings say so.

    REST has no such question for the token of an installation: https://docs.github.com/en/graphql/reference/queries#viewer.
    """
    forge = Forge(settings, client, "", write_gap_s=settings.write_gap_s, held=token)
    try:
        told = await forge.on(repo, READ).graphql(_WHO)
    except RefusedError as error:
        if error.status == httpx.codes.UNAUTHORIZED:
            raise
    else:
        forge.login = str(told["viewer"]["login"])
        forge.slug = forge.login.removesuffix("[bot]")
    return forge
