"""What people do on the pages of check runs, for which the REST API has no route or lets only Apps in."""

from typing import NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import check_runs, suites
from app.emulator.http import GitHubError, body_of, world_of
from app.emulator.state import Actor


class Click(TypedDict):
    """`action`: the identifier of a button; without it, and for a suite, it is "Re-run"."""

    login: str
    repository: str
    check_run: NotRequired[int]
    check_suite: NotRequired[int]
    action: NotRequired[str]


async def click(request: Request) -> Response:
    world, wanted = world_of(request), await body_of(request, Click)
    repository = world.find(*wanted["repository"].split("/", 1))
    user = world.users.get(wanted["login"])
    if repository is None or user is None:
        raise GitHubError(404, "Not Found")
    actor = Actor(user)
    if "check_run" in wanted:
        run = check_runs.find(repository, wanted["check_run"])
        if "action" in wanted:
            check_runs.ask_action(world, repository, actor, run, wanted["action"])
        else:
            check_runs.ask_again(world, repository, actor, run)
    else:
        suites.ask_again(world, repository, actor, suites.find_by_id(repository, wanted.get("check_suite", 0)))
    return JSONResponse({})


routes = [Route("/_emulator/clicks", click, methods=["PUT"])]
