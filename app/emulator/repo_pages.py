"""The pages of a repository and its pull requests: enough to open one, see what is said of it, and merge it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.emulator.http import GitHubError, world_of
from app.emulator.pages import ask, field, one, sent, show, signed_in, to_login
from app.markup import form, link, listing, text

Json = dict[str, Any]


async def home(request: Request) -> Response:
    """What the person may see."""
    user = signed_in(request)
    if user is None:
        return to_login(request)
    names = [each.full_name for each in world_of(request).repositories.values() if user.login in each.permissions]
    return show("Repositories", listing(link(f"/{name}", name) for name in names))


async def repository(request: Request) -> Response:
    if signed_in(request) is None:
        return to_login(request)
    name, place = _name(request), f"/repos/{_name(request)}"
    about = await ask(request, "GET", place)
    pulls = await ask(request, "GET", f"{place}/pulls")
    branches = [each["name"] for each in await ask(request, "GET", f"{place}/branches")]
    shown = [link(f"/{name}/pull/{each['number']}", f"#{each['number']} {each['title']}") for each in pulls]
    fields = field("title", "Title"), field("head", "From branch"), field("base", "Into", about["default_branch"])
    told = f"<p>Clone: <code>{text(about['clone_url'])}</code>. Branches: {text(', '.join(branches))}</p>"
    opening = form(f"/{name}/pulls", "Create pull request", *fields)
    return show(name, told, "<h2>Pull requests</h2>", listing(shown), "<h2>New pull request</h2>", opening)


async def open_pull(request: Request) -> Response:
    name, fields = _name(request), await sent(request)
    body = {each: one(fields, each) for each in ("title", "head", "base")}
    made = await ask(request, "POST", f"/repos/{name}/pulls", body)
    return RedirectResponse(f"/{name}/pull/{made['number']}", 302)


async def pull(request: Request) -> Response:
    """Its checks, what was said, and the button."""
    if signed_in(request) is None:
        return to_login(request)
    name, number = _name(request), request.path_params["number"]
    place = f"/repos/{name}"
    found = await ask(request, "GET", f"{place}/pulls/{number}")
    runs = (await ask(request, "GET", f"{place}/commits/{found['head']['sha']}/check-runs"))["check_runs"]
    files = await ask(request, "GET", f"{place}/pulls/{number}/files")
    merge = form(f"/{name}/pull/{number}/merge", "Merge pull request") if found["state"] == "open" else ""
    state = "merged" if found["merged"] else found["state"]
    return show(
        f"{found['title']} #{number}",
        f"<p>{text(state)}</p><p>{text(found['body'] or '')}</p>",
        *(f"<h2>{text(each['filename'])}</h2><pre>{text(each.get('patch', ''))}</pre>" for each in files),
        "<h2>Checks</h2>",
        listing(_check(each) for each in runs),
        "<h2>Conversation</h2>",
        listing(await _said(request, f"{place}/issues/{number}/comments", f"{place}/pulls/{number}/reviews")),
        merge,
    )


def _check(run: Json) -> str:
    title = (run["output"] or {}).get("title") or ""
    return text(f"{run['name']}: {run['conclusion'] or run['status']} {title}")


async def _said(request: Request, *places: str) -> list[str]:
    every = [each for place in places for each in await ask(request, "GET", place)]
    return [f"<b>{text(each['user']['login'])}</b>: <pre>{text(each['body'])}</pre>" for each in every if each["body"]]


async def merge(request: Request) -> Response:
    name, number = _name(request), request.path_params["number"]
    try:
        await ask(request, "PUT", f"/repos/{name}/pulls/{number}/merge", {})
    except GitHubError as error:
        return show("It was not merged", f"<p>{text(error)}</p>", link(f"/{name}/pull/{number}", "Back"), status=405)
    return RedirectResponse(f"/{name}/pull/{number}", 302)


def _name(request: Request) -> str:
    return f"{request.path_params['owner']}/{request.path_params['repo']}"


routes = [
    Route("/", home, methods=["GET"]),
    Route("/{owner}/{repo}/pulls", open_pull, methods=["POST"]),
    Route("/{owner}/{repo}/pull/{number:int}", pull, methods=["GET"]),
    Route("/{owner}/{repo}/pull/{number:int}/merge", merge, methods=["POST"]),
    Route("/{owner}/{repo}", repository, methods=["GET"]),
]
