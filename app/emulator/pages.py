"""Pages for people with a browser: what they share, and signing in.

Here a personal access token is what a person signs in with.
"""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.emulator.http import GitHubError, world_of
from app.emulator.state import User
from app.markup import form, link, listing, text

_COOKIE = "user_session"
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}label{display:block;margin:.5em 0}"
    "pre{white-space:pre-wrap}textarea{width:100%;height:6em}"
)


def show(title: str, *parts: str, status: int = 200) -> Response:
    """A page. The parts are HTML; the title is text."""
    head = f"<!doctype html><html lang=en><meta charset=utf-8><title>{text(title)}</title><style>{_STYLE}</style>"
    return HTMLResponse(f"{head}<h1>{text(title)}</h1>{''.join(parts)}", status)


def field(name: str, words: str, value: str = "", kind: str = "text") -> str:
    return f'<label>{text(words)} <input type="{kind}" name="{text(name)}" value="{text(value)}"></label>'


def area(name: str, words: str) -> str:
    return f'<label>{text(words)} <textarea name="{text(name)}"></textarea></label>'


def box(name: str, value: object, words: str) -> str:
    return f'<label><input type="checkbox" name="{text(name)}" value="{text(value)}"> {text(words)}</label>'


async def sent(request: Request) -> dict[str, list[str]]:
    """The fields of a form."""
    return parse_qs((await request.body()).decode(), keep_blank_values=True)


def one(fields: Mapping[str, list[str]], name: str) -> str:
    return fields.get(name, [""])[0]


def signed_in(request: Request) -> User | None:
    return world_of(request).sessions.get(request.cookies.get(_COOKIE, ""))


def person_of(request: Request) -> User:
    """Who is signed in. Raises `GitHubError`."""
    user = signed_in(request)
    if user is None:
        raise GitHubError(401, "Sign in first, at /login")
    return user


def to_login(request: Request) -> Response:
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?return_to={quote(address, safe='')}", 302)


async def login(request: Request) -> Response:
    back = request.query_params.get("return_to", "/")
    fields = field("login", "Username"), field("token", "Personal access token", kind="password")
    return show("Sign in", form("/session", "Sign in", *fields, hidden={"return_to": back}))


async def begin_session(request: Request) -> Response:
    world, fields = world_of(request), await sent(request)
    held = world.tokens.get(one(fields, "token"))
    user = world.users.get(one(fields, "login"))
    if held is None or user is None or held.actor.user is not user:
        return show("Sign in", "<p>Incorrect username or token.</p>", link("/login", "Again"), status=401)
    back = urlsplit(one(fields, "return_to") or "/")
    path = "/" + back.path.lstrip("/")
    answer = RedirectResponse(f"{path}?{back.query}" if back.query else path, 302)
    session = secrets.token_urlsafe(24)
    world.sessions[session] = user
    answer.set_cookie(_COOKIE, session, httponly=True, samesite="lax")
    return answer


async def ask(request: Request, method: str, path: str, body: Any = None) -> Any:
    """What the REST API answers to who is signed in. Raises `GitHubError`."""
    world, user = world_of(request), person_of(request)
    token = next(text for text, held in world.tokens.items() if held.actor.user is user and held.actor.app is None)
    transport = httpx.ASGITransport(request.app.state.faults)
    headers = {"authorization": f"Bearer {token}"}
    about: Any = {"transport": transport, "base_url": world.base_url, "headers": headers, "trust_env": False}
    async with httpx.AsyncClient(**about) as client:
        answer = await client.request(method, f"/api/v3{path}", json=body)
    if not answer.is_success:
        told = answer.json()
        raise GitHubError(answer.status_code, told["message"], told.get("errors", ()))
    return answer.json() if answer.content else None


async def do(request: Request, method: str, path: str, body: Any, back: str, made: str = "") -> Response:
    """Have the REST API do it, and go back to a page; else say there why it was refused.

    `made`: where the pages of what is made lie; then to the page of what was.
    """
    try:
        answer = await ask(request, method, path, body)
    except GitHubError as error:
        told = [each if isinstance(each, str) else each.get("message", "") for each in error.body.get("errors", ())]
        why = listing(text(each) for each in (error, *told) if str(each))
        return show("That was refused", why, link(back, "Back"), status=error.status)
    return RedirectResponse(f"{made}/{answer['number']}" if made else back, 302)


routes = [
    Route("/login", login, methods=["GET"]),
    Route("/session", begin_session, methods=["POST"]),
]
