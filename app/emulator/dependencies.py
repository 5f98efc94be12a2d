"""What commits change of a project's dependencies: https://docs.github.com/en/rest/dependency-graph/dependency-review.

Of manifests it reads `requirements*.txt` with exact versions and `package.json`; what is known of packages is what
somebody put into `Repository.advisories` and `Repository.licenses`.
"""

import json
import re
from pathlib import PurePosixPath
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator import git
from app.emulator.auth import repository_of
from app.emulator.http import GitHubError
from app.emulator.state import Repository

Json = dict[str, Any]
Package = tuple[str, str, str, str, str]
"""Manifest, ecosystem, name, version and scope."""
_EXACT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;#]+)", re.MULTILINE)
_SCOPES = {"dependencies": "runtime", "devDependencies": "development"}


async def compare(request: Request) -> Response:
    _, repository, _ = repository_of(request, "contents", "read")
    if not repository.dependency_graph:
        raise GitHubError(403, "Dependency review is not supported on this repository.")
    before, dots, after = request.path_params["basehead"].partition("...")
    base, head = await git.rev(repository.path, before), await git.rev(repository.path, after)
    if not dots or base is None or head is None:
        raise GitHubError(404, "Not Found")
    merge_base = (await git.run_git(repository.path, "merge-base", base, head)).strip()
    was, now = await _packages(repository, merge_base), await _packages(repository, head)
    shown = [_render(repository, "removed", each) for each in sorted(was - now)]
    return JSONResponse([*shown, *(_render(repository, "added", each) for each in sorted(now - was))])


async def _packages(repository: Repository, sha: str) -> set[Package]:
    names = (await git.run_git(repository.path, "ls-tree", "-r", "-z", "--name-only", sha)).split("\0")
    found: set[Package] = set()
    for name in names:
        if PurePosixPath(name).match("requirements*.txt"):
            told = await git.run_git(repository.path, "show", f"{sha}:{name}")
            found |= {(name, "pip", package, version, "runtime") for package, version in _EXACT.findall(told)}
        elif PurePosixPath(name).name == "package.json":
            read = json.loads(await git.run_git(repository.path, "show", f"{sha}:{name}"))
            packages = ((key, each) for key in _SCOPES for each in read.get(key, {}).items())
            found |= {(name, "npm", package, version, _SCOPES[key]) for key, (package, version) in packages}
    return found


def _render(repository: Repository, change: str, package: Package) -> Json:
    manifest, ecosystem, name, version, scope = package
    known = [each for each in repository.advisories if (each["name"], each["version"]) == (name, version)]
    return {
        "change_type": change,
        "manifest": manifest,
        "ecosystem": ecosystem,
        "name": name,
        "version": version,
        "package_url": f"pkg:{ecosystem}/{name}@{version}",
        "license": repository.licenses.get(name),
        "source_repository_url": None,
        "scope": scope,
        "vulnerabilities": [
            {
                "severity": each["severity"],
                "advisory_ghsa_id": each["ghsa_id"],
                "advisory_summary": each["summary"],
                "advisory_url": f"https://github.com/advisories/{each['ghsa_id']}",
            }
            for each in known
        ],
    }


routes = [
    Route("/api/v3/repos/{owner}/{repo}/dependency-graph/compare/{basehead:path}", compare, methods=["GET"]),
]
