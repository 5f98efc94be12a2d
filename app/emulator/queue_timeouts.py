"""The time that a merge queue gives to checks is up: nobody should have to wait for that.

https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.http import GitHubError, body_of, world_of
from app.emulator.merge_groups import QUEUE
from app.emulator.merge_queue import find_entry, remove


class Entry(TypedDict):
    repository: str
    number: int


async def time_out(request: Request) -> Response:
    """PUT the pull request whose group got no answer."""
    world, wanted = world_of(request), await body_of(request, Entry)
    owner, _, name = wanted["repository"].partition("/")
    repository = world.find(owner, name)
    issue = None if repository is None else repository.issues.get(wanted["number"])
    if repository is None or issue is None:
        raise GitHubError(404, f"There is no pull request {wanted['repository']}#{wanted['number']}")
    async with repository.lock:
        found = find_entry(repository, issue)
        if found is None:
            raise GitHubError(422, f"Pull request #{wanted['number']} is not in the merge queue")
        await remove(world, repository, *found, QUEUE, "CI_TIMEOUT")
    return JSONResponse({})


routes = [Route("/_emulator/queue-timeouts", time_out, methods=["PUT"])]
