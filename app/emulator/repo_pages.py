"""The pages of a repository and its pull requests: enough to open one, see what is said of it, answer, and merge it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.emulator.http import world_of
from app.emulator.issue_pages import conversation, issue_links
from app.emulator.pages import area, ask, do, field, one, sent, show, signed_in, to_login
from app.markup import form, link, listing, text

Json = dict[str, Any]
_EVENTS = {"COMMENT": "Comment", "APPROVE": "Approve", "REQUEST_CHANGES": "Request changes"}


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
    issues = await ask(request, "GET", f"{place}/issues")
    branches = [each["name"] for each in await ask(request, "GET", f"{place}/branches")]
    shown = [link(f"/{name}/pull/{each['number']}", f"#{each['number']} {each['title']}") for each in pulls]
    fields = field("title", "Title"), field("head", "From branch"), field("base", "Into", about["default_branch"])
    told = f"<p>Clone: <code>{text(about['clone_url'])}</code>. Branches: {text(', '.join(branches))}</p>"
    opening = form(f"/{name}/pulls", "Create pull request", *fields)
    asking = form(f"/{name}/issues", "Create issue", field("title", "Title"), area("body", "Text"))
    listed = "<h2>Pull requests</h2>", listing(shown), "<h2>Issues</h2>", issue_links(name, issues)
    return show(name, told, *listed, "<h2>New pull request</h2>", opening, "<h2>New issue</h2>", asking)


async def open_pull(request: Request) -> Response:
    name, fields = _name(request), await sent(request)
    body = {each: one(fields, each) for each in ("title", "head", "base")}
    return await do(request, "POST", f"/repos/{name}/pulls", body, f"/{name}", made=f"/{name}/pull")


async def pull(request: Request) -> Response:
    """Its checks, what was said, and the buttons."""
    if signed_in(request) is None:
        return to_login(request)
    name, number = _name(request), request.path_params["number"]
    place = f"/repos/{name}"
    found = await ask(request, "GET", f"{place}/pulls/{number}")
    runs = (await ask(request, "GET", f"{place}/commits/{found['head']['sha']}/check-runs"))["check_runs"]
    files = await ask(request, "GET", f"{place}/pulls/{number}/files")
    reviews = tuple(await ask(request, "GET", f"{place}/pulls/{number}/reviews"))
    remarks = await ask(request, "GET", f"{place}/pulls/{number}/comments?per_page=100")
    state = "merged" if found["merged"] else "draft" if found["draft"] else found["state"]
    acting = [form(f"/{name}/pull/{number}/merge", "Merge pull request"), _reviewing(name, number)]
    return show(
        f"{found['title']} #{number}",
        f"<p>{text(state)}</p><pre>{text(found['body'] or '')}</pre>",
        *(f"<h2>{text(each['filename'])}</h2><pre>{text(each.get('patch', ''))}</pre>" for each in files),
        "<h2>Remarks on lines</h2>" if remarks else "",
        listing(_remark(each) for each in remarks),
        "<h2>Checks</h2>",
        listing(_check(name, each) for each in runs),
        *(acting if found["state"] == "open" else ()),
        *await conversation(request, name, found, reviews),
    )


def _check(name: str, run: Json) -> str:
    title = (run["output"] or {}).get("title") or ""
    return link(f"/{name}/runs/{run['id']}", run["name"]) + text(f": {run['conclusion'] or run['status']} {title}")


def _remark(each: Json) -> str:
    place = f"{each['path']}:{each.get('line') or each.get('original_line')}"
    return f"<b>{text(each['user']['login'])}</b> <code>{text(place)}</code> <pre>{text(each['body'])}</pre>"


def _reviewing(name: str, number: int) -> str:
    """Other people's pull requests can be approved; of one's own, GitHub says that it cannot."""
    options = "".join(f'<option value="{event}">{words}</option>' for event, words in _EVENTS.items())
    chosen = f'<select name="event">{options}</select>'
    return form(f"/{name}/pull/{number}/reviews", "Submit review", area("body", "Review"), chosen)


async def review(request: Request) -> Response:
    name, number, fields = _name(request), request.path_params["number"], await sent(request)
    body = {"body": one(fields, "body"), "event": one(fields, "event")}
    return await do(request, "POST", f"/repos/{name}/pulls/{number}/reviews", body, f"/{name}/pull/{number}")


async def merge(request: Request) -> Response:
    name, number = _name(request), request.path_params["number"]
    return await do(request, "PUT", f"/repos/{name}/pulls/{number}/merge", {}, f"/{name}/pull/{number}")


def _name(request: Request) -> str:
    return f"{request.path_params['owner']}/{request.path_params['repo']}"


routes = [
    Route("/", home, methods=["GET"]),
    Route("/{owner}/{repo}/pulls", open_pull, methods=["POST"]),
    Route("/{owner}/{repo}/pull/{number:int}", pull, methods=["GET"]),
    Route("/{owner}/{repo}/pull/{number:int}/reviews", review, methods=["POST"]),
    Route("/{owner}/{repo}/pull/{number:int}/merge", merge, methods=["POST"]),
    Route("/{owner}/{repo}", repository, methods=["GET"]),
]
