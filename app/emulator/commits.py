"""Commits: read from git and shown in the four forms in which GitHub shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator import git
from app.emulator.auth import repository_of
from app.emulator.http import GitHubError
from app.emulator.render import api_of, page_of
from app.emulator.state import Repository, World

Json = dict[str, Any]
_FORM = "%x1e%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    date: str


@dataclass(frozen=True)
class Commit:
    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str


async def read_commit(repository: Repository, sha: str) -> Commit:
    return (await read_commits(repository, "-1", sha))[0]


async def read_commits(repository: Repository, *revisions: str) -> list[Commit]:
    """Oldest first, for whatever `git log` takes."""
    told = await git.run_git(repository.path, "log", "--reverse", f"--format={_FORM}", *revisions)
    return [_parse(record) for record in told.split("\x1e")[1:]]


def _parse(record: str) -> Commit:
    sha, tree, parents, *people, message = record.split("\0", 9)
    author, committer = Person(*people[:3]), Person(*people[3:])
    return Commit(sha, tree, tuple(parents.split()), author, committer, message.strip("\n"))


def render_commit(world: World, repository: Repository, commit: Commit) -> Json:
    """https://docs.github.com/en/rest/commits/commits#get-a-commit."""
    api = api_of(world, repository)
    url = f"{api}/commits/{commit.sha}"
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "url": url,
        "html_url": f"{page_of(world, repository)}/commit/{commit.sha}",
        "comments_url": f"{url}/comments",
        "commit": {
            "url": f"{api}/git/commits/{commit.sha}",
            "message": commit.message,
            "author": vars(commit.author),
            "committer": vars(commit.committer),
            "tree": {"sha": commit.tree, "url": f"{api}/git/trees/{commit.tree}"},
            "comment_count": 0,
            "verification": _UNSIGNED,
        },
        "author": None,
        "committer": None,
        "parents": render_parents(api, "commits", commit.parents),
    }


_UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def render_git_commit(world: World, repository: Repository, commit: Commit) -> Json:
    """https://docs.github.com/en/rest/git/commits#get-a-commit-object."""
    shown = render_commit(world, repository, commit)
    inner = {key: value for key, value in shown["commit"].items() if key != "comment_count"}
    parents = render_parents(api_of(world, repository), "git/commits", commit.parents)
    return {**inner, "sha": commit.sha, "node_id": shown["node_id"], "html_url": shown["html_url"], "parents": parents}


def render_parents(api: str, kind: str, parents: Sequence[str]) -> list[Json]:
    return [{"sha": each, "url": f"{api}/{kind}/{each}", "html_url": f"{api}/{kind}/{each}"} for each in parents]


def render_simple(commit: Commit) -> Json:
    """As check suites show it."""
    people = {role: {"name": who.name, "email": who.email} for role, who in _people(commit)}
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": commit.committer.date,
        **people,
    }


def render_pushed(world: World, repository: Repository, commit: Commit, files: Json) -> Json:
    """As pushes are told of. `files`: added, modified and removed paths."""
    people = {role: {**vars(who), "username": who.name} for role, who in _people(commit)}
    url = f"{page_of(world, repository)}/commit/{commit.sha}"
    return {**render_simple(commit), **people, **files, "distinct": True, "url": url}


def _people(commit: Commit) -> tuple[tuple[str, Person], tuple[str, Person]]:
    return ("author", commit.author), ("committer", commit.committer)


async def sha_of(repository: Repository, ref: str) -> str:
    """The commit that a branch, a tag or an id names. Raises `GitHubError`."""
    sha = await git.rev(repository.path, ref)
    if sha is None:
        raise GitHubError(422, f"No commit found for SHA: {ref}")
    return sha


async def get_commit(request: Request) -> Response:
    world, repository, _ = repository_of(request, "contents", "read")
    sha = await sha_of(repository, request.path_params["ref"])
    return JSONResponse(render_commit(world, repository, await read_commit(repository, sha)))


async def get_git_commit(request: Request) -> Response:
    world, repository, _ = repository_of(request, "contents", "read")
    sha = await git.rev(repository.path, request.path_params["sha"])
    if sha is None:
        raise GitHubError(404, "Not Found")
    return JSONResponse(render_git_commit(world, repository, await read_commit(repository, sha)))


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(f"{_R}/commits/{{ref:path}}", get_commit, methods=["GET"]),
    Route(f"{_R}/git/commits/{{sha}}", get_git_commit, methods=["GET"]),
]
