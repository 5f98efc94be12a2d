"""git over HTTP: git's own `http-backend` behind token authentication. https://git-scm.com/docs/git-http-backend."""

import asyncio
import base64
import gzip
import shutil
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.emulator import git
from app.emulator.http import GitHubError, authenticate, check, world_of
from app.emulator.pulls import after_push
from app.emulator.state import Actor, Repository


async def serve(request: Request) -> Response:
    world = world_of(request)
    repository = world.find(request.path_params["owner"], request.path_params["repo"])
    try:
        actor = _authenticate(request)
    except GitHubError:
        return Response("Authentication required", 401, {"WWW-Authenticate": 'Basic realm="GitHub"'})
    if repository is None:
        return Response("Repository not found.", 404)
    writes = "git-receive-pack" in {request.path_params["service"], request.query_params.get("service")}
    try:
        check(repository, actor, "contents", "write" if writes else "read")
    except GitHubError as error:
        return Response(str(error), error.status)
    request.state.actor = actor.user.login
    before = await git.refs(repository.path) if writes else {}
    response = await _backend(request, repository, actor)
    if writes and request.method == "POST":
        after = await git.refs(repository.path)
        for ref in before.keys() | after.keys():
            old, new = before.get(ref, "0" * 40), after.get(ref, "0" * 40)
            if old != new:
                await after_push(world, repository, actor.user, ref, old, new)
    return response


def _authenticate(request: Request) -> Actor:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise GitHubError(401, "Requires authentication")
    try:
        _, _, password = base64.b64decode(value).decode().partition(":")
    except ValueError as error:
        raise GitHubError(401, "Bad credentials") from error
    return authenticate(world_of(request), f"Bearer {password}")


async def _backend(request: Request, repository: Repository, actor: Actor) -> Response:
    body = await request.body()
    if request.headers.get("content-encoding") == "gzip":
        body = await asyncio.to_thread(gzip.decompress, body)
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
    }
    program = shutil.which("git") or "git"
    process = await asyncio.create_subprocess_exec(
        program,
        "http-backend",
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(body)
    head, separator, content = out.partition(b"\r\n\r\n")
    if process.returncode or not separator:
        return Response(err, 500)
    headers: dict[str, str] = {}
    status = 200
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(": ")
        if name.lower() == "status":
            status = int(value.split(" ", 1)[0])
        else:
            headers[name] = value
    return Response(content, status, headers)


_any: Any = {"methods": ["GET", "POST"]}
routes = [Route("/{owner}/{repo}.git/{service:path}", serve, **_any)]
