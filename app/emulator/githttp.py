"""git over HTTP: git's own `http-backend` behind token authentication. https://git-scm.com/docs/git-http-backend."""

import asyncio
import base64
import gzip
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.emulator import git, pktlines
from app.emulator.auth import authenticate, check, must_not_be_suspended
from app.emulator.guard import on_push, refusal
from app.emulator.http import GitHubError, world_of
from app.emulator.pushes import NOTHING, after_push
from app.emulator.state import Actor, Repository, World

_PUSH = "git-receive-pack"


async def serve(request: Request) -> Response:
    world = world_of(request)
    repository = world.find(request.path_params["owner"], request.path_params["repo"])
    try:
        actor = authenticate(world, as_bearer(request.headers.get("authorization", "")))
    except GitHubError:
        return Response("Authentication required", 401, {"WWW-Authenticate": 'Basic realm="GitHub"'})
    if repository is None:
        return Response("Repository not found.", 404)
    writes = _PUSH in {request.path_params["service"], request.query_params.get("service")}
    try:
        must_not_be_suspended(actor.installation)
        check(repository, actor, "contents", "write" if writes else "read")
    except GitHubError as error:
        return Response(str(error), error.status)
    body = await request.body()
    if request.headers.get("content-encoding") == "gzip":
        body = await asyncio.to_thread(gzip.decompress, body)
    if writes and request.method == "POST":
        return await _receive(world, request, repository, actor, body)
    return await _backend(request, repository, actor, body, {})


def as_bearer(authorization: str) -> str:
    """git sends the token as a password, for any user name."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return f"Bearer {base64.b64decode(value).decode().partition(':')[2]}"
    except ValueError:
        return ""


async def _receive(world: World, request: Request, repository: Repository, actor: Actor, body: bytes) -> Response:
    """One push after the other: what moved meanwhile would be told of twice."""
    wanted = pktlines.commands(body)
    async with repository.lock:
        before = await git.refs(repository.path)
        with tempfile.TemporaryDirectory(dir=world.root, prefix="push-") as folder:
            reasons = _write_refusals(world, repository, actor, wanted, Path(folder))
            response = await _backend(request, repository, actor, body, {"EMULATOR_REFUSALS": folder})
        after = await git.refs(repository.path)
        for ref in sorted(before.keys() | after.keys()):
            old, new = before.get(ref, NOTHING), after.get(ref, NOTHING)
            if old != new:
                await after_push(world, repository, actor, ref, old, new)
    if reasons and response.status_code == 200:  # noqa: PLR2004 - HTTP's own
        return Response(pktlines.with_reasons(bytes(response.body), reasons), 200, _plain_headers(response))
    return response


def _write_refusals(
    world: World, repository: Repository, actor: Actor, wanted: list[tuple[str, str, str]], folder: Path
) -> dict[str, str]:
    """What the update hook is to show for each ref, as it goes forward or is forced; returns the reasons."""
    reasons = {}
    for old, new, ref in wanted:
        if ".." in ref.split("/"):
            continue  # no name of a ref, as git will say, and no name of a file of ours
        for kind, forced in (("plain", False), ("forced", True)):
            refused = refusal(repository, actor, ref, old, new, forced=forced)
            if refused is not None:
                text, reasons[ref] = on_push(world, repository, ref, refused)
                place = folder / f"{ref}.{kind}"
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text)
    return reasons


def _plain_headers(response: Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "content-length"}


async def _backend(
    request: Request, repository: Repository, actor: Actor, body: bytes, more: Mapping[str, str]
) -> Response:
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "GIT_PROJECT_ROOT": str(repository.path.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        "PATH_INFO": f"/{repository.path.name}/{request.path_params['service']}",
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.url.query,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_USER": actor.user.login,
        "REMOTE_ADDR": "127.0.0.1",
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        shutil.which("git") or "git",
        "http-backend",
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(body)
    head, separator, content = out.partition(b"\r\n\r\n")
    if not separator or (process.returncode and not content):  # git that gave up may have told why in its answer
        return Response(err, 500)
    headers = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n"))
    status = int(headers.pop("Status", "200").split(" ", 1)[0])
    return Response(content, status, headers)


_any: Any = {"methods": ["GET", "POST"]}
routes = [Route("/{owner}/{repo}.git/{service:path}", serve, **_any)]
