"""The page of a check run: what it says, where, and its buttons."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.emulator import check_runs
from app.emulator.http import GitHubError, world_of
from app.emulator.pages import one, person_of, sent, show, signed_in, to_login
from app.emulator.state import Actor, Repository
from app.markup import form, link, listing, text


async def check_run(request: Request) -> Response:
    if signed_in(request) is None:
        return to_login(request)
    run = check_runs.find(_repository(request), request.path_params["id"])
    output, place = run["output"], request.url.path
    notes = [
        f"<code>{text(each['path'])}:{text(each['start_line'])}</code> {text(each['message'])}"
        for each in run["annotations"]
    ]
    buttons = [form(place, each["label"], hidden={"action": each["identifier"]}) for each in run["actions"]]
    return show(
        f"{run['name']}: {run['conclusion'] or run['status']}",
        *(f"<pre>{text(output[each])}</pre>" for each in ("title", "summary", "text") if output.get(each)),
        listing(notes),
        *buttons,
        form(place, "Re-run"),
        link(place.rpartition("/runs/")[0], "Back to the repository"),
    )


async def press(request: Request) -> Response:
    """A button of the App's, or the one that every check has."""
    world, repository, actor = world_of(request), _repository(request), Actor(person_of(request))
    run = check_runs.find(repository, request.path_params["id"])
    action = one(await sent(request), "action")
    if action:
        check_runs.ask_action(world, repository, actor, run, action)
    else:
        check_runs.ask_again(world, repository, actor, run)
    return RedirectResponse(request.url.path, 302)


def _repository(request: Request) -> Repository:
    found = world_of(request).find(request.path_params["owner"], request.path_params["repo"])
    if found is None:
        raise GitHubError(404, "Not Found")
    return found


_RUN = "/{owner}/{repo}/runs/{id:int}"
routes = [Route(_RUN, check_run, methods=["GET"]), Route(_RUN, press, methods=["POST"])]
