"""The first `.github/quorum.yml` of a repository, as a pull request that a person merges."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from app.forge.api import GitHub
from app.forge.effects import pull_request
from app.forge.errors import NotFoundError, RefusedError
from app.forge.permissions import PUBLISH, READ
from app.forge.read import read_default_branch
from app.knowledge.suites.finding import candidates, worth_reading
from app.knowledge.suites.python import python_tests
from app.policy.config import POLICY_PATH

BRANCH = "quorum/setup"
_FOLDERS = ("tests", "test", "spec", ".github/workflows")
"""Looked into one by one, as the rest of the tree says nothing about how tests are run."""
_MOST_READ = 20


@dataclass(frozen=True)
class Starter:
    """`merged`: the file is on the default branch. `open`: it waits in the pull request `number`."""

    state: Literal["none", "open", "merged"]
    number: int = 0


async def find_starter(gh: GitHub) -> Starter:
    """How far the file has come. Raises forge errors."""
    base = await read_default_branch(gh)
    if await _has_file(gh, base):
        return Starter("merged")
    found = await pull_request(gh, BRANCH, base, "", "").find()
    return Starter("none") if found is None else Starter("open", int(str(found["number"])))


async def propose(gh: GitHub) -> Starter:
    """Open the pull request, or find the one that is open; what an earlier try did is taken up where it ended.

    Raises forge errors; `NotFoundError` for a repository without a commit.
    """
    there = await find_starter(gh)
    if there.state != "none":
        return there
    base, write = await read_default_branch(gh), gh.asking(PUBLISH)
    text = starter(await _files(gh, base))
    head = (await gh.get(f"git/ref/heads/{quote(base)}"))["object"]["sha"]
    try:
        await write.post("git/refs", {"ref": f"refs/heads/{BRANCH}", "sha": head})
    except RefusedError:
        await gh.get(f"git/ref/heads/{BRANCH}")  # of an earlier try; else this says what is wrong
    if not await _has_file(gh, BRANCH):
        content = base64.b64encode(text.encode()).decode()
        body = {"message": f"Add {POLICY_PATH}", "content": content, "branch": BRANCH}
        await write.put(f"contents/{POLICY_PATH}", body)
    made = await pull_request(write, BRANCH, base, "Let Quorum review pull requests", _BODY, draft=False).do()
    return Starter("open", int(str(made["number"])))


def starter(files: Mapping[str, str]) -> str:
    """The file's text; by path, the text of what `worth_reading` and `python_tests` name and nothing for all others."""
    found = next(iter(candidates(files)), None)
    if found is None:
        test = "# How the tests are run, without a network. Nothing in the repository says it yet.\n# test: make test\n"
    else:
        test = f"# How the tests are run, without a network; told by {json.dumps(found.why)}.\n"
        test += f"test: {json.dumps(found.command)}\n"
    return f"{_HEAD}\n{test}\n{_REST}"


async def _files(gh: GitHub, ref: str) -> dict[str, str]:
    """The names at the top and in the folders that tell something, and the text of what is worth reading."""
    paths = await _names(gh, "", ref)
    folders = {each.partition("/")[0] for each in paths}
    for folder in _FOLDERS:
        if folder.partition("/")[0] in folders:
            paths += await _names(gh, folder, ref)
    telling = [*worth_reading(paths), *python_tests(paths)]
    texts = {path: await _text(gh, path, ref) for path in telling[:_MOST_READ]}
    return {**dict.fromkeys(paths, ""), **texts}


async def _names(gh: GitHub, folder: str, ref: str) -> list[str]:
    try:
        found = await gh.get(f"contents/{folder}", ref=ref)
    except NotFoundError:
        if folder:
            return []
        raise
    return [str(each["path"]) for each in found] if isinstance(found, list) else []


async def _text(gh: GitHub, path: str, ref: str) -> str:
    found = await gh.get(f"contents/{quote(path)}", ref=ref)
    return base64.b64decode(found.get("content") or "").decode("utf-8", "replace") if isinstance(found, dict) else ""


async def _has_file(gh: GitHub, ref: str) -> bool:
    try:
        await gh.asking(READ).get(f"contents/{POLICY_PATH}", ref=ref)
    except NotFoundError:
        return False
    return True


_HEAD = """\
# How Quorum works in this repository. `quorum config check` reads it; docs/policy.md of Quorum's own repository
# explains every key."""
_REST = """\
# What one issue may cost, in dollars.
budget_usd: 5.00
"""
_BODY = """\
From the moment this is merged Quorum reviews pull requests here by these rules. Look whether `test` is the command \
that runs your tests; it is run in a sandbox without a network.

Then make the check `quorum/gate` required, so that nothing is merged without an approval: `quorum setup protect`.
"""
