"""The log of a job of GitHub Actions. It lies in another place, which is named for a minute and must not get a token.

https://docs.github.com/en/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run
"""

import asyncio
from urllib.parse import urlsplit

import httpx

from app.forge.api import GitHub
from app.forge.errors import NotFoundError, UnknownOutcomeError

_KEPT_BYTES = 512 * 1024
"""Of the end; what failed stands there."""
_MOST_BYTES = 64 * 1024**2
_PATIENCE_S = 60.0


async def read_log(gh: GitHub, job: int) -> str:
    """The end of a job's log. Raises forge errors; `NotFoundError` when there is none or nobody keeps it any more."""
    place = await gh.place_of(f"actions/jobs/{job}/logs")
    if not _is_safe(place, gh.forge.api_url):
        raise NotFoundError(f"the log of job {job} lies at an address that is not asked")
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return (await _end_of(gh.forge.client, place)).decode("utf-8", "replace")
    except (httpx.HTTPError, TimeoutError) as error:
        raise UnknownOutcomeError(f"the log of job {job} could not be read: {type(error).__name__}") from error


async def _end_of(client: httpx.AsyncClient, place: str) -> bytes:
    """Without any header of ours. What is longer than a log can sensibly be is read no further."""
    kept, seen = bytearray(), 0
    async with client.stream("GET", place, follow_redirects=False) as response:
        if not response.is_success:
            raise NotFoundError(f"the place of the log answered {response.status_code}")
        async for piece in response.aiter_bytes():
            seen += len(piece)
            kept += piece
            del kept[:-_KEPT_BYTES]
            if seen > _MOST_BYTES:
                break
    return bytes(kept)


def _is_safe(place: str, api_url: str) -> bool:
    """Encrypted, or on the very host that we ask for everything else."""
    target, own = urlsplit(place), urlsplit(api_url)
    return target.scheme == "https" or (target.scheme, target.netloc) == (own.scheme, own.netloc)
