"""Files by their paths: https://docs.github.com/en/rest/repos/contents."""

import base64
import binascii
import posixpath
from typing import Any, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import git
from app.emulator.auth import repository_of
from app.emulator.commits import read_commit, render_git_commit
from app.emulator.guard import move_ref
from app.emulator.http import GitHubError, body_of
from app.emulator.pushes import NOTHING
from app.emulator.render import api_of, page_of
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]
_RAW = "application/vnd.github.raw"
_KINDS = {"blob": "file", "tree": "dir", "commit": "submodule"}


class Deletion(TypedDict):
    message: str
    sha: str
    branch: NotRequired[str]


class Writing(TypedDict):
    message: str
    content: str
    sha: NotRequired[str]
    branch: NotRequired[str]


async def get_contents(request: Request) -> Response:
    """A file, or the list of what is in a folder; a file as it is when raw is asked for."""
    world, repository, _ = repository_of(request, "contents", "read")
    path = request.path_params.get("path", "").strip("/")
    ref = request.query_params.get("ref", repository.default_branch)
    sha = await git.rev(repository.path, ref)
    if sha is None:
        raise GitHubError(404, f"No commit found for the ref {ref}")
    found = await _find(repository, sha, path)
    if path and found is None:
        raise GitHubError(404, "Not Found")
    if found is None or found["kind"] == "tree":
        entries = await _entries(repository, sha, f"{path}/" if path else "")
        return JSONResponse([_render(world, repository, ref, each) for each in entries])
    data = await _blob(repository, found["sha"])
    if request.headers.get("accept", "").startswith(_RAW):
        return Response(data, media_type=_RAW)
    text = base64.encodebytes(data).decode()
    return JSONResponse({**_render(world, repository, ref, found), "encoding": "base64", "content": text})


async def put_contents(request: Request) -> Response:
    """201 for a new file, 200 for a new version, which must name the blob that it replaces."""
    world, repository, actor = repository_of(request, "contents", "write")
    body, path = await body_of(request, Writing), request.path_params["path"]
    try:
        data = base64.b64decode(body["content"], validate=False)
    except binascii.Error as error:
        raise GitHubError(422, "content is not valid Base64") from error
    branch = body.get("branch") or repository.default_branch
    async with repository.lock:
        before = await _head(repository, branch)
        found = None if before is None else await _find(repository, before, path)
        _must_be_known(found, body.get("sha"), path)
        blob = (await git.run_git(repository.path, "hash-object", "-w", "--stdin", stdin=data)).strip()
        line = f"100644 {blob}\t{path}"
        commit = await _commit(world, repository, actor, (branch, before), line, body["message"])
        entry = await _find(repository, commit, path)
    assert entry is not None  # noqa: S101 - it was written above
    shown = {"content": _render(world, repository, branch, entry), **(await _shown_commit(world, repository, commit))}
    return JSONResponse(shown, 200 if found else 201)


async def delete_contents(request: Request) -> Response:
    world, repository, actor = repository_of(request, "contents", "write")
    body, path = await body_of(request, Deletion), request.path_params["path"]
    branch = body.get("branch") or repository.default_branch
    async with repository.lock:
        before = await _head(repository, branch)
        found = None if before is None else await _find(repository, before, path)
        if found is None:
            raise GitHubError(404, "Not Found")
        _must_be_known(found, body["sha"], path)
        line = f"0 {NOTHING}\t{path}"
        commit = await _commit(world, repository, actor, (branch, before), line, body["message"])
    return JSONResponse({"content": None, **(await _shown_commit(world, repository, commit))})


def _must_be_known(found: Json | None, sha: str | None, path: str) -> None:
    if found is not None and sha is None:
        raise GitHubError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if sha is not None and (found is None or found["sha"] != sha):
        raise GitHubError(409, f"{path} does not match {sha}")


async def _head(repository: Repository, branch: str) -> str | None:
    """None in a repository without any commit."""
    sha = await git.rev(repository.path, f"refs/heads/{branch}")
    if sha is None and await git.refs(repository.path):
        raise GitHubError(404, f"Branch {branch} not found")
    return sha


async def _commit(
    world: World, repository: Repository, actor: Actor, at: tuple[str, str | None], line: str, message: str
) -> str:
    """A commit that changes one line of the index, on a branch that is `at` a commit. Raises `GitHubError`."""
    branch, before = at
    index = {"GIT_INDEX_FILE": str(repository.path / "emulator.index")}
    await git.run_git(repository.path, "read-tree", *([before] if before else ["--empty"]), env=index)
    await git.run_git(repository.path, "update-index", "--index-info", stdin=f"{line}\n".encode(), env=index)
    tree = (await git.run_git(repository.path, "write-tree", env=index)).strip()
    parents = ("-p", before) if before else ()
    made = await git.run_git(repository.path, "commit-tree", tree, *parents, stdin=message.encode())
    try:
        await move_ref(world, repository, actor, f"refs/heads/{branch}", before or NOTHING, made.strip())
    except GitHubError as error:
        raise GitHubError(409, f"Could not change the file: {error}") from error
    return made.strip()


async def _shown_commit(world: World, repository: Repository, sha: str) -> Json:
    return {"commit": render_git_commit(world, repository, await read_commit(repository, sha))}


async def _find(repository: Repository, sha: str, path: str) -> Json | None:
    entries = await _entries(repository, sha, path) if path else []
    return next((each for each in entries if each["path"] == path), None)


async def _entries(repository: Repository, sha: str, path: str) -> list[Json]:
    """`path` with a slash at its end: what is in the folder."""
    told = await git.run_git(repository.path, "ls-tree", "-z", "--long", sha, *(["--", path] if path else []))
    found = []
    for line in told.split("\0")[:-1]:
        head, name = line.split("\t", 1)
        _, kind, blob, size = head.split()
        found.append({"kind": kind, "sha": blob, "size": 0 if size == "-" else int(size), "path": name})
    return found


async def _blob(repository: Repository, sha: str) -> bytes:
    return (await git.run_git(repository.path, "cat-file", "blob", sha)).encode(errors="surrogateescape")


def _render(world: World, repository: Repository, ref: str, entry: Json) -> Json:
    api, page, path = api_of(world, repository), page_of(world, repository), entry["path"]
    url, kind = f"{api}/contents/{path}?ref={ref}", entry["kind"]
    below = f"{api}/git/{'trees' if kind == 'tree' else 'blobs'}/{entry['sha']}"
    html = f"{page}/{'tree' if kind == 'tree' else 'blob'}/{ref}/{path}"
    return {
        "type": _KINDS[kind],
        "name": posixpath.basename(path),
        "path": path,
        "sha": entry["sha"],
        "size": entry["size"],
        "url": url,
        "git_url": below,
        "html_url": html,
        "download_url": f"{page}/raw/{ref}/{path}" if kind == "blob" else None,
        "_links": {"self": url, "git": below, "html": html},
    }


_C = "/api/v3/repos/{owner}/{repo}/contents"
routes = [
    Route(f"{_C}/{{path:path}}", get_contents, methods=["GET"]),
    Route(f"{_C}/{{path:path}}", put_contents, methods=["PUT"]),
    Route(f"{_C}/{{path:path}}", delete_contents, methods=["DELETE"]),
]
