"""A new App's credentials, which GitHub gives once, for a code that a person brought back from its page.

https://docs.github.com/en/rest/apps/apps#create-a-github-app-from-a-manifest
"""

import re

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from app.forge.answers import error_for
from app.forge.errors import UnknownOutcomeError
from app.telemetry import register_secret

_CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")


class Registered(BaseModel):
    """What is kept of the answer. The client secret is not: nobody signs in with this App."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: int
    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")
    client_id: str = ""
    pem: SecretStr
    webhook_secret: SecretStr | None = None


async def exchange(client: httpx.AsyncClient, api_url: str, code: str) -> Registered:
    """The credentials for a code. Raises forge errors: `NotFoundError` for a code that was used or is an hour old.

    Raises `ValueError` for what is no code at all: it becomes a part of an address.
    """
    if not _CODE.fullmatch(code):
        raise ValueError("GitHub sent no code along")
    told, url = "POST /app-manifests/CODE/conversions", f"{api_url}/app-manifests/{code}/conversions"
    try:
        response = await client.post(url, headers={"Accept": "application/vnd.github+json"})
    except httpx.HTTPError as error:
        raise UnknownOutcomeError(f"{told}: {type(error).__name__}") from error
    if not response.is_success:
        raise error_for(told, response.status_code, response.headers, response.text[:300])
    try:
        found = Registered.model_validate_json(response.content)
    except ValidationError as error:
        raise UnknownOutcomeError(f"{told}: the answer holds no credentials") from error
    for secret in (found.pem, found.webhook_secret):
        register_secret("" if secret is None else secret.get_secret_value())
    return found
