"""The pages of issues, and what people say and set below an issue or a pull request."""

import re
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.emulator.pages import area, ask, do, field, one, sent, show, signed_in, to_login
from app.markup import form, link, listing, text

Json = dict[str, Any]
_UNSEEN = re.compile(r"<!--.*?-->\s*", re.DOTALL)
"""GitHub's pages do not show comments of HTML either."""


async def open_issue(request: Request) -> Response:
    name, fields = _name(request), await sent(request)
    body = {"title": one(fields, "title"), "body": one(fields, "body")}
    return await do(request, "POST", f"/repos/{name}/issues", body, f"/{name}", made=f"/{name}/issues")


async def issue(request: Request) -> Response:
    if signed_in(request) is None:
        return to_login(request)
    name, number = _name(request), request.path_params["number"]
    found = await ask(request, "GET", f"/repos/{name}/issues/{number}")
    if "pull_request" in found:
        return RedirectResponse(f"/{name}/pull/{number}", 302)
    return show(
        f"{found['title']} #{number}",
        f"<p>{text(found['state'])}</p><pre>{text(found['body'] or '')}</pre>",
        *await conversation(request, name, found),
    )


async def conversation(request: Request, name: str, found: Json, said: tuple[Json, ...] = ()) -> list[str]:
    """Labels, comments, and the forms to add to them. `found`: an issue or a pull request; `said`: reviews of it."""
    page = f"/{name}/issues/{found['number']}"
    comments = await ask(request, "GET", f"/repos{page}/comments?per_page=100")
    labels = [
        form(f"{page}/labels/remove", "Remove", f"{text(each['name'])} ", hidden={"name": each["name"]})
        for each in found["labels"]
    ]
    other = ("Close", "closed") if found["state"] == "open" else ("Reopen", "open")
    return [
        "<h2>Labels</h2>",
        listing(labels),
        form(f"{page}/labels", "Add label", field("name", "Label")),
        "<h2>Conversation</h2>",
        listing(_said(each) for each in (*comments, *said) if each["body"]),
        form(f"{page}/comments", "Comment", area("body", "Say something")),
        "" if found.get("merged") else form(f"{page}/state", other[0], hidden={"state": other[1]}),
    ]


def _said(each: Json) -> str:
    return f"<b>{text(each['user']['login'])}</b>: <pre>{text(_UNSEEN.sub('', each['body']))}</pre>"


async def comment(request: Request) -> Response:
    return await _change(request, "POST", "/comments", {"body": one(await sent(request), "body")})


async def add_label(request: Request) -> Response:
    return await _change(request, "POST", "/labels", {"labels": [one(await sent(request), "name")]})


async def remove_label(request: Request) -> Response:
    label = quote(one(await sent(request), "name"), safe="")
    return await _change(request, "DELETE", f"/labels/{label}")


async def set_state(request: Request) -> Response:
    return await _change(request, "PATCH", "", {"state": one(await sent(request), "state")})


async def _change(request: Request, method: str, below: str, body: Any = None) -> Response:
    page = f"/{_name(request)}/issues/{request.path_params['number']}"
    return await do(request, method, f"/repos{page}{below}", body, page)


def issue_links(name: str, found: list[Json]) -> str:
    """Of a list of issues, in which GitHub has pull requests, too."""
    shown = [each for each in found if "pull_request" not in each]
    return listing(link(f"/{name}/issues/{each['number']}", f"#{each['number']} {each['title']}") for each in shown)


def _name(request: Request) -> str:
    return f"{request.path_params['owner']}/{request.path_params['repo']}"


_I = "/{owner}/{repo}/issues/{number:int}"
routes = [
    Route("/{owner}/{repo}/issues", open_issue, methods=["POST"]),
    Route(_I, issue, methods=["GET"]),
    Route(f"{_I}/comments", comment, methods=["POST"]),
    Route(f"{_I}/labels", add_label, methods=["POST"]),
    Route(f"{_I}/labels/remove", remove_label, methods=["POST"]),
    Route(f"{_I}/state", set_state, methods=["POST"]),
]
